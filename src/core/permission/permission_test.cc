#include "core/permission/permission.h"

#include <gtest/gtest.h>

#include "core/permission/day_schedule.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

class SharedPile : public testing::Test {
 protected:
  PermissionId grant(int32_t per_day, int32_t per_week, WeekPattern hours = all_day()) {
    Permission permission;
    permission.account = world.driver;
    permission.groups = {"pile"};
    permission.hours = std::move(hours);
    permission.last_day = 80'000;
    permission.slots_per_day = per_day;
    permission.slots_per_week = per_week;
    return PermissionId{world.make(GrantPermission{world.site, permission})};
  }
  static WeekPattern all_day() {
    WeekPattern hours;
    hours.fill({{0, 1440}});
    return hours;
  }
  std::string ask(AccountId account, Duration in, Duration length) {
    return World::text(world.run(world.wish(account, world.bays[3], world.now + in, length)));
  }
  World world;
};

// A3
TEST_F(SharedPile, IsClosedToEverybodyWithoutPermission) {
  EXPECT_EQ(ask(world.driver, 1h, 1h), "no_permission");
  grant(0, 0);
  EXPECT_EQ(ask(world.driver, 1h, 1h), "BookingRequested");
  EXPECT_EQ(ask(world.other, 2h, 1h), "no_permission");
}

TEST_F(SharedPile, OnlyInThePermittedHours) {
  WeekPattern hours;
  hours[0] = {{600, 720}};  // Mondays 10:00 to 12:00 local; it is 09:00
  grant(0, 0, hours);
  EXPECT_EQ(ask(world.driver, 30min, 1h), "no_permission");
  EXPECT_EQ(ask(world.driver, 1h, 2h + 15min), "no_permission");
  EXPECT_EQ(ask(world.driver, 1h, 2h), "BookingRequested");
  EXPECT_EQ(ask(world.driver, 25h, 1h), "no_permission") << "Tuesday";
}

TEST_F(SharedPile, TheDaysQuotaCountsSlotsAndFreedOnesComeBack) {
  grant(6, 0);
  EXPECT_EQ(ask(world.driver, 2h, 1h), "BookingRequested");
  const BookingId id = world.the_site().live_of_account.at(world.driver).front();
  EXPECT_EQ(ask(world.driver, 4h, 45min), "quota_exhausted");
  EXPECT_EQ(ask(world.driver, 4h, 30min), "BookingRequested");
  EXPECT_EQ(ask(world.driver, 24h, 1h), "BookingRequested") << "another day";
  world.make(CancelBooking{id});
  EXPECT_EQ(ask(world.driver, 6h, 1h), "BookingRequested");
}

TEST_F(SharedPile, TheWeeksQuotaEndsOnSunday) {
  grant(0, 8);
  EXPECT_EQ(ask(world.driver, 2h, 1h), "BookingRequested");
  EXPECT_EQ(ask(world.driver, 26h, 1h), "BookingRequested");
  EXPECT_EQ(ask(world.driver, 4 * 24h, 15min), "quota_exhausted");
  EXPECT_EQ(ask(world.driver, 7 * 24h, 1h), "BookingRequested") << "next Monday";
}

TEST_F(SharedPile, AnExtensionUsesTheQuotaOfItsOwnPermission) {
  grant(4, 0);
  EXPECT_EQ(ask(world.driver, 2h, 1h), "BookingRequested");
  const BookingId id = world.the_site().live_of_account.at(world.driver).front();
  EXPECT_EQ(World::text(world.run_as(world.driver, ExtendBooking{id, world.get(id).span.end + 15min})),
            "quota_exhausted");
  grant(4, 0);
  EXPECT_EQ(World::text(world.run_as(world.driver, ExtendBooking{id, world.get(id).span.end + 15min})),
            "quota_exhausted")
      << "a second permission has slots left, but the booking is the first one's";
}

