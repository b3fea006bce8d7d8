#include "api/live/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/world.h"
#include "base/limits.h"

namespace bayward::api {
namespace {

using enum HttpMethod;
using testing::HasSubstr;
using testing::Not;

class Watch {
 public:
  Watch(TestWorld& world, const std::string& token, const std::string& last = {}, const std::string& query = {})
      : world_(world),
        exchange_(world.start(get, "/api/v1/feed" + query, {}, {.token = token, .last_event_id = last})) {
    EXPECT_TRUE(world.until([&] { return exchange_->events() != nullptr; }));
  }
  ~Watch() { exchange_->events()->close(); }

  std::string all() const {
    std::string text;
    for (const std::string& frame : exchange_->events()->frames()) text += frame;
    return text;
  }
  bool sees(const std::string& what) {
    return world_.until([&] { return all().find(what) != std::string::npos; });
  }
  bool open() const { return exchange_->events()->open(); }
  // The id of the last event so far.
  std::string last_id() const {
    const std::string text = all();
    const size_t at = text.rfind("id: ");
    return at == std::string::npos ? "" : text.substr(at + 4, text.find('\n', at) - at - 4);
  }

 private:
  TestWorld& world_;
  std::shared_ptr<FakeExchange> exchange_;
};

TEST(Feed, ADriverSeesTheOwnBookingAndAStrangerOnlyTheBay) {
  TestWorld world;
  Watch mine(world, world.driver);
  Watch theirs(world, world.other);
  Watch anonymous(world, "");
  Watch staff(world, world.property);
  ASSERT_EQ(world.post("/api/v1/bookings", world.booking_body(0h), world.driver).status, 201);
  EXPECT_TRUE(mine.sees("event: booking"));
  EXPECT_TRUE(staff.sees("event: booking"));
  for (Watch* outsider : {&theirs, &anonymous}) {
    EXPECT_TRUE(outsider->sees("\"state\":\"held\""));
    EXPECT_THAT(outsider->all(), Not(HasSubstr("event: booking")));
    EXPECT_THAT(outsider->all(), Not(HasSubstr("acc-")));
  }
}

TEST(Feed, TheOwnerIsToldThatTheBayIsBookedAndNobodyElseIs) {
  TestWorld world;
  Watch owner(world, world.owner);
  Watch driver(world, world.driver);
  ASSERT_EQ(world.post("/api/v1/bookings", world.booking_body(4h), world.driver).status, 201);
  EXPECT_TRUE(owner.sees("\"notice\":\"bay_booked\""));
  EXPECT_TRUE(driver.sees("event: booking"));
  EXPECT_THAT(driver.all(), Not(HasSubstr("bay_booked")));
}

TEST(Feed, AReaderThatComesBackMissesNothing) {
  TestWorld world;
  std::string last;
  {
    Watch before(world, world.driver);
    ASSERT_TRUE(before.sees("event: hello"));
    last = before.last_id();
  }
  const Answer made = world.post("/api/v1/bookings", world.booking_body(4h), world.driver);
  Watch after(world, world.driver, last);
  EXPECT_TRUE(after.sees(made.string("booking")));
}

TEST(Feed, AReaderThatComesBackAfterARestartMissesNothing) {
  TestWorld world;
  std::string last;
  {
    Watch before(world, world.driver);
    ASSERT_TRUE(before.sees("event: hello"));
    last = before.last_id();
  }
  const Answer made = world.post("/api/v1/bookings", world.booking_body(4h), world.driver);
  world.stop_server();
  world.start_server();
  Watch after(world, world.driver, last);
  EXPECT_TRUE(after.sees(made.string("booking")));
}

TEST(Feed, WhoeverWasAwayTooLongOrNamesNonsenseIsToldToReload) {
  TestWorld world;
  for (const std::string& id : {"nonsense", "99999999.1", "1.2.3"}) {
    Watch watch(world, world.driver, id);
    EXPECT_TRUE(watch.sees("event: reset")) << id;
  }
}

TEST(Feed, EndsWhenTheTokenDoes) {
  TestWorld world;
  Watch watch(world, world.driver);
  ASSERT_TRUE(watch.open());
  EXPECT_EQ(world.send(post, "/api/v1/logout", {}, {.token = world.driver}).status, 204);
  EXPECT_TRUE(world.until([&] { return !watch.open(); }));
}

TEST(Feed, AWindowThatOpensOrIsWithdrawnIsToldAtOnce) {
  TestWorld world;
  core::BayInfo info;
  info.label = "evening";
  info.owner = world.town.owner;
  world.tell(core::DefineBay{world.town.site, info});
  core::Window window;
  window.bay = site_scoped<BayId>(world.town.site, 5);
  window.week.fill({{18 * 60, 22 * 60}});
  window.last_day = 80'000;
  world.tell(core::PublishWindow{window});
  Watch watch(world, world.driver);
  const std::string label = "\"label\":\"evening\",";
  EXPECT_TRUE(watch.sees(label + "\"state\":\"closed\""));
  world.clock.advance(10h);  // it was nine
  EXPECT_TRUE(watch.sees(label + "\"state\":\"free\""));
  const size_t told = watch.all().size();
  world.tell(core::WithdrawWindow{world.town.the_site().windows.rbegin()->first});
  EXPECT_TRUE(world.until([&] { return watch.all().find("\"state\":\"closed\"", told) != std::string::npos; }));
}

TEST(Feed, EveryBayOfAnIncidentIsToldWhenItIsOver) {
  TestWorld world;
  for (const size_t bay : {size_t{0}, size_t{1}}) {
    world.tell(core::ReportHazard{world.town.site, world.town.bays[bay], core::IncidentKind::smoke, true, {}, {}});
  }
  Watch watch(world, world.driver);
  const auto told = [&](const std::string& bay, const std::string& incident) {
    return watch.sees("\"bay_now\":{\"bay\":\"" + bay + "\"") && watch.sees("\"incident\":" + incident);
  };
  EXPECT_TRUE(told(world.bay(1), "\"smoke\""));
  const size_t before = watch.all().size();
  IncidentId incident;
  world.town.the_site().incidents.for_each([&](const core::Incident& one) { incident = one.id; });
  ASSERT_EQ(world.town.the_site().incidents.size(), 1u);
  world.tell(core::CloseIncident{incident, true});
  for (const size_t bay : {size_t{0}, size_t{1}}) {
    EXPECT_TRUE(
        world.until([&] { return watch.all().find("{\"bay\":\"" + world.bay(bay), before) != std::string::npos; }));
  }
}

TEST(Feed, ManyReadersThatComeBackGetWhatTheyMissedInOrder) {
  TestWorld world;
  std::string last;
  {
    Watch before(world, world.driver);
    ASSERT_TRUE(before.sees("event: hello"));
    last = before.last_id();
  }
  constexpr int changes = 700;  // more than one piece
  for (int i = 0; i < changes; ++i) world.tell(core::RecordStationLink{world.town.station, i % 2 == 1});
  std::vector<std::unique_ptr<Watch>> readers;
  for (int i = 0; i < 20; ++i) readers.push_back(std::make_unique<Watch>(world, world.property, last));
  for (const auto& reader : readers) {
    const auto count = [&] {
      const std::string all = reader->all();
      int found = 0;
      for (size_t at = 0; (at = all.find("event: station", at)) != std::string::npos; ++at) ++found;
      return found;
    };
    EXPECT_TRUE(world.until([&] { return count() == changes; })) << count();
  }
}

TEST(Feed, OfAnotherSiteIsSilent) {
  TestWorld world;
  Watch watch(world, world.driver, {}, "?site=site-9");
  Watch all(world, world.driver);
  ASSERT_EQ(world.post("/api/v1/bookings", world.booking_body(4h), world.driver).status, 201);
  EXPECT_TRUE(all.sees("event: booking"));
  EXPECT_THAT(watch.all(), Not(HasSubstr("event: booking")));
}

}  // namespace
}  // namespace bayward::api
