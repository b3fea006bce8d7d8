#include "site/entrance/guide.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'900'000'000);

// gate - j1 - j2 - j3 in a line of 56 m each (20 s), a bay left and right of j2 and j3.
core::GarageGraph graph(bool sensors) {
  core::GaragePlan plan{.levels = {"P1"}};
  const auto node = [&](std::string name, core::GarageNodeKind kind, int32_t east, int32_t north, uint64_t bay = 0) {
    plan.nodes.push_back({.name = std::move(name),
                          .kind = kind,
                          .east_dm = east,
                          .north_dm = north,
                          .level = "P1",
                          .bay = BayId{bay},
                          .sensor = sensors && kind == core::GarageNodeKind::junction});
  };
  using enum core::GarageNodeKind;
  node("gate", entrance, 0, 0);
  node("j1", junction, 0, 560);
  node("j2", junction, 0, 1120);
  node("j3", junction, 0, 1680);
  node("w2", bay, -280, 1120, 1);
  node("e2", bay, 280, 1120, 2);
  node("w3", bay, -280, 1680, 3);
  node("e3", bay, 280, 1680, 4);
  plan.lanes = {{"gate", "j1"}, {"j1", "j2"}, {"j2", "j3"}, {"j2", "w2"}, {"j2", "e2"}, {"j3", "w3"}, {"j3", "e3"}};
  auto built = core::GarageGraph::build(plan);
  EXPECT_TRUE(built.ok());
  return *built;
}

CarToGuide car(uint64_t booking, uint64_t bay) {
  return {BookingId{booking}, BayId{bay}};
}
LampShow at(const Guide& guide, const std::string& lamp) {
  const auto found = guide.lamps().find(lamp);
  return found == guide.lamps().end() ? LampShow{} : found->second;
}

TEST(Guide, NothingIsLitForNobody) {
  Guide guide(graph(true), {});
  guide.advance(start);
  guide.passed("j1", start);
  EXPECT_TRUE(guide.lamps().empty());
}

TEST(Guide, TheLampsGoWithTheCar) {
  Guide guide(graph(true), {});
  guide.start("gate", car(1, 1), start);
  EXPECT_EQ(at(guide, "gate").sign, LampSign::straight);
  EXPECT_EQ(at(guide, "j1").sign, LampSign::straight);
  EXPECT_EQ(at(guide, "j2").sign, LampSign::off) << "not yet: the car is 40 s away";
  EXPECT_EQ(at(guide, Guide::bay_lamp(BayId{1})).sign, LampSign::here);

  guide.passed("j1", start + 20s);
  EXPECT_EQ(at(guide, "gate").sign, LampSign::off);
  EXPECT_EQ(at(guide, "j1").sign, LampSign::off);
  EXPECT_EQ(at(guide, "j2").sign, LampSign::left);
  guide.passed("j2", start + 41s);
  EXPECT_EQ(at(guide, "j2").sign, LampSign::off);
  EXPECT_EQ(guide.lamps().size(), 1U) << "the bay's own lamp goes on flashing";
  guide.arrived(BayId{1}, start + 50s);
  EXPECT_TRUE(guide.lamps().empty());
  const auto events = guide.take_events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].what, GuideWhat::started);
  EXPECT_EQ(events[1].what, GuideWhat::arrived);
}

TEST(Guide, WithoutSensorsTheTravelTimeMovesTheLamps) {
  Guide guide(graph(false), {});
  guide.start("gate", car(1, 1), start);
  guide.advance(start + 24s);
  EXPECT_EQ(at(guide, "j1").sign, LampSign::straight) << "it may be a little slow";
  guide.advance(start + 31s);
  EXPECT_EQ(at(guide, "j1").sign, LampSign::off);
  EXPECT_EQ(at(guide, "j2").sign, LampSign::left);
}

TEST(Guide, TwoCarsHaveTwoColoursAndALampShowsOneAtATime) {
  Guide guide(graph(true), {});
  guide.start("gate", car(1, 1), start);
  guide.start("gate", car(2, 4), start + 5s);
  const LampColour first = at(guide, Guide::bay_lamp(BayId{1})).colour;
  const LampColour second = at(guide, Guide::bay_lamp(BayId{4})).colour;
  EXPECT_NE(first, second);
  EXPECT_NE(rhythm_of(first), rhythm_of(second));
  EXPECT_EQ(at(guide, "j1").colour, first) << "the first car comes first";
  guide.passed("j1", start + 20s);
  EXPECT_EQ(at(guide, "j1").colour, second);
  EXPECT_EQ(at(guide, "j2").colour, first);
  EXPECT_EQ(at(guide, "j2").sign, LampSign::left);
  guide.passed("j1", start + 26s);
  EXPECT_EQ(at(guide, "j2").colour, first) << "still: it has not passed";
  guide.passed("j2", start + 40s);
  EXPECT_EQ(at(guide, "j2").colour, second);
  EXPECT_EQ(at(guide, "j2").sign, LampSign::straight);
  guide.passed("j2", start + 46s);
  EXPECT_EQ(at(guide, "j3").sign, LampSign::right);
  EXPECT_EQ(at(guide, "j3").colour, second);
}

