#include "site/pods/pods.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'900'000'000);
const PodUser anna{"+4915100000001", "wifi:anna"};
const PodUser ben{"+4915100000002", "wifi:ben"};
constexpr core::GeoPoint inside{48'135'100, 11'581'900};
constexpr core::GeoPoint outside{48'145'100, 11'581'900};

Geofence fence() {
  return *Geofence::create(
      {{48'134'000, 11'580'000}, {48'136'000, 11'580'000}, {48'136'000, 11'584'000}, {48'134'000, 11'584'000}});
}
Pods garage() {
  Pods pods({"p1", "p2"}, {"lamp-1", "lamp-2"}, fence(), {});
  pods.connected("p1", "lamp-1", start);
  pods.connected("p2", "lamp-2", start);
  pods.take_events();
  return pods;
}
std::vector<PodWhat> whats(Pods& pods) {
  std::vector<PodWhat> out;
  for (const PodEvent& event : pods.take_events()) out.push_back(event.what);
  return out;
}

TEST(Geofences, ContainWhatIsInside) {
  EXPECT_TRUE(fence().contains(inside));
  EXPECT_FALSE(fence().contains(outside));
  // An L: the notch is outside.
  const auto bent = Geofence::create({{0, 0}, {0, 4000}, {2000, 4000}, {2000, 2000}, {4000, 2000}, {4000, 0}});
  ASSERT_TRUE(bent.ok());
  EXPECT_TRUE(bent->contains({1000, 3000}));
  EXPECT_FALSE(bent->contains({3000, 3000}));
  EXPECT_FALSE(Geofence::create({{0, 0}, {0, 4000}}).ok());
  EXPECT_FALSE(Geofence::create({{0, 0}, {0, 4000}, {0, 8000}}).ok());
  EXPECT_FALSE(Geofence::create({{48'000'000, 11'000'000}, {49'000'000, 11'000'000}, {48'000'000, 12'000'000}}).ok());
}

TEST(PodMoves, ScanUnlockMoveAndHangElsewhere) {
  Pods pods = garage();
  EXPECT_TRUE(pods.unlock("p1", anna, true, start).ok());
  EXPECT_EQ(pods.find("p1")->place, PodPlace::unlocked);
  pods.disconnected("p1", start + 10s);
  EXPECT_EQ(pods.find("p1")->place, PodPlace::moving);
  pods.disconnected("p2", start + 20s);  // makes room, without being unlocked
  pods.connected("p1", "lamp-2", start + 60s);
  EXPECT_EQ(pods.find("p1")->place, PodPlace::hung);
  EXPECT_FALSE(pods.find("p1")->lock_open()) << "it locks at any pole";
  EXPECT_EQ(whats(pods), (std::vector{PodWhat::unlocked, PodWhat::taken_off, PodWhat::torn_off, PodWhat::hung}));
}

TEST(PodMoves, OnlyWhoIsAllowedAndOnlyAFreePod) {
  Pods pods = garage();
  EXPECT_EQ(pods.unlock("p9", anna, true, start).error(), PodRefusal::unknown_pod);
  EXPECT_EQ(pods.unlock("p1", anna, false, start).error(), PodRefusal::not_allowed);
  pods.charging("p1", true, start);
  EXPECT_EQ(pods.unlock("p1", anna, true, start).error(), PodRefusal::in_use);
  pods.charging("p1", false, start);
  EXPECT_TRUE(pods.unlock("p1", anna, true, start).ok());
  EXPECT_EQ(pods.unlock("p1", ben, true, start).error(), PodRefusal::in_use);
  EXPECT_EQ(pods.lock("p1", ben, false, start).error(), PodRefusal::not_yours);
  EXPECT_TRUE(pods.lock("p1", ben, true, start).ok()) << "staff may";
  EXPECT_EQ(pods.lock("p1", anna, false, start).error(), PodRefusal::not_moving);
}

TEST(PodMoves, TimeTheFenceAndTheMoverLockIt) {
  Pods pods = garage();
  ASSERT_TRUE(pods.unlock("p1", anna, true, start).ok());
  pods.disconnected("p1", start);
  pods.position("p1", inside, start + 1min);
  EXPECT_TRUE(pods.find("p1")->lock_open());
  pods.position("p1", outside, start + 2min);
  EXPECT_EQ(pods.find("p1")->place, PodPlace::locked);
  EXPECT_EQ(pods.unlock("p1", anna, true, start + 3min).error(), PodRefusal::outside);
  pods.position("p1", inside, start + 4min);
  ASSERT_TRUE(pods.unlock("p1", anna, true, start + 4min).ok());
  EXPECT_EQ(pods.find("p1")->place, PodPlace::moving) << "it hangs nowhere";
  pods.heard("p1", start + 33min);
  EXPECT_TRUE(pods.find("p1")->lock_open());
  pods.advance(start + 34min);
  EXPECT_EQ(pods.find("p1")->place, PodPlace::locked);
  const auto seen = whats(pods);
  EXPECT_EQ(std::ranges::count(seen, PodWhat::lock_by_fence), 1);
  EXPECT_EQ(std::ranges::count(seen, PodWhat::lock_by_time), 1);
}

TEST(PodMoves, WhoUnlockedItIsToldWhenItLeavesTheMesh) {
  Pods pods = garage();
  ASSERT_TRUE(pods.unlock("p1", anna, true, start).ok());
  pods.heard("p2", start + 60s);
  pods.take_events();
  pods.advance(start + 66s);
  const auto events = pods.take_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].what, PodWhat::left_mesh);
  EXPECT_EQ(events[0].original.phone, anna.phone);
  EXPECT_EQ(pods.unlock("p1", ben, true, start + 66s).error(), PodRefusal::in_use);
  pods.heard("p1", start + 70s);
  EXPECT_EQ(pods.take_events().back().what, PodWhat::back_on_mesh);
}

