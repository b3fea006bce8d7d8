#include "mesh/node.h"

#include <gtest/gtest.h>

#include <numeric>

#include "mesh/test_site.h"

namespace bayward::mesh::test {
namespace {

TEST(Node, TwoGatewaysFindEachOtherWithinASecond) {
  Site site(2, line_of(2));
  site.start_all();
  EXPECT_TRUE(site.converge(1s));
  ASSERT_NE(site.last<GatewayFound>(0), nullptr);
  EXPECT_EQ(site.last<GatewayFound>(0)->name, "gateway 2");
}

TEST(Node, AnAlarmGoesAlongTheWholeLineAtOnceAndEverybodyAcks) {
  Site site(12, line_of(12));
  site.start_all();
  ASSERT_TRUE(site.converge());
  site.run(5s);
  const uint64_t before = site.bus.frames_sent();
  const Instant raised = site.clock.now();
  const auto id = site.driver(0).raise_alarm(fire_at("B12"));
  ASSERT_TRUE(id.ok());
  ASSERT_TRUE(site.run_until([&] { return site.count<AlarmReceived>(11) == 1; }, 1s));
  EXPECT_EQ(site.clock.now(), raised) << "links without delay: nothing on the way waits for a timer";
  ASSERT_TRUE(site.run_until([&] { return site.count<AlarmAcked>(0) == 11; }, 2s));
  EXPECT_EQ(site.last<AlarmAcked>(0)->missing, 0u);
  site.run(1s);
  EXPECT_LT(site.bus.frames_sent() - before, 500u);
}

TEST(Node, ThirtyGatewaysOnOneSwitchFindEachOtherAndAreAlarmedWithFewFrames) {
  std::vector<size_t> all(30);
  std::iota(all.begin(), all.end(), size_t{0});
  Site site(all.size(), {all});
  site.start_all();
  ASSERT_TRUE(site.converge(10s));
  site.run(5s);
  EXPECT_LT(site.bus.frames_sent(), all.size() * all.size() * 6);
  const uint64_t before = site.bus.frames_sent();
  site.run(1s);
  const uint64_t background = site.bus.frames_sent() - before;
  EXPECT_LE(background, all.size() * 3) << "two greetings a second each";
  const auto id = site.driver(7).raise_alarm(fire_at("A1"));
  ASSERT_TRUE(site.run_until([&] { return site.count<AlarmAcked>(7) == all.size() - 1; }, 1s));
  site.run(1s);
  EXPECT_TRUE(site.has_alarm(29, *id));
  EXPECT_LE(site.bus.frames_sent() - before, 3 * background + all.size() * 10);
}

TEST(Node, AnAllClearIsNeverToldBeforeItsAlarm) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    Site site(4, line_of(4), {200, 100, 500, 40ms, 0ms, 5ms}, seed);
    site.start_all();
    ASSERT_TRUE(site.converge());
    site.run(11s);  // newcomers aren't told what is over
    const auto id = site.driver(0).raise_alarm(fire_at("A1"));
    ASSERT_TRUE(site.driver(0).all_clear(*id).ok());
    ASSERT_TRUE(site.run_until([&] { return site.count<AlarmCleared>(3) == 1; }, 30s)) << seed;
    bool raised = false;
    for (const Event& event : site.events(3)) {
      if (std::holds_alternative<AlarmReceived>(event)) raised = true;
      if (std::holds_alternative<AlarmCleared>(event)) {
        EXPECT_TRUE(raised) << seed;
      }
    }
  }
}

TEST(Node, WhoComesLaterGetsOpenAlarmsAndStates) {
  Site site(3, line_of(3));
  site.start(0);
  site.start(1);
  ASSERT_TRUE(site.converge());
  const auto id = site.driver(0).raise_alarm(fire_at("A1"));
  BayState state;
  state.bay = "A1";
  state.condition = BayCondition::charging;
  ASSERT_TRUE(site.driver(0).publish_state(state).ok());
  site.run(20s);
  site.start(2);
  ASSERT_TRUE(site.run_until([&] { return site.has_alarm(2, *id) && site.count<StateReceived>(2) == 1; }, 3s));
  EXPECT_EQ(site.last<StateReceived>(2)->state, state);
  ASSERT_TRUE(site.run_until([&] { return site.last<AlarmAcked>(0)->by == al_mac_of(2); }, 3s));
}

