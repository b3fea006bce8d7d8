#include <gtest/gtest.h>

#include "api/testing/world.h"

namespace bayward::api {
namespace {

using enum HttpMethod;

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

}  // namespace
}  // namespace bayward::api
