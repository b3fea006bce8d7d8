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