TEST(Guide, ACarThatNobodyGuidesMovesNoLamp) {
  Guide guide(graph(true), {});
  guide.start("gate", car(1, 3), start);
  guide.passed("j3", start + 1s);  // a car that leaves, far away
  EXPECT_EQ(at(guide, "j1").sign, LampSign::straight) << "ours is still before j1";
}

TEST(Guide, TheSeventhCarWaitsForAColour) {
  core::GaragePlan plan{.levels = {"P1"}};
  plan.nodes.push_back({.name = "gate", .kind = core::GarageNodeKind::entrance, .level = "P1"});
  for (uint64_t i = 1; i <= 8; ++i) {
    plan.nodes.push_back({.name = "b" + std::to_string(i),
                          .kind = core::GarageNodeKind::bay,
                          .east_dm = static_cast<int32_t>(i * 100),
                          .level = "P1",
                          .bay = BayId{i}});
    plan.lanes.push_back({"gate", "b" + std::to_string(i)});
  }
  Guide guide(*core::GarageGraph::build(plan), {});
  for (uint64_t i = 1; i <= 7; ++i) guide.start("gate", car(i, i), start);
  auto events = guide.take_events();
  EXPECT_EQ(events.back().what, GuideWhat::waiting);
  EXPECT_EQ(guide.lamps().count(Guide::bay_lamp(BayId{7})), 0U);
  guide.arrived(BayId{3}, start + 5s);
  events = guide.take_events();
  EXPECT_EQ(events.back().what, GuideWhat::started);
  EXPECT_EQ(events.back().car.booking, BookingId{7});
}

TEST(Guide, ALostCarsLampsGoOff) {
  Guide guide(graph(true), {});
  guide.start("gate", car(1, 1), start);
  guide.advance(start + 2min);
  EXPECT_FALSE(guide.lamps().empty());
  guide.advance(start + 10min);
  EXPECT_TRUE(guide.lamps().empty());
  EXPECT_EQ(guide.take_events().back().what, GuideWhat::lost);
}

TEST(Guide, ABayThatIsNotInThePlanIsSaidNotShown) {
  Guide guide(graph(true), {});
  guide.start("gate", car(1, 99), start);
  guide.start("nowhere", car(1, 1), start);
  EXPECT_TRUE(guide.lamps().empty());
  const auto events = guide.take_events();
  EXPECT_EQ(events[0].reason, "the bay is not in the garage plan");
  EXPECT_EQ(events[1].reason, "the entrance is not in the garage plan");
}

// What a reader of the lamps may count on, whatever happens in whatever order.
TEST(Guide, AnyTrafficKeepsTheRules) {
  EXPECT_TRUE(rc::check("the rules of the header", [] {
    const core::GarageGraph plan = graph(*rc::gen::arbitrary<bool>());
    Guide guide(plan, {});
    Instant now = start;
    std::map<uint64_t, LampColour> guided;  // by bay
    uint64_t booking = 0;
    const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
        rc::gen::tuple(rc::gen::inRange(0, 5), rc::gen::inRange(1, 5), rc::gen::inRange(0, 30)));
    for (const auto& [what, which, seconds] : steps) {
      now += std::chrono::seconds{seconds};
      const auto bay = static_cast<uint64_t>(which);
      if (what == 0) guide.start("gate", car(++booking, bay), now);
      if (what == 1) guide.passed("j" + std::to_string(which), now);
      if (what == 2) guide.arrived(BayId{bay}, now);
      if (what == 3) guide.end(BookingId{booking}, now);
      if (what == 4) guide.advance(now);
      for (const GuideEvent& event : guide.take_events()) {
        if (event.what == GuideWhat::started) {
          guided[event.car.bay.value] = event.colour;
        } else {
          guided.erase(event.car.bay.value);
        }
      }
      std::set<LampColour> colours;
      for (const auto& [id, colour] : guided) RC_ASSERT(colours.insert(colour).second);
      for (const auto& [lamp, show] : guide.lamps()) {
        RC_ASSERT(colours.contains(show.colour));  // nobody's colour is never lit
        RC_ASSERT(show.rhythm == rhythm_of(show.colour));
        if (lamp.starts_with("bay.")) continue;
        // The sign is the turn of that car's own way at that junction.
        const auto owner = std::ranges::find(guided, show.colour, [](const auto& one) { return one.second; });
        const auto way = core::shortest_route(plan, *plan.find("gate"), *plan.find(BayId{owner->first}));
        const auto step =
            std::ranges::find(*way, *plan.find(lamp), [](const core::RouteStep& one) { return one.node; });
        RC_ASSERT(step != way->end());
        RC_ASSERT(to_text(step->turn) == to_text(show.sign));
      }
      RC_ASSERT(guided.empty() == guide.lamps().empty());
    }
    guide.advance(now + 1h);
    RC_ASSERT(guide.lamps().empty());
  }));
}

}  // namespace
}  // namespace bayward::site
