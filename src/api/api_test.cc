#include "api/api.h"

#include <gtest/gtest.h>

#include <set>

#include "api/route.h"
#include "api/testing/world.h"
#include "base/limits.h"

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

TEST(Booking, IsMadeShownPricedExtendedAndCancelled) {
  TestWorld world;
  const Answer made = world.post("/api/v1/bookings", world.booking_body(4h), world.driver);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.string("phase"), "confirmed");
  EXPECT_EQ(made.string("label"), "B1");
  const std::string path = "/api/v1/bookings/" + made.string("booking");
  const Answer shown = world.get(path, world.driver);
  EXPECT_EQ(shown.text, made.text);  // the answer of the hot path is what a question gives
  const Answer bill = world.get(path + "/invoice", world.driver);
  EXPECT_EQ(bill.status, 200);
  EXPECT_EQ(bill.field("invoice")->at("total").at("minor").as_int64(), 200);
  const Answer longer = world.post(path + "/extend", R"({"end":")" + world.after(6h) + R"("})", world.driver);
  EXPECT_EQ(longer.status, 200) << longer.text;
  EXPECT_EQ(longer.string("end"), world.after(6h));
  const Answer cancelled = world.post(path + "/cancel", "", world.driver);
  EXPECT_EQ(cancelled.status, 200) << cancelled.text;
  EXPECT_EQ(cancelled.string("end_reason"), "cancelled");
  EXPECT_EQ(world.post(path + "/cancel", "", world.driver).code(), "wrong_phase");
}

TEST(Booking, BadInputIsRefusedClearly) {
  TestWorld world;
  ASSERT_EQ(world.post("/api/v1/bookings", world.booking_body(4h), world.driver).status, 201);
  const auto code = [&](const std::string& body, const std::string& token) {
    const Answer answer = world.post("/api/v1/bookings", body, token);
    return std::to_string(answer.status) + " " + answer.code();
  };
  EXPECT_EQ(code(world.booking_body(1h, 0h), world.driver), "400 bad_interval");          // 0 slots
  EXPECT_EQ(code(world.booking_body(1h, 10'000 * 15min), world.driver), "400 too_long");  // 10,000 slots
  EXPECT_EQ(code(world.booking_body(-3h), world.driver), "400 in_the_past");
  EXPECT_EQ(code(world.booking_body(40 * 24h), world.driver), "400 beyond_horizon");
  EXPECT_EQ(code(world.booking_body(1h, 7min), world.driver), "400 bad_interval");  // not on a boundary
  EXPECT_EQ(code(world.booking_body(4h), world.driver), "409 slot_taken");
  EXPECT_EQ(code(world.booking_body(4h, 1h, 3), world.driver), "403 no_permission");  // the community's pile
  EXPECT_EQ(code(world.booking_body(8h), world.other), "404 unknown_vehicle");        // another's car
  EXPECT_EQ(code(R"({"bay":"bay-1000000ff","vehicle":")" + world.car() + R"(","start":")" + world.after(8h) +
                     R"(","end":")" + world.after(9h) + R"("})",
                 world.driver),
            "404 unknown_bay");
}

TEST(Booking, AcrossAWindowsEndIsRefused) {
  TestWorld world;
  const std::string window = to_text(site_scoped<WindowId>(world.town.site, 1));
  const Answer closed = world.send(put, "/api/v1/windows/" + window + "/exceptions/2026-03-24",
                                   R"({"ranges":[["08:00","10:00"]]})", {.token = world.owner});
  ASSERT_EQ(closed.status, 204) << closed.text;
  const Answer answer = world.post("/api/v1/bookings", world.booking_body(24h, 2h), world.driver);  // 09:00 to 11:00
  EXPECT_EQ(answer.code(), "outside_window");
}

TEST(Booking, AnothersIsNobodyElsesBusinessButTheStaffs) {
  TestWorld world;
  const std::string path =
      "/api/v1/bookings/" + world.post("/api/v1/bookings", world.booking_body(4h), world.driver).string("booking");
  EXPECT_EQ(world.get(path, world.other).code(), "not_yours");
  EXPECT_EQ(world.post(path + "/cancel", "", world.other).code(), "not_yours");
  EXPECT_EQ(world.get(path, world.stranger).code(), "not_yours");
  EXPECT_EQ(world.get(path, world.property).status, 200);
  EXPECT_EQ(world.post(path + "/cancel", "", world.property).status, 200);
}