TEST_F(SharedPile, OverMidnightEachDayCountsItsOwnSlots) {
  grant(4, 0);
  EXPECT_EQ(ask(world.driver, 14h + 45min, 1h), "BookingRequested") << "23:45 to 00:45";
  EXPECT_EQ(ask(world.driver, 17h, 30min), "quota_exhausted");
  EXPECT_EQ(ask(world.driver, 17h, 15min), "BookingRequested");
  EXPECT_EQ(ask(world.driver, 10h, 1h), "quota_exhausted");
  EXPECT_EQ(ask(world.driver, 10h, 45min), "BookingRequested");
}

TEST_F(SharedPile, RevokingClosesItAgainAndKeepsWhatIsBooked) {
  const PermissionId id = grant(0, 0);
  EXPECT_EQ(ask(world.driver, 1h, 1h), "BookingRequested");
  world.make(RevokePermission{id});
  EXPECT_EQ(ask(world.driver, 3h, 1h), "no_permission");
  EXPECT_EQ(world.the_site().live_of_account.at(world.driver).size(), 1u);
  EXPECT_EQ(World::text(world.run(RevokePermission{id})), "unknown_thing");
  world.make(CancelBooking{world.the_site().live_of_account.at(world.driver).front()});
  EXPECT_TRUE(world.the_site().permission_uses.empty()) << "nothing is counted against what is gone";
}

TEST_F(SharedPile, BadPermissionsAreRefused) {
  Permission permission;
  permission.account = world.driver;
  EXPECT_EQ(World::text(world.run(GrantPermission{world.site, permission})), "invalid") << "names no bay";
  permission.bays = {site_scoped<BayId>(world.site, 99)};
  EXPECT_EQ(World::text(world.run(GrantPermission{world.site, permission})), "unknown_bay");
  permission.bays = {world.bays[3]};
  permission.slots_per_day = -1;
  EXPECT_EQ(World::text(world.run(GrantPermission{world.site, permission})), "invalid");
}

// A4
TEST(DaySchedule, CoversTheWholeDayWithoutGaps) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 2h, 1h);
  const Site& site = world.the_site();
  const int32_t summer_time = to_days(Date{std::chrono::year{2026}, std::chrono::month{3}, std::chrono::day{29}});
  for (int32_t day : {site.today, site.today + 1, summer_time}) {
    const auto schedule = day_schedule(site, *site.bay(world.bays[0]), day);
    ASSERT_FALSE(schedule.empty());
    Instant at = site.zone.day(from_days(day)).start;
    for (const ScheduleEntry& entry : schedule) {
      EXPECT_EQ(entry.span.start, at);
      at = entry.span.end;
    }
    EXPECT_EQ(at, site.zone.day(from_days(day)).end);
  }
  const auto today = day_schedule(site, *site.bay(world.bays[0]), site.today);
  ASSERT_EQ(today.size(), 3u);
  EXPECT_EQ(today[1].use, SlotUse::booked);
  EXPECT_EQ(today[1].booking, id);
  EXPECT_EQ(today[1].account, world.driver);
  EXPECT_EQ(today[1].span, world.get(id).span);
  EXPECT_EQ(today[0].use, SlotUse::open);
}

TEST(DaySchedule, SaysClosedOutsideTheWindowsAndNothingBeyondTheHorizon) {
  World world;
  world.make(SetWindowException{world.the_site().windows.rbegin()->first, world.the_site().today + 1, {{600, 660}}});
  const Site& site = world.the_site();
  const auto schedule = day_schedule(site, *site.bay(world.bays[3]), site.today + 1);
  ASSERT_EQ(schedule.size(), 3u);
  EXPECT_EQ(schedule[0].use, SlotUse::closed);
  EXPECT_EQ(schedule[1].use, SlotUse::open);
  EXPECT_TRUE(day_schedule(site, *site.bay(world.bays[3]), site.today + 400).empty());
}

}  // namespace
}  // namespace bayward::core
