// Disputes, top-ups, the preview of a tariff and the audit, as people reach them.
#include <gtest/gtest.h>

#include "api/testing/world.h"

namespace bayward::api {
namespace {

using enum HttpMethod;

// A visit at the bay without a charger, over and billed at 2.00 EUR.
std::string billed(TestWorld& world) {
  const Answer made = world.post("/api/v1/bookings", world.booking_body(1h, 1h, 2), world.driver);
  BAYWARD_CHECK(made.status == 201);
  const std::string path = "/api/v1/bookings/" + made.string("booking");
  world.clock.advance(1h);
  BAYWARD_CHECK(world.post(path + "/arrive", "", world.driver).status == 200);
  world.clock.advance(50min);
  BAYWARD_CHECK(world.post(path + "/leave", "", world.driver).status == 200);
  return path;
}

TEST(Disputes, ADriverDisputesTheOfficeRefundsAndBothReadWhatTheOtherWrote) {
  TestWorld world;
  const std::string path = billed(world);
  const std::string office = "/api/v1/sites/" + world.site() + "/disputes";
  EXPECT_EQ(world.post(path + "/dispute", R"({"reason":"rude"})", world.driver).code(), "bad_field");
  EXPECT_EQ(world.post(path + "/dispute", R"({"reason":"other"})", world.other).code(), "unknown_booking");
  const Answer opened =
      world.post(path + "/dispute", R"({"reason":"overstay","text":"<b>left</b> at 10"})", world.driver);
  ASSERT_EQ(opened.status, 201) << opened.text;
  EXPECT_EQ(opened.string("phase"), "open");
  EXPECT_EQ(world.post(path + "/dispute", R"({"reason":"other"})", world.driver).code(), "already_exists");
  EXPECT_EQ(world.get(path + "/dispute", world.other).code(), "not_yours");
  EXPECT_EQ(world.get(office, world.stranger).status, 403);
  ASSERT_EQ(world.get(office, world.property).items().size(), 1u);
  EXPECT_EQ(world.get(office, world.property).items()[0].at("text").as_string(), "<b>left</b> at 10");
  const std::string decision = path + "/dispute/decision";
  EXPECT_EQ(world.post(decision, R"({"refund_minor":1})", world.driver).status, 403);
  EXPECT_EQ(world.post(decision, R"({"refund_minor":201})", world.property).code(), "invalid");
  const Answer decided = world.post(decision, R"({"refund_minor":150,"reply":"Half an hour."})", world.property);
  ASSERT_EQ(decided.status, 200) << decided.text;
  EXPECT_EQ(world.post(decision, R"({"refund_minor":1})", world.property).code(), "wrong_phase");
  const Answer seen = world.get(path + "/dispute", world.driver);
  EXPECT_EQ(seen.string("phase"), "refunded");
  EXPECT_EQ(seen.string("reply"), "Half an hour.");
  EXPECT_EQ(seen.field("refund")->at("minor").as_int64(), 150);
  const Answer wallet = world.get("/api/v1/me/wallet", world.driver);
  EXPECT_EQ(wallet.field("available")->as_array()[0].at("minor").as_int64(), 9'950);
}

TEST(TopUps, WithoutAProviderNobodyIsToldThatMoneyCame) {
  TestWorld world;
  EXPECT_TRUE(world.get("/api/v1/me/top-ups", world.driver).field("provider")->is_null());
  const std::string amount = R"({"amount":{"minor":2000,"currency":"EUR"}})";
  EXPECT_EQ(world.post("/api/v1/me/top-ups", amount, world.driver).status, 404);
  EXPECT_EQ(world.post("/api/v1/payments/callback", "{}").status, 404);
  EXPECT_EQ(world.post("/api/v1/payments/pay-200000001/test", R"({"paid":true})", world.driver).code(),
            "unknown_thing");
}

class FakeProvider final : public PaymentProvider {
 public:
  bool test = false;
  std::string_view name() const override { return "fake"; }
  bool is_test() const override { return test; }
  void begin(const PaymentOrder& order, std::function<void(Result<std::string>)> done) override {
    done("https://pay.example/" + to_text(order.payment));
  }
  bool genuine(const HttpRequest& callback) const override {
    return callback.headers.get("last-event-id") == "signed";  // a header the fixture can set
  }
};

TEST(TopUps, OnlyTheProvidersSignedWordCreditsTheWallet) {
  FakeProvider provider;
  TestWorld world;
  world.payments = &provider;
  world.stop_server();
  world.start_server();
  const std::string amount = R"({"amount":{"minor":2000,"currency":"EUR"}})";
  const Answer begun = world.post("/api/v1/me/top-ups", amount, world.driver);
  ASSERT_EQ(begun.status, 201) << begun.text;
  EXPECT_EQ(begun.string("pay_url"), "https://pay.example/" + begun.string("payment"));
  const std::string word =
      R"({"payment":")" + begun.string("payment") + R"(","paid":true,"amount":{"minor":2000,"currency":"EUR"}})";
  const auto available = [&] {
    return world.get("/api/v1/me/wallet", world.driver).field("available")->as_array()[0].at("minor").as_int64();
  };
  EXPECT_EQ(world.post("/api/v1/payments/callback", word).status, 401);
  EXPECT_EQ(
      world.post("/api/v1/payments/" + begun.string("payment") + "/test", R"({"paid":true})", world.driver).code(),
      "unknown_thing")
      << "not the test provider";
  EXPECT_EQ(available(), 10'000);
  EXPECT_EQ(world.send(post, "/api/v1/payments/callback", word, {.last_event_id = "signed"}).status, 204);
  EXPECT_EQ(world.send(post, "/api/v1/payments/callback", word, {.last_event_id = "signed"}).status, 204);
  EXPECT_EQ(available(), 12'000);
  const Answer list = world.get("/api/v1/me/top-ups", world.driver);
  EXPECT_EQ(list.items()[0].at("phase").as_string(), "paid");
}

TEST(TopUps, AtTheTestProviderOnlyThePayerSaysThatItIsPaid) {
  FakeProvider provider;
  provider.test = true;
  TestWorld world;
  world.payments = &provider;
  world.stop_server();
  world.start_server();
  const Answer begun = world.post("/api/v1/me/top-ups", R"({"amount":{"minor":500,"currency":"EUR"}})", world.driver);
  const std::string path = "/api/v1/payments/" + begun.string("payment") + "/test";
  EXPECT_EQ(world.post(path, R"({"paid":true})", world.other).code(), "not_yours");
  EXPECT_EQ(world.post(path, R"({"paid":true})", world.driver).status, 204);
}

TEST(TariffPreview, SaysWhatAStayWouldCostWithoutPublishing) {
  TestWorld world;
  const std::string path = "/api/v1/sites/" + world.site() + "/tariff-preview";
  const std::string body =
      R"({"tariff":{"name":"New","currency":"EUR","parking_rates":{"flat":1000000},"energy_rates":{"flat":500000},"overstay_rate_e4":6000000},)"
      R"("start":")" +
      world.after(0h) + R"(","end":")" + world.after(4h) + R"(","energy_wh":30000,"left_at":")" + world.after(5h) +
      R"("})";
  EXPECT_EQ(world.post(path, body, world.driver).status, 403);
  const Answer answer = world.post(path, body, world.property);
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer.field("invoice")->at("total").at("minor").as_int64(), 400 + 1'500 + 600) << answer.text;
  EXPECT_EQ(world.get("/api/v1/sites/" + world.site() + "/tariffs").items().size(), 1u);
}

TEST(Audit, IsTheOperatorsAndShowsTheRecordsThatTheIndexNames) {
  TestWorld world;
  const std::string path = billed(world);
  (void)world.post(path + "/dispute", R"({"reason":"other"})", world.driver);
  EXPECT_EQ(world.get("/api/v1/audit", world.property).status, 403);
  for (Position position = world.engine.records.size(); position > 0; --position) {
    world.lists.audit_rows.push_back(position);
  }
  const Answer all = world.get("/api/v1/audit?limit=2", world.operator_);
  ASSERT_EQ(all.items().size(), 2u) << all.text;
  EXPECT_EQ(all.items()[0].at("command").as_string(), "OpenDispute");
  EXPECT_EQ(all.items()[0].at("actor").as_string(), to_text(world.town.driver));
  EXPECT_EQ(all.items()[0].at("position").as_int64(), static_cast<int64_t>(world.engine.records.size()));
  const std::string next = all.string("next");
  EXPECT_NE(world.get("/api/v1/audit?limit=2&cursor=" + next, world.operator_).items()[0].at("command").as_string(),
            "OpenDispute");
}

TEST(Audit, AsksTheIndexForWhatTheOperatorAsksFor) {
  TestWorld world;
  const Answer found =
      world.get("/api/v1/audit?stream=site-1&kind=staff&word=BookingRequested&actor=" + to_text(world.town.driver) +
                    "&from=" + world.after(0h) + "&to=" + world.after(1h),
                world.operator_);
  ASSERT_EQ(found.status, 200) << found.text;
  const AuditFilter& asked = world.lists.audit_asked;
  EXPECT_EQ(asked.stream, "site-1");
  EXPECT_EQ(asked.word, "BookingRequested");
  EXPECT_EQ(asked.kind, core::Actor::Kind::staff);
  EXPECT_EQ(asked.actor, world.town.driver);
  ASSERT_TRUE(asked.from && asked.to);
  EXPECT_EQ(*asked.to - *asked.from, 1h);
  EXPECT_EQ(world.get("/api/v1/audit?from=noon", world.operator_).code(), "bad_field");
  EXPECT_EQ(world.get("/api/v1/audit?actor=me", world.operator_).code(), "bad_field");
  EXPECT_EQ(world.get("/api/v1/audit?kind=robot", world.operator_).code(), "bad_field");
}

TEST(MyAlarms, AreThoseOneHasBeenToldOfAndNobodyElses) {
  TestWorld world;
  ASSERT_EQ(world.post("/api/v1/bookings", world.booking_body(0h, 1h, 0), world.driver).status, 201);
  world.tell(core::RecordOccupancy{world.town.bays[0], true, world.town.now});
  world.tell(
      core::IdentifyVehicle{world.town.bays[0], core::IdentityVia::plate, core::print_of(1), {}, world.town.now});
  world.tell(
      core::ReportHazard{world.town.site, world.town.bays[0], core::IncidentKind::smoke, true, {}, world.town.now});
  const Answer mine = world.get("/api/v1/me/alarms", world.driver);
  ASSERT_EQ(mine.items().size(), 1u) << mine.text;
  EXPECT_EQ(mine.items()[0].at("kind").as_string(), "smoke");
  EXPECT_EQ(mine.items()[0].at("severity").as_string(), "danger");
  EXPECT_EQ(mine.items()[0].at("bay_label").as_string(), "B1");
  EXPECT_FALSE(mine.items()[0].at("over").as_bool());
  EXPECT_EQ(world.get("/api/v1/me/alarms", world.stranger).items().size(), 0u);
  const std::string incident(mine.items()[0].at("incident").as_string().c_str());
  EXPECT_EQ(world.post("/api/v1/incidents/" + incident + "/acknowledge", "", world.driver).status, 204);
}

}  // namespace
}  // namespace bayward::api