TEST(Node, AnAlarmSurvivesTheRebootOfItsOrigin) {
  Site site(2, line_of(2));
  site.start_all();
  ASSERT_TRUE(site.converge());
  const auto id = site.driver(0).raise_alarm(fire_at("A1"));
  ASSERT_TRUE(site.run_until([&] { return site.has_alarm(1, *id); }, 1s));
  site.restart(0);
  ASSERT_TRUE(site.run_until([&] { return site.has_alarm(0, *id); }, 5s));
  EXPECT_EQ(site.last<AlarmReceived>(0)->alarm.id.origin, al_mac_of(0));
  ASSERT_TRUE(site.driver(0).all_clear(*id).ok());
  EXPECT_TRUE(site.run_until([&] { return site.has_alarm(1, *id, true); }, 1s));
}

TEST(Node, AnyGatewayMayClearAnAlarmAndGrowingDangerReachesAll) {
  Site site(3, line_of(3));
  site.start_all();
  ASSERT_TRUE(site.converge());
  const auto id = site.driver(0).raise_alarm(fire_at("A1"));
  AlarmContent grown = fire_at("A1");
  grown.growing_after_cut = true;
  ASSERT_TRUE(site.driver(0).update_alarm(*id, grown).ok());
  ASSERT_TRUE(site.run_until([&] { return site.count<AlarmReceived>(2) == 2; }, 1s));
  EXPECT_TRUE(site.last<AlarmReceived>(2)->alarm.content.growing_after_cut);
  ASSERT_TRUE(site.driver(2).all_clear(*id).ok());
  ASSERT_TRUE(site.run_until([&] { return site.count<AlarmCleared>(0) == 1; }, 1s));
  EXPECT_FALSE(site.driver(0).update_alarm(*id, grown).ok());
}

TEST(Node, TheCandidateOfHighestPriorityActsAndEachHalfOfASplitHasOne) {
  Site site(4, line_of(4));
  site.config(0).controller_priority = 10;
  site.config(3).controller_priority = 20;
  site.start_all();
  ASSERT_TRUE(site.converge());
  site.run(3s);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(site.node(i).controller(), al_mac_of(3));
  site.bus.cut(1, true);
  ASSERT_TRUE(site.run_until(
      [&] { return site.node(0).controller() == al_mac_of(0) && site.node(1).controller() == al_mac_of(0); }, 6s));
  EXPECT_EQ(site.node(2).controller(), al_mac_of(3));
  EXPECT_EQ(site.count<GatewayLost>(0), 2u);
  site.bus.cut(1, false);
  EXPECT_TRUE(site.run_until(
      [&] { return site.node(0).controller() == al_mac_of(3) && site.node(1).controller() == al_mac_of(3); }, 2s));
}

TEST(Node, TheControllersDeathIsNoticedAndTheNextTakesOver) {
  Site site(3, {{0, 1, 2}});
  site.config(0).controller_priority = site.config(1).controller_priority = 5;
  site.start_all();
  ASSERT_TRUE(site.converge());
  site.run(3s);
  EXPECT_EQ(site.node(2).controller(), al_mac_of(1)) << "same priority: the higher address";
  site.stop(1);
  EXPECT_TRUE(site.run_until([&] { return site.node(2).controller() == al_mac_of(0); }, 6s));
}

