// What holds for every sequence of inputs: exhaustively over a coarse input space to a bounded depth, and at random
// over long sequences. The judge below knows the limits but nothing of the machine's ways.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

#include "bay/safety/testing/samples.h"

namespace bayward::bay::safety {
namespace {

struct Act {
  const char* what;
  void (*change)(Sample&, Wishes&);
  Duration by{10ms};
  bool sensors_live = true;  // otherwise the readings keep their age
  int steps = 1;
};

// Each act changes one thing of the world and leaves the rest: a sequence of them reaches every combination.
const std::vector<Act>& acts() {
  using S = Sample;
  using W = Wishes;
  using C = Channel;
  static const std::vector<Act> all = {
      {"nothing", [](S&, W&) {}},
      {"half a second passes", [](S&, W&) {}, 500ms},
      {"six seconds pass", [](S&, W&) {}, 500ms, true, 12},
      {"hung", [](S&, W&) {}, 2s},
      {"time goes back", [](S&, W&) {}, -5ms},
      {"sensors freeze", [](S&, W&) {}, 400ms, false},
      {"a minute passes", [](S&, W&) {}, 60s},
      {"authorised", [](S&, W& w) { w.authorised = true; }},
      {"deauthorised", [](S&, W& w) { w.authorised = false; }},
      {"offer gone", [](S&, W& w) { w.offered_ma = 0; }},
      {"offer", [](S&, W& w) { w.offered_ma = 32'000; }},
      {"go on", [](S&, W& w) { w.carry_on = true; }},
      {"staff clears", [](S&, W& w) { w.clear = Remedy::staff; }},
      {"inspector clears", [](S&, W& w) { w.clear = Remedy::inspection; }},
      {"unplugged", [](S& s, W&) { s[C::pilot].value = 0; }},
      {"asks", [](S& s, W&) { s[C::pilot].value = 2; }},
      {"pilot shorted", [](S& s, W&) { s[C::pilot].value = 4; }},
      {"pilot nonsense", [](S& s, W&) { s[C::pilot].value = 17; }},
      {"locked", [](S& s, W&) { s[C::lock].value = 1; }},
      {"unlocked", [](S& s, W&) { s[C::lock].value = 0; }},
      {"earth", [](S& s, W&) { s[C::earth].value = 1; }},
      {"no earth", [](S& s, W&) { s[C::earth].value = 0; }},
      {"earth not measured", [](S& s, W&) { s[C::earth].value.reset(); }},
      {"cool", [](S& s, W&) { s[C::connector_temperature].value = s[C::cable_temperature].value = 25'000; }},
      {"warm", [](S& s, W&) { s[C::cable_temperature].value = 61'000; }},
      {"hot", [](S& s, W&) { s[C::cable_temperature].value = 74'000; }},
      {"burning", [](S& s, W&) { s[C::connector_temperature].value = 160'000; }},
      {"temperature gone", [](S& s, W&) { s[C::connector_temperature].value.reset(); }},
      {"smoke", [](S& s, W&) { s[C::smoke].value = 1; }},
      {"no smoke", [](S& s, W&) { s[C::smoke].value = 0; }},
      {"stop pressed", [](S& s, W&) { s[C::emergency_stop].value = 1; }},
      {"leak", [](S& s, W&) { s[C::residual_dc].value = 6'000; }},
      {"small leak", [](S& s, W&) { s[C::residual_ac].value = 16'000; }},
      {"no leak", [](S& s, W&) { s[C::residual_ac].value = s[C::residual_dc].value = 0; }},
      {"short circuit", [](S& s, W&) { s[C::current_l2].value = 200'000; }},
      {"overload", [](S& s, W&) { s[C::current_l2].value = 70'000; }},
      {"load", [](S& s, W&) { s[C::current_l2].value = 30'000; }},
      {"no load", [](S& s, W&) { s[C::current_l2].value = 0; }},
      {"mains gone", [](S& s, W&) { s[C::voltage_l1].value = 0; }},
      {"mains back", [](S& s, W&) { s[C::voltage_l1].value = 230'000; }},
      {"contactor says closed", [](S& s, W&) { s[C::contactor_feedback].value = 1; }},
      {"contactor says open", [](S& s, W&) { s[C::contactor_feedback].value = 0; }},
  };
  return all;
}

bool usable(const Sample& sample, Channel channel, Uptime now) {
  const Reading& reading = sample[channel];
  const ChannelRange& range = range_of(channel);
  return reading.value && *reading.value >= range.lowest && *reading.value <= range.highest && reading.at <= now &&
         now - reading.at <= 500ms;
}

// Why power must be off now, whatever was before; null when it may be on.
const char* forbidden(const Sample& sample, const Wishes& wishes, Uptime now) {
  for (size_t i = 0; i < channel_count; ++i) {
    const auto channel = static_cast<Channel>(i);
    if (channel != Channel::ambient_temperature && !usable(sample, channel, now))
      return "a reading cannot be relied upon";
  }
  const auto value = [&](Channel channel) { return *sample[channel].value; };
  if (!wishes.authorised) return "nobody is authorised";
  if (value(Channel::lock) != 1) return "not locked";
  if (value(Channel::earth) != 1) return "no earth";
  if (value(Channel::pilot) != 2) return "the car does not ask";
  if (value(Channel::smoke) == 1) return "smoke";
  if (value(Channel::emergency_stop) == 1) return "emergency stop";
  if (value(Channel::residual_ac) >= 30'000 || value(Channel::residual_dc) >= 6'000) return "residual current";
  if (value(Channel::connector_temperature) >= 125'000 || value(Channel::cable_temperature) >= 160'000) return "heat";
  for (const Channel phase : {Channel::voltage_l1, Channel::voltage_l2, Channel::voltage_l3}) {
    if (value(phase) < 115'000 || value(phase) >= 276'000) return "voltage";
  }
  for (const Channel phase : {Channel::current_l1, Channel::current_l2, Channel::current_l3}) {
    if (value(phase) >= 96'000) return "short circuit";
  }
  return nullptr;
}

// What may be so for a while only: since when it has been.
struct Lasting {
  std::optional<Uptime> hot, over, far_over;

  // Null when power may be on.
  const char* forbidden(const Sample& sample, Uptime now) {
    const auto most = [&](std::initializer_list<Channel> channels) {
      int32_t out = 0;
      for (const Channel channel : channels) out = std::max(out, sample[channel].value.value_or(0));
      return out;
    };
    const auto lasted = [&](std::optional<Uptime>& since, bool is_so, Duration allowed) {
      if (!is_so) since.reset();
      if (is_so && !since) since = now;
      return is_so && now - *since >= allowed;
    };
    const int32_t current_ma = most({Channel::current_l1, Channel::current_l2, Channel::current_l3});
    const bool too_hot = lasted(hot, most({Channel::cable_temperature}) > 70'000, 5s);
    const bool too_much = lasted(over, current_ma > 46'400, 2s);
    const bool far_too_much = lasted(far_over, current_ma > 64'000, 200ms);
    if (too_hot) return "above 70 °C for five seconds";
    return too_much || far_too_much ? "over-current for longer than it may" : nullptr;
  }
};

struct World {
  State state;
  Sample sample;
  Wishes wishes;
  Uptime now{1'000'000};
  Lasting lasting;
};

constexpr int32_t cool_mc = 25'000;
constexpr int32_t warm_mc = 65'000;  // near enough to the limit: what rises more at once is another fault

World beginning(bool charging, int32_t cable_mc = cool_mc) {
  World world;
  world.sample = testing::healthy(world.now);
  if (!charging) return world;
  testing::Bench bench;
  bench.seen()[Channel::cable_temperature].value = cable_mc;
  bench.charge();
  world.state = bench.state();
  world.now = bench.now();
  world.sample = testing::healthy(world.now);
  world.sample[Channel::contactor_feedback].value = 1;
  world.sample[Channel::cable_temperature].value = cable_mc;
  world.wishes = testing::charging();
  return world;
}

// Empty when all is well.
std::string play_step(World& world, const Act& act) {
  world.wishes.carry_on = false;
  world.wishes.clear.reset();
  act.change(world.sample, world.wishes);
  world.now += act.by;
  if (act.sensors_live) {
    for (Reading& reading : world.sample.readings) reading.at = world.now;
  }
  const State before = world.state;
  Step next = step(testing::test_config(), before, world.sample, world.wishes, world.now);
  world.state = next.state;
  const Outputs& out = next.outputs;
  if (out.close != next.state.closed) return "put out something else than it knows";
  if (out.close && !next.state.latched.empty()) return "power on while a fault is latched";
  const char* why = forbidden(world.sample, world.wishes, world.now);
  const char* for_too_long = world.lasting.forbidden(world.sample, world.now);
  if (!why) why = for_too_long;
  if (out.close && why) return std::string("power on: ") + why;
  if (out.close && !before.closed && *world.sample[Channel::contactor_feedback].value != 0)
    return "closed a closed one";
  if (out.duty_permille != 1000 && (!next.state.latched.empty() || !world.wishes.authorised)) return "offers power";
  const FaultSet gone = before.latched.without(next.state.latched);
  if (!(gone & next.state.active).empty()) return "a fault ended while its cause is there";
  const bool staff = world.wishes.clear.has_value();
  const bool inspector = world.wishes.clear == Remedy::inspection;
  if (!staff && !(gone & with_remedy(Remedy::staff)).empty()) return "a fault for staff ended by itself";
  if (!inspector && !(gone & with_remedy(Remedy::inspection)).empty()) return "a fault ended without its inspection";
  if (act.by < 0ms && out.close) return "power on while time goes back";
  if (act.by > 500ms && before.started && out.close) return "power on after a gap";
  return {};
}

std::string play(World& world, const Act& act) {
  std::string wrong;
  for (int i = 0; i < act.steps && wrong.empty(); ++i) wrong = play_step(world, act);
  return wrong;
}

size_t search(const World& world, int depth, std::string& path) {
  size_t steps = 0;
  for (const Act& act : acts()) {
    World next = world;
    const std::string wrong = play(next, act);
    ++steps;
    if (!wrong.empty()) {
      ADD_FAILURE() << wrong << " after" << path << ", " << act.what;
      return steps;
    }
    if (depth <= 1) continue;
    const size_t length = path.size();
    path += std::string(", ") + act.what;
    steps += search(next, depth - 1, path);
    path.resize(length);
    if (::testing::Test::HasFailure()) return steps;
  }
  return steps;
}

TEST(SafetyProperty, NoSequenceOfFourActsFromIdleGivesPowerItMustNot) {
  std::string path;
  EXPECT_GT(search(beginning(false), 4, path), 2'500'000U);
}

TEST(SafetyProperty, NoSequenceOfFourActsWhileChargingGivesPowerItMustNot) {
  std::string path;
  EXPECT_GT(search(beginning(true), 4, path), 2'500'000U);
}

TEST(SafetyProperty, NoSequenceOfThreeActsWithAWarmCableGivesPowerItMustNot) {
  std::string path;
  EXPECT_GT(search(beginning(true, warm_mc), 3, path), 70'000U);
}

TEST(SafetyProperty, PowerIsReachableSoTheSearchesMeanSomething) {
  EXPECT_TRUE(beginning(true).state.closed);
  EXPECT_TRUE(beginning(true, warm_mc).state.closed);
}

TEST(SafetyProperty, NoLongRandomSequenceGivesPowerItMustNot) {
  EXPECT_TRUE(rc::check([] {
    World world = beginning(*rc::gen::arbitrary<bool>(), *rc::gen::element(cool_mc, warm_mc));
    const auto picks = *rc::gen::container<std::vector<size_t>>(rc::gen::inRange<size_t>(0, acts().size()));
    for (const size_t pick : picks) {
      const std::string wrong = play(world, acts()[pick]);
      if (!wrong.empty()) RC_FAIL(wrong + " at " + acts()[pick].what);
    }
  }));
}

TEST(SafetyProperty, ArbitraryReadingsNeverGivePowerTheyMustNot) {
  EXPECT_TRUE(rc::check([] {
    World world = beginning(true);
    for (int i = 0; i < 20; ++i) {
      const size_t channel = *rc::gen::inRange<size_t>(0, channel_count);
      world.sample.readings[channel].value = [] {
        const auto drawn = *rc::gen::maybe(rc::gen::arbitrary<int32_t>());
        return drawn ? std::optional<int32_t>(*drawn) : std::nullopt;
      }();
      const std::string wrong = play(world, acts()[0]);
      if (!wrong.empty()) RC_FAIL(wrong);
    }
  }));
}

}  // namespace
}  // namespace bayward::bay::safety
