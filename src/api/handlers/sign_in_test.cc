#include <gtest/gtest.h>

#include "api/testing/world.h"

namespace bayward::api {
namespace {

using enum HttpMethod;

TEST(SigningIn, ANewPersonRegistersSignsInAndIsKnown) {
  TestWorld world;
  const Answer made =
      world.post("/api/v1/register", R"({"phone":"+49 151 2345678","password":"long enough","name":"Ada"})");
  ASSERT_EQ(made.status, 201) << made.text;
  const Answer in = world.post("/api/v1/login", R"({"phone":"+491512345678","password":"long enough"})");
  ASSERT_EQ(in.status, 200) << in.text;
  const Answer me = world.get("/api/v1/me", in.string("token"));
  EXPECT_EQ(me.string("name"), "Ada");
  EXPECT_EQ(me.string("phone"), "+491512345678");
  EXPECT_EQ(me.string("account"), made.string("account"));
}

TEST(SigningIn, APhoneRegistersOnce) {
  TestWorld world;
  const std::string body = R"({"phone":"+491512345678","password":"long enough","name":"Ada"})";
  EXPECT_EQ(world.post("/api/v1/register", body).status, 201);
  const Answer again = world.post("/api/v1/register", body);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code(), "already_exists");
}

TEST(SigningIn, AnUnknownPhoneAndAWrongPasswordAreToldAlike) {
  TestWorld world;
  const Answer wrong = world.post("/api/v1/login", R"({"phone":"+4915100000001","password":"not this"})");
  const Answer unknown = world.post("/api/v1/login", R"({"phone":"+4915199999999","password":"not this"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.text, unknown.text);
}

TEST(SigningIn, TheEleventhGuessForOnePhoneHasToWait) {
  TestWorld world;
  Answer last;
  for (int i = 0; i < 11; ++i) last = world.post("/api/v1/login", R"({"phone":"+4915100000001","password":"guess"})");
  EXPECT_EQ(last.status, 429);
  EXPECT_FALSE(last.headers.get("Retry-After").empty());
}

TEST(SigningIn, ALoggedOutTokenIsWorthNothing) {
  TestWorld world;
  EXPECT_EQ(world.get("/api/v1/me", world.driver).status, 200);
  EXPECT_EQ(world.send(post, "/api/v1/logout", {}, {.token = world.driver}).status, 204);
  EXPECT_EQ(world.get("/api/v1/me", world.driver).status, 401);
}

TEST(SigningIn, ASessionEndsAfterSevenDaysWithoutUse) {
  TestWorld world;
  EXPECT_EQ(world.get("/api/v1/me", world.driver).status, 200);
  world.clock.advance(6 * 24h);
  EXPECT_EQ(world.get("/api/v1/me", world.driver).status, 200);
  world.clock.advance(7 * 24h);
  EXPECT_EQ(world.get("/api/v1/me", world.driver).status, 401);
}

TEST(SigningIn, TokensOutliveARestart) {
  TestWorld world;
  world.stop_server();
  world.start_server();
  EXPECT_EQ(world.get("/api/v1/me", world.driver).status, 200);
}

TEST(SigningIn, AnApiTokenIsShownOnceListedByNameAndRevoked) {
  TestWorld world;
  const Answer made = world.post("/api/v1/me/api-tokens", R"({"name":"my script"})", world.driver);
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(world.get("/api/v1/me", made.string("token")).status, 200);
  const Answer listed = world.get("/api/v1/me/api-tokens", world.driver);
  ASSERT_EQ(listed.items().size(), 1u);
  EXPECT_EQ(listed.text.find(made.string("token")), std::string::npos);
  EXPECT_EQ(world.send(del, "/api/v1/me/api-tokens/" + made.string("id"), {}, {.token = world.driver}).status, 204);
  EXPECT_EQ(world.get("/api/v1/me", made.string("token")).status, 401);
}

TEST(SigningIn, ChangedRolesCountAtOnce) {
  TestWorld world;
  EXPECT_EQ(world.get("/api/v1/stats", world.driver).status, 403);
  const std::string account = to_text(world.town.driver);
  const Answer changed = world.send(put, "/api/v1/accounts/" + account + "/roles", R"({"roles":["driver","operator"]})",
                                    {.token = world.operator_});
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(world.get("/api/v1/stats", world.driver).status, 200);
}

}  // namespace
}  // namespace bayward::api
