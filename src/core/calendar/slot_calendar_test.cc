#include "core/calendar/slot_calendar.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "core/tariff/examples_for_test.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

using tariff_examples::utc;

TEST(SlotCalendar, AnIntervalTouchesEverySlotItHasAMillisecondOf) {
  const SlotCalendar calendar(900);
  const Instant at = utc("2026-03-23T08:00:00Z");
  const Slot first = calendar.slot_at(at);
  EXPECT_EQ(calendar.touching({at, at + 15min}), (SlotRange{first, first + 1}));
  EXPECT_EQ(calendar.touching({at, at + 15min + 1ms}), (SlotRange{first, first + 2}));
  EXPECT_EQ(calendar.touching({at - 1ms, at + 1ms}), (SlotRange{first - 1, first + 1}));
  EXPECT_EQ(calendar.touching({at + 1ms, at + 2ms}), (SlotRange{first, first + 1}));
}

TEST(SlotCalendar, OnlyWholeSlotsAreAligned) {
  const SlotCalendar calendar(900);
  const Instant at = utc("2026-03-23T08:00:00Z");
  EXPECT_TRUE(calendar.aligned({at, at + 15min}));
  EXPECT_FALSE(calendar.aligned({at, at}));
  EXPECT_FALSE(calendar.aligned({at + 15min, at}));
  EXPECT_FALSE(calendar.aligned({at, at + 15min + 1ms}));
  EXPECT_FALSE(calendar.aligned({at + 1s, at + 15min}));
}

TEST(SlotCalendar, AZoneWhoseOffsetsAreNoMultipleOfTheUnitDoesNotFit) {
  EXPECT_TRUE(SlotCalendar::fits_zone(tariff_examples::berlin(), 3600));
  EXPECT_TRUE(SlotCalendar::fits_zone(tariff_examples::lord_howe(), 1800));
  EXPECT_FALSE(SlotCalendar::fits_zone(tariff_examples::lord_howe(), 3600));
  EXPECT_FALSE(SlotCalendar::fits_zone({"Asia/Kathmandu", 20700, {}}, 1800));
  EXPECT_TRUE(SlotCalendar::fits_zone({"Asia/Kathmandu", 20700, {}}, 900));
}

// The calendar against sets of (bay, slot).
struct Naive {
  std::set<std::pair<BayIndex, Slot>> open, taken;
  Slot first = 0, end = 0;
  bool free(BayIndex bay, Slot slot) const {
    return slot >= first && slot < end && open.contains({bay, slot}) && !taken.contains({bay, slot});
  }
  bool free(BayIndex bay, SlotRange range) const {
    for (Slot slot = range.first; slot < range.end; ++slot) {
      if (!free(bay, slot)) return false;
    }
    return range.first < range.end;
  }
  void move(Slot to_first, Slot to_end) {
    first = to_first;
    end = to_end;
    const auto gone = [&](const auto& item) { return item.second < first; };
    std::erase_if(open, gone);
    std::erase_if(taken, gone);
  }
};

void expect_same(const SlotCalendar& calendar, const Naive& naive, BayIndex bays) {
  for (Slot slot = naive.first - 3; slot < naive.end + 3; ++slot) {
    for (BayIndex bay = 0; bay < bays; ++bay) {
      RC_ASSERT(calendar.free(bay, slot) == naive.free(bay, slot));
      const uint64_t free = calendar.free_bays({slot, slot + 1}, bay / 64);
      RC_ASSERT(((free >> (bay % 64)) & 1) == (naive.free(bay, slot) ? 1u : 0u));
    }
  }
}

void expect_same_runs(const SlotCalendar& calendar, const Naive& naive, BayIndex bays) {
  constexpr int64_t limit = 80;
  for (BayIndex bay = 0; bay < bays; bay += 7) {
    for (Slot from = naive.first - 2; from < naive.end + 2; from += 5) {
      int64_t free = 0;
      while (free < limit && naive.free(bay, from + free)) ++free;
      RC_ASSERT(calendar.free_run(bay, from, limit) == free);
      if (from < naive.first) continue;
      int64_t unfree = 0;
      while (unfree < limit && !naive.free(bay, from + unfree)) ++unfree;
      RC_ASSERT(calendar.unfree_run(bay, from, limit) == unfree);
    }
  }
}