TEST(Booking, TheSameKeyAndBodyGetTheSameBookingAnotherBodyAnError) {
  TestWorld world;
  const Ask keyed{.token = world.driver, .idempotency_key = "7f1c"};
  const Answer first = world.send(post, "/api/v1/bookings", world.booking_body(4h), keyed);
  const Answer again = world.send(post, "/api/v1/bookings", world.booking_body(4h), keyed);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(first.string("booking"), again.string("booking"));
  const Answer other = world.send(post, "/api/v1/bookings", world.booking_body(8h), keyed);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.code(), "idempotency_conflict");
}

TEST(Booking, WithoutMoneyItIsRefusedAndTheSlotIsFreeAgain) {
  TestWorld world;
  const Answer made =
      world.post("/api/v1/register", R"({"phone":"+491512345678","password":"long enough","name":"Poor"})");
  const std::string token =
      world.post("/api/v1/login", R"({"phone":"+491512345678","password":"long enough"})").string("token");
  const Answer car = world.post("/api/v1/me/vehicles", R"({"plate":"B-XY 77"})", token);
  ASSERT_EQ(car.status, 201) << car.text;
  const std::string body = R"({"bay":")" + world.bay() + R"(","vehicle":")" + car.string("vehicle") + R"(","start":")" +
                           world.after(4h) + R"(","end":")" + world.after(5h) + R"("})";
  EXPECT_EQ(world.post("/api/v1/bookings", body, token).code(), "insufficient_funds");
  EXPECT_EQ(world.post("/api/v1/bookings", world.booking_body(4h), world.driver).status, 201);
}

TEST(Booking, AFullInboxSaysSoAndWhenToComeBack) {
  TestWorld world;
  ASSERT_EQ(world.get("/api/v1/me", world.driver).status, 200);
  world.engine.full = true;
  const Answer answer = world.post("/api/v1/bookings", world.booking_body(4h), world.driver);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.get("Retry-After"), "1");
}

TEST(Finding, NearestFreeBaysWithPriceAndReasons) {
  TestWorld world;
  const Answer found = world.post("/api/v1/search",
                                  R"({"destination":{"latitude":52.52,"longitude":13.405},"start":")" +
                                      world.after(4h) + R"(","end":")" + world.after(6h) + R"("})",
                                  world.driver);
  ASSERT_EQ(found.status, 200) << found.text;
  ASSERT_EQ(found.items().size(), 3u);
  EXPECT_EQ(found.items()[0].at("price").at("minor").as_int64(), 400);
  const Answer quote = world.post("/api/v1/quotes",
                                  R"({"bay":")" + world.bay() + R"(","start":")" + world.after(4h) + R"(","end":")" +
                                      world.after(6h) + R"(","energy_wh":1000})",
                                  world.driver);
  EXPECT_EQ(quote.field("invoice")->at("total").at("minor").as_int64(), 410) << quote.text;
}

TEST(Sites, AreOpenToAnybodyAndBaysComeInPages) {
  TestWorld world;
  EXPECT_EQ(world.get("/api/v1/sites").items().size(), 1u);
  const std::string path = "/api/v1/sites/" + world.site() + "/bays";
  const Answer first = world.get(path + "?limit=3");
  ASSERT_EQ(first.items().size(), 3u) << first.text;
  EXPECT_EQ(first.items()[0].at("state").as_string(), "free");
  EXPECT_EQ(first.items()[0].as_object().if_contains("owner"), nullptr);
  const Answer second = world.get(path + "?limit=3&cursor=" + first.string("next"));
  EXPECT_EQ(second.items().size(), 1u);
  EXPECT_TRUE(second.field("next")->is_null());
  EXPECT_EQ(world.get(path + "?limit=0").code(), "bad_field");
  EXPECT_EQ(world.get(path + "?cursor=x").code(), "bad_field");
}

TEST(Sites, TheDaysScheduleNamesBookingsOnlyToThoseConcerned) {
  TestWorld world;
  ASSERT_EQ(world.post("/api/v1/bookings", world.booking_body(4h), world.driver).status, 201);
  const std::string path = "/api/v1/bays/" + world.bay() + "/schedule?date=2026-03-23";
  EXPECT_NE(world.get(path, world.driver).text.find("\"booking\":\"bkg-"), std::string::npos);
  EXPECT_NE(world.get(path, world.owner).text.find("\"booking\":\"bkg-"), std::string::npos);
  EXPECT_EQ(world.get(path, world.other).text.find("\"booking\":\"bkg-"), std::string::npos);
}

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
