#include "api/api.h"

#include <gtest/gtest.h>

#include "api/route.h"
#include "api/testing/world.h"
#include "base/limits.h"

namespace bayward::api {
namespace {

using enum HttpMethod;

// Every route with every role: without a token 401 (or not, where anyone may), with too small a role 403, and nobody
// who may is turned away for the role.
TEST(Access, EveryRouteKeepsItsTable) {
  TestWorld world;
  const std::string site = world.site();
  for (const Route& route : all_routes()) {
    std::string target(route.path);
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"{site}", site},
                                                                                      {"{bay}", world.bay()},
                                                                                      {"{booking}", "bkg-1000000ff"},
                                                                                      {"{claim}", "bkg-1800000ff"},
                                                                                      {"{session}", "ses-1000000ff"},
                                                                                      {"{window}", "win-1000000ff"},
                                                                                      {"{permission}", "prm-1000000ff"},
                                                                                      {"{incident}", "inc-1000000ff"},
                                                                                      {"{station}", "sta-1000000ff"},
                                                                                      {"{account}", "acc-ff"},
                                                                                      {"{vehicle}", "veh-1000000ff"},
                                                                                      {"{token}", "tok-ff"},
                                                                                      {"{date}", "2026-03-29"},
                                                                                      {"{file}", "style.css"}}) {
      if (const size_t at = target.find(name); at != std::string::npos) target.replace(at, name.size(), value);
    }
    if (target == "/api/v1/logout") continue;
    const std::string shown = std::string(to_text(route.method)) + " " + target;
    const auto status_for = [&](const std::string& token) {
      return world.send(route.method, target, "{}", {.token = token}).status;
    };
    const bool open = route.access == Access::anyone;
    EXPECT_EQ(status_for("") == 401, !open) << shown;
    EXPECT_EQ(status_for("made-up-token"), 401) << shown;
    const bool staff = route.access == Access::staff_of_site;
    const bool operators = route.access == Access::operators;
    EXPECT_EQ(status_for(world.driver) == 403, staff || operators) << shown;
    EXPECT_EQ(status_for(world.stranger) == 403, staff || operators) << shown;
    if (!operators) EXPECT_NE(status_for(world.property), 403) << shown;
    if (operators) EXPECT_EQ(status_for(world.property), 403) << shown;
    EXPECT_NE(status_for(world.operator_), 403) << shown;
  }
}

TEST(Paths, AnUnknownPathIs404AndAnotherMethodIs405WithAllow) {
  TestWorld world;
  EXPECT_EQ(world.get("/api/v1/nothing").status, 404);
  const Answer wrong = world.send(del, "/api/v1/sites", {}, {});
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.get("Allow"), "GET, POST");
}

TEST(Bodies, EachThingWrongIsNamed) {
  TestWorld world;
  const auto said = [&](const std::string& body) {
    const Answer answer = world.post("/api/v1/me/vehicles", body, world.driver);
    return std::to_string(answer.status) + " " + answer.code() + ": " + answer.string("detail");
  };
  EXPECT_EQ(said("{"), "400 malformed_json: Send one JSON object in UTF-8.");
  EXPECT_EQ(said("[]"), "400 malformed_json: The body must be one JSON object: {...}.");
  EXPECT_EQ(said(""), "400 malformed_json: The body is empty. Send one JSON object in UTF-8.");
  EXPECT_EQ(said("{}"), "400 bad_field: Field \"plate\" is missing.");
  EXPECT_EQ(said(R"({"plate":5})"),
            "400 bad_field: Field \"plate\" must be text of 1 to 32 characters without control characters.");
  EXPECT_EQ(said(R"({"plate":"B BW 1","colour":"red"})"),
            "400 bad_field: Field \"colour\" is unknown here; leave it out.");
  EXPECT_EQ(said(R"({"plate":"B BW 1","battery_wh":-1})"),
            "400 bad_field: Field \"battery_wh\" must be a whole number from 0 to 2000000.");
  std::string deep = R"({"plate":)";
  for (int i = 0; i < 40; ++i) deep += '[';
  for (int i = 0; i < 40; ++i) deep += ']';
  EXPECT_EQ(said(deep + "}"), "400 malformed_json: The JSON is nested more than 32 levels deep.");
}

TEST(Problems, AreToldInChineseToThoseWhoReadIt) {
  TestWorld world;
  const Answer answer = world.send(get, "/api/v1/bookings/bkg-1000000ff", {},
                                   {.token = world.driver, .language = "zh-CN,zh;q=0.9,en;q=0.8"});
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.headers.get("Content-Language"), "zh");
  EXPECT_EQ(answer.string("title"), "没有这个预订");
}

TEST(Pages, AreServedWithAnETagAndAStrictPolicy) {
  TestWorld world;
  const Answer page = world.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.get("Content-Security-Policy").find("unsafe"), std::string::npos);
  EXPECT_FALSE(page.headers.get("ETag").empty());
  EXPECT_EQ(world.get("/healthz").status, 200);
  EXPECT_NE(world.get("/metrics").text.find("bayward_http_requests_total{method=\"GET\",route=\"/\",status=\"2xx\"} 1"),
            std::string::npos);
}

}  // namespace
}  // namespace bayward::api