TEST(PodMoves, ASharedLoginKeepsTheOriginalIdentityOnRecord) {
  Pods pods = garage();
  ASSERT_TRUE(pods.unlock("p1", anna, true, start).ok());
  EXPECT_EQ(pods.share("p1", ben, ben, start).error(), PodRefusal::not_yours);
  ASSERT_TRUE(pods.share("p1", anna, ben, start).ok());
  ASSERT_TRUE(pods.lock("p1", ben, false, start + 1min).ok());
  const auto events = pods.take_events();
  EXPECT_EQ(events[1].other.network_identity, "wifi:ben");
  EXPECT_EQ(events[2].user.network_identity, "wifi:ben");
  EXPECT_EQ(events[2].original.network_identity, "wifi:anna");
  Pods many = garage();
  ASSERT_TRUE(many.unlock("p1", anna, true, start).ok());
  for (int n = 0; n < 8; ++n) EXPECT_TRUE(many.share("p1", anna, {std::to_string(n), "x"}, start).ok());
  EXPECT_EQ(many.share("p1", anna, {"9", "x"}, start).error(), PodRefusal::too_many);
}

TEST(Poles, GivePowerOnlyToAPodThatHangsAndCharges) {
  Pods pods = garage();
  EXPECT_FALSE(pods.powered("lamp-1"));
  pods.charging("p1", true, start);
  EXPECT_TRUE(pods.powered("lamp-1"));
  pods.disconnected("p1", start + 1s);
  EXPECT_FALSE(pods.powered("lamp-1"));
  EXPECT_EQ(whats(pods), (std::vector{PodWhat::power_on, PodWhat::power_off, PodWhat::torn_off}));
  pods.charging("p1", true, start + 2s);
  EXPECT_FALSE(pods.powered("lamp-1")) << "it hangs nowhere";
}

TEST(PodMoves, ARestartKeepsTheMoverAndTheTimeButNoPower) {
  Pods before = garage();
  ASSERT_TRUE(before.unlock("p1", anna, true, start).ok());
  before.charging("p2", true, start);
  std::vector<Pod> kept;
  for (const auto& [name, pod] : before.all()) kept.push_back(pod);
  kept.push_back({.name = "gone"});
  Pods after({"p1", "p2"}, {"lamp-1"}, fence(), {});
  after.restore(kept);
  EXPECT_EQ(after.find("p1")->original.phone, anna.phone);
  EXPECT_TRUE(after.find("p1")->lock_open());
  EXPECT_FALSE(after.powered("lamp-2"));
  EXPECT_EQ(after.find("p2")->place, PodPlace::locked) << "its pole is no longer there";
  after.advance(start + 31min);
  EXPECT_FALSE(after.find("p1")->lock_open());
}

// Any order of what people and the field may do.
TEST(PodMoves, NoSequenceOpensALockWithoutARight) {
  EXPECT_TRUE(rc::check("what always holds", [] {
    Pods pods = garage();
    Instant now = start;
    std::map<std::string, Instant> opened;
    const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, int, int>>>(rc::gen::tuple(
        rc::gen::inRange(0, 10), rc::gen::inRange(1, 3), rc::gen::inRange(1, 3), rc::gen::inRange(-100, 900)));
    for (const auto& [what, which, where, seconds] : steps) {
      now += std::chrono::seconds{seconds};
      const std::string pod = "p" + std::to_string(which);
      const std::string pole = "lamp-" + std::to_string(where);
      const PodUser& user = where == 1 ? anna : ben;
      bool permitted = false;
      if (what <= 1) {
        permitted = what == 0;
        if (pods.unlock(pod, user, permitted, now).ok()) RC_ASSERT(permitted);
      }
      if (what == 2) (void)pods.share(pod, user, where == 1 ? ben : anna, now);
      if (what == 3) (void)pods.lock(pod, user, false, now);
      if (what == 4) pods.connected(pod, pole, now);
      if (what == 5) pods.disconnected(pod, now);
      if (what == 6) pods.position(pod, where == 1 ? inside : outside, now);
      if (what == 7) pods.charging(pod, where == 1, now);
      if (what == 8) pods.heard(pod, now);
      pods.advance(now);
      for (const PodEvent& event : pods.take_events()) {
        if (event.what == PodWhat::unlocked) opened[event.pod] = event.at;
        if (event.what == PodWhat::hung || event.what == PodWhat::lock_by_user || event.what == PodWhat::lock_by_time ||
            event.what == PodWhat::lock_by_fence) {
          opened.erase(event.pod);
        }
      }
      std::map<std::string, int> hung;
      for (const auto& [name, one] : pods.all()) {
        RC_ASSERT(one.lock_open() == opened.contains(name));  // each change is on record
        if (one.lock_open()) {
          RC_ASSERT(!one.original.phone.empty());
          RC_ASSERT(now < one.until && one.until <= now + 30min);
          RC_ASSERT(!one.position || fence().contains(*one.position));
          RC_ASSERT(!one.charging);
        }
        if (one.charging) RC_ASSERT(one.place == PodPlace::hung && pods.powered(one.pole));
        if (!one.pole.empty()) RC_ASSERT(++hung[one.pole] == 1);
        RC_ASSERT((one.place == PodPlace::hung || one.place == PodPlace::unlocked) == !one.pole.empty());
      }
    }
  }));
}

}  // namespace
}  // namespace bayward::site