TEST(SlotCalendar, BehavesAsASetOfSlots) {
  EXPECT_TRUE(rc::check([] {
    SlotCalendar calendar(900, 2);
    Naive naive;
    BayIndex bays = 70;  // more than one word
    calendar.resize_bays(bays);
    Slot first = 1'900'000;
    const auto move = [&](Slot by) {
      first += by;
      calendar.move_horizon(first, first + 120);
      naive.move(first, first + 120);
    };
    move(0);
    const int steps = *rc::gen::inRange(10, 60);
    for (int i = 0; i < steps; ++i) {
      const auto bay = static_cast<BayIndex>(*rc::gen::inRange(0, static_cast<int>(bays)));
      const Slot from = first + *rc::gen::inRange(-5, 122);
      const SlotRange range{from, from + *rc::gen::inRange(1, 20)};
      switch (*rc::gen::inRange(0, 5)) {
        case 0:
          move(*rc::gen::inRange(0, 50));
          break;
        case 1:
          if (bays < 150) calendar.resize_bays(bays += 1);
          break;
        case 2:
        case 3: {
          const bool open = *rc::gen::weightedElement<bool>({{3, true}, {1, false}});
          calendar.set_open(bay, range, open);
          for (Slot s = std::max(range.first, naive.first); s < std::min(range.end, naive.end); ++s) {
            open ? void(naive.open.insert({bay, s})) : void(naive.open.erase({bay, s}));
          }
          break;
        }
        default:
          RC_ASSERT(calendar.free(bay, range) == naive.free(bay, range));
          if (calendar.free(bay, range)) {
            calendar.take(bay, range);
            for (Slot s = range.first; s < range.end; ++s) naive.taken.insert({bay, s});
          } else if (calendar.untaken(bay, range) == false && naive.taken.contains({bay, range.first})) {
            calendar.release(bay, {range.first, range.first + 1});
            naive.taken.erase({bay, range.first});
          }
      }
    }
    expect_same(calendar, naive, bays);
    expect_same_runs(calendar, naive, bays);
  }));
}

// ---- windows, through the state: which slots a weekly pattern opens (A1, A2) ----

struct Day {
  ZoneRules zone;
  std::string noon;  // UTC, of the day asked about
  int64_t hours_e1;  // tenths
};

std::vector<Slot> open_slots(const Site& site, int32_t day) {
  std::vector<Slot> out;
  const SlotRange slots = site.calendar.touching(site.zone.day(from_days(day)));
  for (Slot slot = slots.first; slot < slots.end; ++slot) {
    if (site.calendar.open(0, {slot, slot + 1})) out.push_back(slot);
  }
  return out;
}

class WindowDays : public testing::TestWithParam<Day> {
 protected:
  // A site in that zone whose today is two days before the day asked about.
  void found(int32_t unit_s) {
    now = utc(GetParam().noon) - 48h;
    make(OpenAccount{print_of(1), role_owner});
    SiteRules rules;
    rules.slot_unit_s = unit_s;
    make(DefineSite{"S", {0, 0}, World::euro(), GetParam().zone, rules, AccountId{1}});
    BayInfo info;
    info.label = "A";
    info.owner = AccountId{1};
    make(DefineBay{SiteId{1}, info});
    day = to_days(GetParam().zone.local_date(utc(GetParam().noon)));
  }
  void publish(int16_t start, int16_t end) {
    Window window;
    window.bay = site_scoped<BayId>(SiteId{1}, 1);
    window.week.fill({{start, end}});
    window.last_day = 80'000;
    make(PublishWindow{window});
  }
  void make(const Command& command) {
    const Decided decided = decide(state, {}, command, now);
    ASSERT_TRUE(decided.ok()) << to_text(decided.error());
    for (const Event& event : decided->events) evolve(state, decided->stream, event, now);
  }
  State state;
  Instant now{};
  int32_t day = 0;
};

