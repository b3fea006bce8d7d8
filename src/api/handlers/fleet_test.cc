// Campaigns and sets of settings over the API: what is read of a body, and what is said of what can't be.
#include <gtest/gtest.h>

#include "api/testing/world.h"

namespace bayward::api {
namespace {

using enum HttpMethod;

constexpr const char* campaigns = "/api/v1/firmware-campaigns";
constexpr const char* sets = "/api/v1/setting-sets";

TEST(Fleet, ACampaignIsReadWithItsDefaults) {
  TestWorld world;
  const Answer begun =
      world.post(campaigns, R"({"name":"Spring","location":"https://maker.example/fw.bin","group":{"vendor":"Bay"}})",
                 world.operator_);
  ASSERT_EQ(begun.status, 201) << begun.text;
  EXPECT_EQ(begun.string("phase"), "running");
  const CampaignPlan& plan = world.fleet.plan;
  ASSERT_EQ(plan.stages.size(), 3u);
  EXPECT_EQ(plan.stages[0], (CampaignStage{1, 0}));
  EXPECT_EQ(plan.stages[1], (CampaignStage{0, 10}));
  EXPECT_EQ(plan.tries, 3);
  EXPECT_EQ(plan.silence, 1h);
  EXPECT_FALSE(plan.unsigned_allowed);
}

TEST(Fleet, ACampaignIsReadInFull) {
  TestWorld world;
  const Answer begun = world.post(
      campaigns,
      R"({"name":"Spring","image":4,"version":"2.0","group":{"sites":["site-1"],"stations":["sta-100000001"],"model":"P"},)"
      R"("stages":[{"stations":2},{"percent":50},{"percent":100}],"failures_percent":5,"at_once":3,"tries":1,)"
      R"("try_pause_s":1,"silence_s":600,"patience_s":3600,"booking_margin_s":0,"window":["22:00","05:00"],)"
      R"("certificate":"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n","signature":"AA==","unsigned_allowed":true})",
      world.operator_);
  ASSERT_EQ(begun.status, 201) << begun.text;
  const CampaignPlan& plan = world.fleet.plan;
  EXPECT_EQ(plan.package.image, 4u);
  EXPECT_EQ(plan.package.certificate.substr(0, 28), "-----BEGIN CERTIFICATE-----\n");
  EXPECT_EQ(plan.group.sites, std::vector{SiteId{1}});
  EXPECT_EQ(plan.window_from, 22 * 60);
  EXPECT_EQ(plan.window_to, 5 * 60);
  EXPECT_EQ(plan.booking_margin, 0s);
  EXPECT_TRUE(plan.unsigned_allowed);
  EXPECT_EQ(begun.field("window")->as_array().at(1).as_string(), "05:00");
}

TEST(Fleet, WhatACampaignCantBeIsSaid) {
  TestWorld world;
  for (const char* wrong : {
           R"({"name":"A","location":"https://a.b/c"})",
           R"({"name":"A","location":"https://a.b/c","group":{"vendor":"Nobody"}})",
           R"({"name":"A","location":"no url","group":{"vendor":"Bay"}})",
           R"({"name":"A","image":1,"location":"https://a.b/c","group":{"vendor":"Bay"}})",
           R"({"name":"A","image":1,"group":{"sites":["sta-1"]}})",
           R"({"name":"A","image":1,"group":{"vendor":"Bay"},"window":["25:00","05:00"]})",
           R"({"name":"A","image":1,"group":{"vendor":"Bay"},"tries":0})",
           R"({"name":"A","image":1,"group":{"vendor":"Bay"},"surprise":1})",
       }) {
    EXPECT_EQ(world.post(campaigns, wrong, world.operator_).code(), "bad_field") << wrong;
  }
}

TEST(Fleet, ACampaignIsShownAndSteered) {
  TestWorld world;
  EXPECT_EQ(world.get(campaigns, world.operator_).items().size(), 1u);
  EXPECT_EQ(world.get(std::string(campaigns) + "/1", world.operator_).field("stations")->as_array().size(), 1u);
  EXPECT_EQ(world.get(std::string(campaigns) + "/2", world.operator_).status, 404);
  EXPECT_EQ(world.get(std::string(campaigns) + "/x", world.operator_).status, 404);
  const std::string orders = std::string(campaigns) + "/1/orders";
  EXPECT_EQ(world.post(orders, R"({"order":"resume","retry_failed":true})", world.operator_).status, 200);
  ASSERT_EQ(world.fleet.ordered.size(), 1u);
  EXPECT_TRUE(world.fleet.ordered[0].retry_failed);
  EXPECT_EQ(world.fleet.ordered[0].by, world.operator_account);
  EXPECT_EQ(world.post(orders, R"({"order":"dance"})", world.operator_).code(), "bad_field");
  EXPECT_EQ(world.post(orders, R"({})", world.operator_).code(), "bad_field");
  EXPECT_EQ(world.post(orders, R"({"order":"pause"})", world.property).status, 403);
}

TEST(Fleet, ASetIsMadeChangedComparedAndRemoved) {
  TestWorld world;
  const char* body =
      R"({"name":"Meter","group":{"vendor":"Bay"},"settings":[{"variable":"A.B","key":"AB","value":"1"}]})";
  EXPECT_EQ(world.post(sets, body, world.operator_).status, 201);
  EXPECT_EQ(world.fleet.set.settings[0].key, "AB");
  EXPECT_EQ(world.get(sets, world.operator_).items().size(), 1u);
  const std::string one = std::string(sets) + "/1";
  const Answer shown = world.get(one, world.operator_);
  EXPECT_EQ(shown.field("stations")->as_array().at(0).at("state").as_string(), "differs");
  EXPECT_EQ(world.send(put, one, body, {.token = world.operator_}).status, 200);
  EXPECT_EQ(world.send(put, std::string(sets) + "/7", body, {.token = world.operator_}).status, 404);
  EXPECT_EQ(world.post(one + "/compare", "{}", world.operator_).field("connected")->as_int64(), 3);
  EXPECT_EQ(world.send(del, one, {}, {.token = world.operator_}).status, 204);
  EXPECT_EQ(world.post(sets, R"({"name":"M","group":{"vendor":"Bay"},"settings":[]})", world.operator_).code(),
            "bad_field");
}

}  // namespace
}  // namespace bayward::api
