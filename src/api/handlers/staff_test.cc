#include <gtest/gtest.h>

#include "api/testing/world.h"

namespace bayward::api {
namespace {

using enum HttpMethod;

TEST(Sharing, AnOwnerPublishesListsAndWithdrawsAWindowAndNobodyElseMay) {
  TestWorld world;
  const std::string path = "/api/v1/bays/" + world.bay() + "/windows";
  const std::string body = R"({"week":{"mon":[["07:00","19:00"]]},"first_date":"2026-03-23","last_date":"2026-04-23"})";
  EXPECT_EQ(world.post(path, body, world.driver).code(), "not_yours");
  const Answer made = world.post(path, body, world.owner);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(world.get(path, world.owner).items().size(), 2u);
  EXPECT_EQ(world.send(del, "/api/v1/windows/" + made.string("window"), {}, {.token = world.owner}).status, 204);
  EXPECT_EQ(
      world
          .post(path, R"({"week":{"mon":[["19:00","07:00"]]},"first_date":"2026-03-23","last_date":"2026-04-23"})",
                world.owner)
          .code(),
      "invalid");
}

TEST(Staff, SetsUpBaysRulesTariffsAndPermissions) {
  TestWorld world;
  const std::string site = "/api/v1/sites/" + world.site();
  const Answer bay =
      world.post(site + "/bays", R"({"label":"B9","owner":")" + to_text(world.town.owner) + R"("})", world.property);
  ASSERT_EQ(bay.status, 201) << bay.text;
  const Answer changed = world.send(patch, "/api/v1/bays/" + bay.string("bay"), R"({"level":"-1","east_m":12.5})",
                                    {.token = world.property});
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.string("label"), "B9");
  EXPECT_EQ(changed.string("level"), "-1");
  EXPECT_EQ(world
                .send(put, "/api/v1/bays/" + bay.string("bay") + "/service", R"({"in_service":false})",
                      {.token = world.property})
                .string("state"),
            "out_of_service");
  EXPECT_EQ(world.send(put, site + "/rules", R"({"no_show_grace_s":900})", {.token = world.property}).status, 200);
  EXPECT_EQ(world.get(site + "/rules", world.property).field("no_show_grace_s")->as_int64(), 900);
  EXPECT_EQ(world.send(put, site + "/rules", R"({"slot_unit_s":700})", {.token = world.property}).code(), "bad_field");
  const Answer tariff = world.post(
      site + "/tariffs",
      R"({"name":"Night","currency":"EUR","parking_rates":{"flat":1000000},"holidays":["2026-05-01"],"rules":[{"start_minute":0,"end_minute":360,"period":"valley"}]})",
      world.property);
  ASSERT_EQ(tariff.status, 201) << tariff.text;
  EXPECT_EQ(world.get(site + "/tariffs").items().size(), 2u);
  const Answer permission = world.post(
      site + "/permissions",
      R"({"account":")" + to_text(world.town.driver) +
          R"(","groups":["pile"],"hours":{"mon":[["00:00","24:00"]]},"first_date":"2026-03-01","last_date":"2026-04-01"})",
      world.property);
  ASSERT_EQ(permission.status, 201) << permission.text;
  EXPECT_EQ(world.post("/api/v1/bookings", world.booking_body(4h, 1h, 3), world.driver).status, 201);
  EXPECT_EQ(
      world.send(del, "/api/v1/permissions/" + permission.string("permission"), {}, {.token = world.property}).status,
      204);
}

TEST(Operating, SitesStationsAccountsAndMoney) {
  TestWorld world;
  const Answer account = world.post(
      "/api/v1/accounts",
      R"({"phone":"+491512345678","password":"long enough","name":"Office","roles":["driver","property"],"property_of":["site-1"]})",
      world.operator_);
  ASSERT_EQ(account.status, 201) << account.text;
  const Answer found = world.get("/api/v1/accounts?phone=%2B491512345678", world.operator_);
  ASSERT_EQ(found.items().size(), 1u);
  EXPECT_EQ(found.items()[0].at("name").as_string(), "Office");
  const Answer site = world.post(
      "/api/v1/sites",
      R"({"name":"New","place":{"latitude":52.5,"longitude":13.4},"currency":"EUR","time_zone":"Europe/Berlin","community":")" +
          account.string("account") + R"("})",
      world.operator_);
  ASSERT_EQ(site.status, 201) << site.text;
  EXPECT_EQ(
      world
          .post(
              "/api/v1/sites",
              R"({"name":"New","place":{"latitude":52.5,"longitude":13.4},"currency":"EUR","time_zone":"Mars/Base","community":")" +
                  account.string("account") + R"("})",
              world.operator_)
          .code(),
      "bad_field");
  const Answer station =
      world.post("/api/v1/sites/" + site.string("site") + "/stations", R"({"identity":"CP-77"})", world.operator_);
  ASSERT_EQ(station.status, 201) << station.text;
  const VaultKey key{AccountId{}, VaultKind::station_password_hash,
                     parse_id<StationId>(station.string("station"))->value};
  EXPECT_TRUE(world.passwords.verify_secret(**world.vault.get(key), station.string("password")));
  const std::string credits = "/api/v1/accounts/" + account.string("account") + "/credits";
  const std::string money = R"({"amount":{"minor":500,"currency":"EUR"},"reference":"bank 1"})";
  EXPECT_EQ(world.post(credits, money, world.operator_).status, 201);
  (void)world.post(credits, money, world.operator_);
  const std::string office =
      world.post("/api/v1/login", R"({"phone":"+491512345678","password":"long enough"})").string("token");
  EXPECT_EQ(world.get("/api/v1/me/wallet", office).field("available")->as_array()[0].at("minor").as_int64(), 500);
}

}  // namespace
}  // namespace bayward::api
