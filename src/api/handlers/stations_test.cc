#include <gtest/gtest.h>

#include "api/testing/world.h"

namespace bayward::api {
namespace {

using enum HttpMethod;

std::string station_of(const TestWorld& world) {
  return "/api/v1/stations/" + to_text(world.town.station);
}

TEST(Stations, TheOperatorOrdersAndHearsTheOutcome) {
  TestWorld world;
  const std::string path = station_of(world) + "/orders";
  const std::pair<const char*, size_t> orders[] = {
      {R"({"order":"read_settings","names":["HeartbeatInterval"]})", 0},
      {R"({"order":"change_settings","settings":[{"name":"A","value":"1"}]})", 1},
      {R"({"order":"trigger","message":"Heartbeat","evse":1})", 2},
      {R"({"order":"reset","at_once":true})", 3},
      {R"({"order":"unlock","evse":1})", 4},
      {R"({"order":"set_availability","operative":false})", 5},
      {R"({"order":"clear_cache"})", 6},
      {R"({"order":"change_password"})", 7},
      {R"({"order":"renew_certificate"})", 8},
      {R"({"order":"install_roots"})", 9},
      {R"({"order":"list_certificates"})", 10},
      {R"({"order":"delete_certificate","hash_algorithm":"SHA256","issuer_name_hash":"a","issuer_key_hash":"b","serial_number":"1"})",
       11},
      {R"({"order":"call","action":"GetLocalListVersion","payload":{}})", 12},
  };
  for (const auto& [body, index] : orders) {
    const Answer answer = world.post(path, body, world.operator_);
    ASSERT_EQ(answer.status, 200) << body << answer.text;
    EXPECT_EQ(answer.string("outcome"), "answered");
    ASSERT_FALSE(world.stations.ordered.empty());
    EXPECT_EQ(world.stations.ordered.back().index(), index) << body;
  }
  for (const char* wrong : {R"({"order":"dance"})", R"({"order":"reset","evse":1})", R"({"order":"unlock"})",
                            R"({"order":"call","action":"Reset","payload":[]})", R"({})"}) {
    EXPECT_EQ(world.post(path, wrong, world.operator_).code(), "bad_field") << wrong;
  }
  EXPECT_EQ(world.post(path, R"({"order":"fetch_log"})", world.operator_).code(), "bad_field");  // no place for it
  EXPECT_EQ(world.post("/api/v1/stations/st-ffff/orders", R"({"order":"clear_cache"})", world.operator_).status, 404);
}

TEST(Stations, SecurityIsShownAndChangedByTheOperatorOnly) {
  TestWorld world;
  const std::string path = station_of(world) + "/security";
  EXPECT_EQ(world.get(path, world.operator_).field("profile")->as_int64(), 1);
  EXPECT_EQ(world.send(put, path, R"({"profile":3})", {.token = world.operator_}).field("profile")->as_int64(), 3);
  EXPECT_EQ(world.send(put, path, R"({"profile":4})", {.token = world.operator_}).code(), "bad_field");
  EXPECT_EQ(world.send(put, path, R"({"profile":1})", {.token = world.property}).status, 403);
}

TEST(Stations, TheAuditLogIsReadInPagesTheNewestFirst) {
  TestWorld world;
  for (const char* type : {"A", "B", "C"}) {
    (void)world.security_log.record({0, world.town.station, "CP-1", SecurityOrigin::station, type, "", {}, {}});
  }
  (void)world.security_log.record({0, {}, "CP-X", SecurityOrigin::platform, "LoginFailed", "", {}, {}});
  EXPECT_EQ(world.get("/api/v1/security-events", world.operator_).items().size(), 4u);
  const Answer page = world.get(station_of(world) + "/security-events?limit=2", world.operator_);
  ASSERT_EQ(page.items().size(), 2u);
  EXPECT_EQ(page.items()[0].at("type").as_string(), "C");
  const Answer next =
      world.get(station_of(world) + "/security-events?limit=2&cursor=" + page.string("next"), world.operator_);
  ASSERT_EQ(next.items().size(), 1u);
  EXPECT_EQ(next.items()[0].at("type").as_string(), "A");
}

TEST(Stations, MessagesAreAskedForWithFilters) {
  TestWorld world;
  const std::string path = station_of(world) + "/messages";
  const Answer plain = world.get(path, world.operator_);
  ASSERT_EQ(plain.items().size(), 2u) << plain.text;
  EXPECT_EQ(plain.items()[0].at("kind").as_string(), "call");
  EXPECT_TRUE(plain.items()[0].at("payload").is_object());
  EXPECT_EQ(plain.items()[1].at("by").as_string(), "platform");
  EXPECT_TRUE(plain.items()[1].at("payload").is_null());
  EXPECT_EQ(plain.field("newest")->as_int64(), 9);
  EXPECT_FALSE(world.stations.asked.personal);
  EXPECT_TRUE(world.stations.asked.reader);
  EXPECT_EQ(world.get(path + "?after=7&by=station&action=Heartbeat&errors=true&personal=true&limit=5", world.operator_)
                .status,
            200);
  const MessageQuery& asked = world.stations.asked;
  EXPECT_EQ(asked.after, 7u);
  EXPECT_EQ(asked.ours, false);
  EXPECT_EQ(asked.action, "Heartbeat");
  EXPECT_TRUE(asked.only_errors && asked.personal);
  EXPECT_EQ(asked.most, 5u);
  for (const char* wrong : {"?after=x", "?after=-1", "?by=me", "?errors=1", "?personal=yes"}) {
    EXPECT_EQ(world.get(path + wrong, world.operator_).code(), "bad_field") << wrong;
  }
  EXPECT_EQ(world.get(path, world.property).status, 403);
  EXPECT_EQ(world.get("/api/v1/stations/st-ffff/messages", world.operator_).status, 404);
}

TEST(Stations, ReportsAndTheAuthoritysRootsAreThere) {
  TestWorld world;
  const Answer reports = world.get(station_of(world) + "/reports", world.operator_);
  ASSERT_EQ(reports.items().size(), 1u);
  EXPECT_TRUE(reports.items()[0].at("complete").as_bool());
  EXPECT_EQ(world.get("/api/v1/station-authority", world.operator_).text, "roots");
  EXPECT_EQ(world.get("/api/v1/station-authority", world.driver).status, 403);
}

}  // namespace
}  // namespace bayward::api