TEST(Node, AlarmsRaisedInBothHalvesOfASplitReachAllWhenItHeals) {
  Site site(4, line_of(4));
  site.start_all();
  ASSERT_TRUE(site.converge());
  site.bus.cut(1, true);
  const auto left = site.driver(0).raise_alarm(fire_at("L"));
  const auto right = site.driver(3).raise_alarm(fire_at("R"));
  site.run(60s);
  EXPECT_EQ(site.count<AlarmUnacked>(0), 1u) << "two gateways were known when it was raised";
  EXPECT_FALSE(site.has_alarm(3, *left));
  site.bus.cut(1, false);
  EXPECT_TRUE(site.run_until([&] { return site.has_alarm(3, *left) && site.has_alarm(0, *right); }, 2s));
}

TEST(Node, AGatewayWithoutTheKeyIsNobody) {
  Site site(2, line_of(2));
  site.config(1).keys.keys.at(1).fill(8);
  site.start_all();
  site.run(5s);
  EXPECT_TRUE(site.node(0).gateways().empty());
  EXPECT_GT(site.node(0).counters().forged, 0u);
  // It is still a 1905.1 device, and shown as one.
  const Topology topology = site.driver(0).topology();
  ASSERT_EQ(topology.devices.size(), 2u);
  EXPECT_FALSE(topology.devices[1].gateway);
  EXPECT_EQ(topology.devices[1].interfaces, std::vector{interface_mac_of(1, 0)});
  ASSERT_EQ(topology.devices[1].links.size(), 1u);
  EXPECT_EQ(topology.devices[1].links[0].neighbour, al_mac_of(0));
}

TEST(Node, KeysAreRotatedWithoutAMomentOfDeafness) {
  Site site(3, line_of(3));
  site.start_all();
  ASSERT_TRUE(site.converge());
  SiteKey fresh{};
  fresh.fill(9);
  KeyRing both = test_keys();
  both.keys[2] = fresh;
  for (size_t i = 0; i < 3; ++i) ASSERT_TRUE(site.driver(i).set_keys(both).ok());
  both.sending = 2;
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(site.driver(i).set_keys(both).ok());
    site.run(1s);
  }
  both.keys.erase(1);
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(site.driver(i).set_keys(both).ok());
    site.run(1s);
  }
  EXPECT_EQ(site.count<GatewayLost>(0), 0u);
  const auto id = site.driver(0).raise_alarm(fire_at("A1"));
  EXPECT_TRUE(site.run_until([&] { return site.has_alarm(2, *id); }, 100ms));
  EXPECT_FALSE(site.driver(0).set_keys({}).ok());
}

TEST(Node, ALessUrgentAlarmMakesRoomForADanger) {
  Site site(1, {{0}});
  site.start_all();
  AlarmContent notice = fire_at("A1");
  notice.level = AlarmLevel::notice;
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(site.driver(0).raise_alarm(notice).ok());
  EXPECT_FALSE(site.driver(0).raise_alarm(notice).ok());
  EXPECT_TRUE(site.driver(0).raise_alarm(fire_at("A1")).ok());
  AlarmContent wordy = notice;
  wordy.device = std::string(65, 'x');
  EXPECT_FALSE(site.driver(0).raise_alarm(wordy).ok());
}

TEST(Node, AConfigurationSaysWhatIsWrongWithIt) {
  NodeConfig config = test_config(0, 1);
  EXPECT_TRUE(Node::check(config).ok());
  config.al_mac.bytes[0] = 1;
  EXPECT_FALSE(Node::check(config).ok());
  config = test_config(0, 0);
  EXPECT_FALSE(Node::check(config).ok());
  config = test_config(0, 1);
  config.keys.sending = 5;
  EXPECT_FALSE(Node::check(config).ok());
  config = test_config(0, 1);
  config.boot_nonce = 0;
  EXPECT_FALSE(Node::check(config).ok());
}

TEST(Node, ALostLinkIsNoticedAtOnceWhenTheCarrierTells) {
  Site site(2, line_of(2));
  site.start_all();
  ASSERT_TRUE(site.converge());
  site.bus.cut(0, true, true);
  EXPECT_TRUE(site.run_until([&] { return site.node(0).gateways().empty(); }, 200ms));
  site.bus.cut(0, false, true);
  EXPECT_TRUE(site.converge(1s));
}

}  // namespace
}  // namespace bayward::mesh::test