TEST_P(WindowDays, AroundTheClockOpensEverySlotOfTheDay) {
  found(1800);
  publish(0, 1440);
  EXPECT_EQ(open_slots(state.site(SiteId{1}), day).size(), static_cast<size_t>(GetParam().hours_e1 / 5));
}

TEST_P(WindowDays, PartsOpenExactlyTheSlotsTheWallClockShows) {
  found(900);
  publish(60, 1230);
  const Site& site = state.site(SiteId{1});
  const auto open = open_slots(site, day);
  const std::set<Slot> opened(open.begin(), open.end());
  const SlotRange slots = site.calendar.touching(site.zone.day(from_days(day)));
  const Date date = from_days(day);
  const Instant from = site.zone.at_local(date, 60);
  const Instant to = site.zone.at_local(date, 1230);
  for (Slot slot = slots.first; slot < slots.end; ++slot) {
    const Instant at = site.calendar.start_of(slot);
    EXPECT_EQ(opened.contains(slot), from <= at && at < to) << to_rfc3339(at);
  }
  EXPECT_EQ(site.zone.local(site.calendar.start_of(open.back())).minute, 1215);
}

INSTANTIATE_TEST_SUITE_P(Zones, WindowDays,
                         testing::Values(Day{tariff_examples::berlin(), "2026-03-28T12:00:00Z", 240},
                                         Day{tariff_examples::berlin(), "2026-03-29T12:00:00Z", 230},
                                         Day{tariff_examples::berlin(), "2026-10-25T12:00:00Z", 250},
                                         Day{tariff_examples::lord_howe(), "2026-10-04T01:00:00Z", 235},
                                         Day{tariff_examples::lord_howe(), "2026-04-05T01:00:00Z", 245},
                                         Day{tariff_examples::havana(), "2026-03-08T17:00:00Z", 230},
                                         Day{tariff_examples::havana(), "2026-11-01T17:00:00Z", 250},
                                         Day{tariff_examples::shanghai(), "2026-06-01T04:00:00Z", 240}));

TEST(Windows, AnExceptionReplacesThatDayAndWithdrawalClosesTheRest) {
  World world;
  const BayId bay = world.bays[2];
  const int32_t tomorrow = world.the_site().today + 1;
  const WindowId window = world.the_site().windows.begin()->first;
  ASSERT_EQ(world.the_site().windows.at(window).bay, world.bays[0]);
  const WindowId third{window.value + 2};
  ASSERT_EQ(world.the_site().windows.at(third).bay, bay);
  const auto open_on = [&](int32_t day) {
    const Site& site = world.the_site();
    const SlotRange slots = site.calendar.touching(site.zone.day(from_days(day)));
    int64_t open = 0;
    for (Slot slot = slots.first; slot < slots.end; ++slot) open += site.calendar.open(2, {slot, slot + 1});
    return open;
  };
  EXPECT_EQ(open_on(tomorrow), 96);
  world.make(SetWindowException{third, tomorrow, {{600, 660}}});
  EXPECT_EQ(open_on(tomorrow), 4);
  EXPECT_EQ(open_on(tomorrow + 1), 96);
  world.make(SetWindowException{third, tomorrow + 1, {}});
  EXPECT_EQ(open_on(tomorrow + 1), 0);
  const BookingId kept = world.book(world.driver, bay, 72h);
  world.make(WithdrawWindow{third});
  EXPECT_EQ(open_on(tomorrow + 2), 0);
  EXPECT_EQ(world.get(kept).phase, BookingPhase::confirmed) << "A1: a booking already made is honoured";
}

TEST(Windows, TheHorizonMovesWithTheDays) {
  World world;
  const Slot end = world.the_site().calendar.end();
  const auto request = world.wish(world.driver, world.bays[0], world.the_site().calendar.start_of(end), 1h);
  EXPECT_EQ(World::text(world.run(request)), "beyond_horizon");
  world.advance(24h);
  EXPECT_TRUE(world.run(request).ok());
}

}  // namespace
}  // namespace bayward::core
