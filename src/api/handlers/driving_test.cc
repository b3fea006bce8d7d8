// A6: accidents and habits in the ranking, with the driver's consent and only with it.
#include <gtest/gtest.h>

#include "api/access/accidents.h"
#include "api/testing/world.h"

namespace bayward::api {
namespace {

using enum HttpMethod;

constexpr std::string_view mine = "/api/v1/me/driving";

class DrivingApi : public testing::Test {
 protected:
  DrivingApi() {
    const Answer added = world.post("/api/v1/me/vehicles", R"({"plate":"B-AY 77"})", world.driver);
    BAYWARD_CHECK(added.status == 201);
    vehicle = added.string("vehicle");
    const std::string bay = "/api/v1/bays/" + world.bay(2);
    BAYWARD_CHECK(world.send(patch, bay, R"({"clear_sides":["left"]})", {.token = world.property}).status == 200);
  }
  int consent(bool given) {
    const std::string body = given ? R"({"consent":true})" : R"({"consent":false})";
    return world.send(put, mine, body, {.token = world.driver}).status;
  }
  Answer record(const std::string& plate = "B AY77", const std::string& reference = "2026-K-1") {
    const std::string body =
        R"({"plate":")" + plate + R"(","date":"2026-03-01","side":"left","reference":")" + reference + "\"}";
    return world.post("/api/v1/accidents", body, world.operator_);
  }
  // The label of the first offer and its reasons.
  std::string first_offer() {
    const std::string body = R"({"destination":{"latitude":52.52,"longitude":13.405},"start":")" + world.after(24h) +
                             R"(","end":")" + world.after(25h) + R"(","vehicle":")" + vehicle + "\"}";
    const Answer found = world.post("/api/v1/search", body, world.driver);
    if (found.status != 200 || found.items().empty()) return found.text;
    const auto& offer = found.items()[0].as_object();
    std::string out(offer.at("bay").as_string());
    for (const auto& reason : offer.at("reasons").as_array()) {
      if (reason == "clear_side" || reason == "usual_part") out += " " + std::string(reason.as_string());
    }
    return out;
  }

  TestWorld world;
  std::string vehicle;
};

TEST_F(DrivingApi, AnAccidentChangesTheSearchWithConsentAndNotAfterItWasWithdrawn) {
  EXPECT_EQ(record().code(), "no_consent");
  EXPECT_EQ(first_offer(), world.bay(0));
  EXPECT_EQ(consent(true), 204);
  const Answer recorded = record();
  ASSERT_EQ(recorded.status, 201) << recorded.text;
  EXPECT_EQ(record().code(), "already_exists");
  EXPECT_EQ(first_offer(), world.bay(2) + " clear_side");
  const Answer shown = world.get(mine, world.driver);
  ASSERT_EQ(shown.field("accidents")->as_array().size(), 1u) << shown.text;
  EXPECT_EQ(shown.field("accidents")->at(0).at("reference").as_string(), "2026-K-1");
  EXPECT_EQ(consent(false), 204);
  EXPECT_EQ(first_offer(), world.bay(0));
  EXPECT_TRUE(world.get(mine, world.driver).field("accidents")->as_array().empty());
  EXPECT_FALSE(read_accident(world.vault, world.town.driver, 1));
}

TEST_F(DrivingApi, WhatIsReadIsOnRecordAndOnlyTheOperatorReads) {
  ASSERT_EQ(consent(true), 204);
  ASSERT_EQ(record().status, 201);
  const std::string list = "/api/v1/accounts/" + to_text(world.town.driver) + "/accidents";
  EXPECT_EQ(world.get(list, world.property).status, 403);
  EXPECT_EQ(world.get(list, world.driver).status, 403);
  EXPECT_EQ(world.post("/api/v1/accidents", "{}", world.property).status, 403);
  const Answer seen = world.get(list, world.operator_);
  ASSERT_EQ(seen.items().size(), 1u) << seen.text;
  const auto& events = world.engine.records.back().events;
  ASSERT_EQ(events.size(), 1u);
  ASSERT_TRUE(std::holds_alternative<core::AccidentsRead>(events[0].event));
  EXPECT_EQ(std::get<core::AccidentsRead>(events[0].event).by, world.operator_account);
}

TEST_F(DrivingApi, BadRecordsAreRefusedWithAWord) {
  ASSERT_EQ(consent(true), 204);
  const auto refused = [&](const std::string& body) {
    return world.post("/api/v1/accidents", body, world.operator_).code();
  };
  EXPECT_EQ(refused(R"({"plate":"B-AY 77","date":"2026-03-01","side":"roof","reference":"1"})"), "bad_field");
  EXPECT_EQ(refused(R"({"plate":"B-AY 77","date":"2026-13-01","side":"left","reference":"1"})"), "bad_field");
  EXPECT_EQ(refused(R"({"plate":"B-AY 77","date":"2026-03-01","side":"left","reference":""})"), "bad_field");
  EXPECT_EQ(refused(R"({"plate":"B-AY 77","date":"2026-04-01","side":"left","reference":"1"})"), "invalid");
  EXPECT_EQ(refused(R"({"plate":"B-AY 77","date":"2020-03-01","side":"left","reference":"1"})"), "invalid");
  EXPECT_EQ(world.send(put, mine, R"({"consent":"yes"})", {.token = world.driver}).code(), "bad_field");
}

TEST_F(DrivingApi, WhatACrashHasLeftIsErasedAtTheStart) {
  ASSERT_EQ(consent(true), 204);
  ASSERT_EQ(record().status, 201);
  ASSERT_TRUE(
      keep_accident(world.vault, world.town.driver, 9, {*parse_date("2026-03-02"), core::Side::left, "lost"}).ok());
  world.stop_server();
  world.start_server();
  EXPECT_TRUE(read_accident(world.vault, world.town.driver, 1));
  EXPECT_FALSE(read_accident(world.vault, world.town.driver, 9));
}

TEST_F(DrivingApi, ATextIsErasedWithItsVehicle) {
  ASSERT_EQ(consent(true), 204);
  ASSERT_EQ(record().status, 201);
  world.tell(core::RemoveVehicle{*parse_id<VehicleId>(vehicle)});
  EXPECT_TRUE(world.until([&] { return !read_accident(world.vault, world.town.driver, 1); }));
}

TEST(AccidentText, ReadsWhatItHasWritten) {
  const AccidentText accident{*parse_date("2026-03-01"), core::Side::middle, "2026 K 1"};
  const auto again = parse_accident(written(accident));
  ASSERT_TRUE(again);
  EXPECT_EQ(written(*again), "2026-03-01 middle 2026 K 1");
  for (const std::string_view bad : {"", "2026-03-01", "2026-03-01 left", "2026-13-01 left x", "2026-03-01 up x"}) {
    EXPECT_FALSE(parse_accident(bad)) << bad;
  }
}

}  // namespace
}  // namespace bayward::api
