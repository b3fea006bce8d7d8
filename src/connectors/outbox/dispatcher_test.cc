#include "connectors/outbox/dispatcher.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <optional>

#include "base/prng.h"
#include "core/world_for_test.h"
#include "ports/fake_alarm_channel.h"
#include "ports/fake_vault.h"

namespace bayward::outbox {
namespace {

using core::DeliveryState;
using core::DeliveryStep;
using core::IncidentKind;
using core::Party;

// The real core behind a fake door: what is decided is committed at once and heard by the subscribers.
class FakeEngine final : public EngineDoor {
 public:
  void submit(Envelope envelope, Reply reply) override {
    if (overloaded) return reply(Failure{core::Refusal::overloaded});
    const core::Decided decided = world.run(envelope.command, envelope.actor);
    publish();
    reply(decided ? Outcome(Accepted{decided->subject, 1, false}) : Outcome(Failure{decided.error()}));
  }
  void ask(Look look, std::function<void()> done, std::function<void()> refused) override {
    if (overloaded) return refused();
    look(world.state, world.now);
    done();
  }
  void subscribe(std::function<void(const CommittedRecord&)> subscriber) override { heard_by_ = std::move(subscriber); }

  void tell(const core::Command& command, const core::Actor& actor = {}) {
    (void)world.run(command, actor);
    publish();
  }
  void advance(Duration by) {
    world.advance(by);
    publish();
  }
  void nobody_hears() { heard_by_ = nullptr; }

  core::World world;
  bool overloaded = false;

 private:
  void publish() {
    CommittedRecord record;
    for (core::Event& event : world.events) {
      record.events.push_back({core::StreamId::of(world.site), 1, std::move(event)});
    }
    world.events.clear();
    if (heard_by_) heard_by_(record);
  }
  std::function<void(const CommittedRecord&)> heard_by_;
};

class Outbox : public testing::Test {
 protected:
  Outbox() {
    world().arrive(world().book(world().driver, world().bays[0], 0min));
    EXPECT_TRUE(vault.put({{world().driver, VaultKind::phone, 0}, "+491713920002", {}}).ok());
    EXPECT_TRUE(vault.put({{world().owner, VaultKind::phone, 0}, "+8613800138000", {}}).ok());
    office.by_itself = sms.by_itself = fire.by_itself = SendResult::delivered;
    routing.desks[Party::property] = {{"office", &office, ""}};
    routing.desks[Party::fire_desk] = {{"fire", &fire, ""}};
    routing.persons = {{"sms", &sms, ""}};
  }
  void start() {
    outbox.emplace(Ports{engine, vault, [this](std::function<void()> work) { posts.push_back(std::move(work)); }},
                   routing);
  }
  // The process dies: what was on its way is forgotten, what the core has committed is not.
  void crash() {
    engine.nobody_hears();
    posts.clear();
    outbox.reset();
  }
  void settle() {
    while (!posts.empty()) {
      const auto work = std::move(posts.front());
      posts.pop_front();
      work();
    }
  }
  void report(IncidentKind kind, bool active = true, size_t bay = 0) {
    engine.tell(core::ReportHazard{world().site, world().bays[bay], kind, active, {}, world().now});
    settle();
  }
  void advance(Duration by, Duration step = 500ms) {
    for (Duration gone{0}; gone < by; gone += step) {
      engine.advance(step);
      settle();
    }
  }
  void close() {
    engine.tell(core::CloseIncident{only(), false}, core::Actor{core::Actor::Kind::staff, AccountId{1}});
    settle();
  }
  IncidentId only() {
    IncidentId found;
    world().the_site().incidents.for_each([&](const core::Incident& one) { found = one.id; });
    return found;
  }
  // "property:alarm:delivered ..."
  std::string deliveries(Party party) {
    std::string out;
    world().the_site().deliveries.for_each([&](const core::Delivery& one) {
      if (one.to.party != party) return;
      out += (out.empty() ? "" : " ") + std::string(core::to_text(one.step)) + ":" +
             (one.after ? "held" : std::string(core::to_text(one.state)));
    });
    return out;
  }
  static std::string steps(const FakeAlarmChannel& channel, AccountId account = {}) {
    std::string out;
    for (const AlarmMessage& one : channel.sent) {
      if (account && one.to.account != account) continue;
      out += (out.empty() ? "" : " ") + std::string(core::to_text(one.step));
    }
    return out;
  }
  core::World& world() { return engine.world; }

  FakeEngine engine;
  FakeVault vault;
  FakeAlarmChannel office, sms, fire, second;
  Routing routing;
  std::deque<std::function<void()>> posts;
  std::optional<Dispatcher> outbox;
};

TEST_F(Outbox, DangerGoesToEveryDeskAndEveryPhoneAtOnce) {
  start();
  report(IncidentKind::smoke);
  ASSERT_EQ(office.sent.size(), 1U);
  ASSERT_EQ(fire.sent.size(), 1U);
  ASSERT_EQ(sms.sent.size(), 2U);
  EXPECT_EQ(sms.sent[0].address, "+491713920002");
  EXPECT_FALSE(sms.sent[0].chinese);
  EXPECT_TRUE(sms.sent[1].chinese) << "the owner's phone is Chinese";
  EXPECT_EQ(office.sent[0].address, "");
  EXPECT_EQ(office.sent[0].place.bay_label, "B1");
  EXPECT_EQ(office.sent[0].place.device, "CP-1");
  EXPECT_EQ(office.sent[0].place.site_name, "Hof");
  EXPECT_EQ(office.sent[0].utc_offset_s, 3600);
  EXPECT_EQ(deliveries(Party::property), "alarm:delivered");
  EXPECT_EQ(deliveries(Party::driver), "alarm:delivered");
  EXPECT_EQ(outbox->in_hand(), 0U);
}

TEST_F(Outbox, WhatIsNoDangerGoesToPhonesOnlyWhenTheAppWasNotAnswered) {
  start();
  report(IncidentKind::voltage);
  EXPECT_EQ(office.sent.size(), 1U);
  EXPECT_TRUE(sms.sent.empty());
  advance(13s);
  EXPECT_EQ(sms.sent.size(), 1U);
  EXPECT_EQ(deliveries(Party::driver), "alarm:delivered");
}

TEST_F(Outbox, WhoHasSeenItInTheAppGetsNoSms) {
  start();
  report(IncidentKind::voltage);
  engine.tell(core::AcknowledgeIncident{only()}, core::Actor{core::Actor::Kind::person, world().driver});
  advance(1min);
  EXPECT_TRUE(sms.sent.empty());
}

TEST_F(Outbox, AnEmailGoesToThePersonsOwnAddress) {
  FakeAlarmChannel mail;
  mail.by_itself = SendResult::delivered;
  sms.by_itself = SendResult::failed;
  EXPECT_TRUE(vault.put({{world().driver, VaultKind::email, 0}, "anna@example.com", {}}).ok());
  routing.persons = {{"sms", &sms, ""}, {"email", &mail, "", true}};
  start();
  report(IncidentKind::residual_current);
  ASSERT_EQ(mail.sent.size(), 1U);
  EXPECT_EQ(mail.sent[0].address, "anna@example.com");
  EXPECT_EQ(sms.sent[0].address, "+491713920002");
  EXPECT_EQ(deliveries(Party::driver), "alarm:delivered");
}

TEST_F(Outbox, WhatAGatewayHasTakenIsSentUntilItsReceipt) {
  sms.by_itself = SendResult::sent;
  start();
  report(IncidentKind::residual_current);
  advance(3min);
  EXPECT_EQ(deliveries(Party::driver), "alarm:sent");
  EXPECT_EQ(sms.sent.size(), 1U);
}

TEST_F(Outbox, QuietHoursHoldBackEverythingButDanger) {
  routing.quiet = QuietHours{8 * 60, 10 * 60};  // it is 9:00 there
  start();
  report(IncidentKind::voltage);
  advance(5min, 5s);
  EXPECT_TRUE(sms.sent.empty());
  report(IncidentKind::residual_current);
  EXPECT_EQ(sms.sent.size(), 1U);
}

TEST(Quiet, HoursMayGoPastMidnight) {
  const QuietHours night{22 * 60, 6 * 60};
  EXPECT_TRUE(night.contains(23 * 60));
  EXPECT_TRUE(night.contains(0));
  EXPECT_FALSE(night.contains(6 * 60));
  EXPECT_FALSE((QuietHours{0, 0}.contains(0)));
}

TEST_F(Outbox, AFailureIsTriedAgainUntilItIsAcknowledged) {
  office.by_itself = SendResult::failed;
  start();
  report(IncidentKind::smoke);
  advance(3min);
  EXPECT_GT(office.sent.size(), 4U);
  EXPECT_GT(office.sent.back().tries, office.sent.front().tries);
  EXPECT_EQ(deliveries(Party::property), "alarm:pending");
  office.by_itself = SendResult::delivered;
  advance(75s);
  EXPECT_EQ(deliveries(Party::property).substr(0, 15), "alarm:delivered");
}

TEST_F(Outbox, NothingCountsBeforeTheFarSideHasAnsweredAndNothingIsSentTwiceMeanwhile) {
  office.by_itself.reset();
  start();
  report(IncidentKind::smoke);
  advance(20s);
  EXPECT_EQ(office.sent.size(), 1U) << "the far side is slow";
  EXPECT_EQ(deliveries(Party::property), "alarm:pending");
  office.answer(SendResult::delivered);
  settle();
  EXPECT_EQ(deliveries(Party::property), "alarm:delivered");
}

TEST_F(Outbox, ACrashBetweenSendingAndRecordingSendsAgain) {
  office.by_itself.reset();
  start();
  report(IncidentKind::smoke);
  ASSERT_EQ(office.sent.size(), 1U);
  office.answer(SendResult::delivered);
  crash();
  EXPECT_EQ(deliveries(Party::property), "alarm:pending");
  office.by_itself = SendResult::delivered;
  start();
  advance(5s);
  EXPECT_EQ(office.sent.size(), 2U);
  EXPECT_EQ(office.sent[0].delivery, office.sent[1].delivery) << "the receiver can tell";
  EXPECT_EQ(deliveries(Party::property), "alarm:delivered");
}

TEST_F(Outbox, ACrashBeforeSendingSendsLater) {
  start();
  engine.tell(core::ReportHazard{world().site, world().bays[0], IncidentKind::smoke, true, {}, world().now});
  crash();
  EXPECT_TRUE(office.sent.empty());
  start();
  advance(5s);
  EXPECT_EQ(deliveries(Party::property), "alarm:delivered");
}

TEST_F(Outbox, TheAllClearFollowsTheAlarm) {
  start();
  report(IncidentKind::smoke);
  close();
  EXPECT_EQ(steps(office), "alarm all_clear");
  EXPECT_EQ(steps(sms, world().driver), "alarm all_clear");
}

TEST_F(Outbox, AnAllClearWaitsForAnAlarmThatASlowChannelStillHolds) {
  sms.by_itself.reset();
  start();
  report(IncidentKind::smoke);
  // The driver sees it in the app; the SMS is still on its way.
  engine.tell(core::AcknowledgeIncident{only()}, core::Actor{core::Actor::Kind::person, world().driver});
  settle();
  close();
  EXPECT_EQ(steps(sms, world().driver), "alarm");
  sms.answer(SendResult::failed);
  settle();
  EXPECT_EQ(steps(sms, world().driver), "alarm all_clear");
}

TEST_F(Outbox, ADeskWithoutAnyLinkIsImpossibleTheOfficeIsOwedAndVisible) {
  routing.desks.clear();
  start();
  report(IncidentKind::smoke);
  EXPECT_EQ(deliveries(Party::fire_desk), "alarm:impossible");
  advance(30s);
  EXPECT_EQ(deliveries(Party::property), "alarm:pending");
}

TEST_F(Outbox, TheNextWayIsTakenWhenOneFailsAndDangerTakesAllToADesk) {
  office.by_itself = SendResult::failed;
  second.by_itself = SendResult::delivered;
  routing.desks[Party::property] = {{"office", &office, ""}, {"second", &second, "+4930123456"}};
  start();
  report(IncidentKind::voltage);
  EXPECT_EQ(steps(office), "alarm");
  EXPECT_EQ(steps(second), "alarm");
  EXPECT_EQ(second.sent[0].address, "+4930123456");
  EXPECT_EQ(deliveries(Party::property), "alarm:delivered");
  office.by_itself = SendResult::delivered;
  report(IncidentKind::smoke, true, 1);
  EXPECT_EQ(office.sent.size(), 2U);
  EXPECT_EQ(second.sent.size(), 2U);
}

TEST_F(Outbox, ARefusalForGoodEndsItForADeskButNotForAPerson) {
  fire.by_itself = sms.by_itself = SendResult::impossible;
  start();
  report(IncidentKind::smoke);
  EXPECT_EQ(deliveries(Party::fire_desk), "alarm:impossible");
  EXPECT_EQ(deliveries(Party::driver), "alarm:pending") << "the app still shows it";
}

TEST_F(Outbox, OneChannelSendsAFewAtATimeDangerFirst) {
  office.by_itself.reset();
  start();
  for (size_t bay = 0; bay < 4; ++bay) report(IncidentKind::voltage, true, bay);
  report(IncidentKind::tamper, true, 0);
  report(IncidentKind::smoke, true, 3);
  EXPECT_EQ(office.in_flight(), limits::alarm_sends);
  for (size_t i = 0; i < 4; ++i) {
    office.answer(SendResult::delivered);
    settle();
  }
  EXPECT_EQ(office.sent[limits::alarm_sends].kind, IncidentKind::smoke);
}

TEST_F(Outbox, DangerThatNobodyHasHeardOfGoesBeforeReminders) {
  start();
  report(IncidentKind::emergency_stop, true, 0);
  advance(10s);
  report(IncidentKind::emergency_stop, true, 1);
  ASSERT_EQ(steps(office), "alarm alarm");
  engine.advance(50s);
  engine.advance(10s);
  engine.tell(core::ReportHazard{world().site, world().bays[2], IncidentKind::smoke, true, {}, world().now});
  settle();
  // The first was being looked up already.
  EXPECT_TRUE(steps(office).starts_with("alarm alarm reminder alarm reminder")) << steps(office);
}

TEST_F(Outbox, AnOverloadedEngineLosesNothing) {
  start();
  engine.overloaded = true;
  report(IncidentKind::smoke);
  EXPECT_TRUE(office.sent.empty());
  engine.overloaded = false;
  advance(5s);
  EXPECT_EQ(deliveries(Party::property), "alarm:delivered");
}

TEST_F(Outbox, WhateverHappensEveryAlarmArrivesAndNoAllClearBeforeItsAlarm) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Prng prng(seed);
    office.sent.clear();
    start();
    report(IncidentKind::smoke);
    for (int i = 0; i < 20; ++i) {
      const std::array<SendResult, 2> results = {SendResult::delivered, SendResult::failed};
      office.by_itself = results[prng.below(2)];
      sms.by_itself = results[prng.below(2)];
      if (prng.below(6) == 0) {
        crash();
        start();
      }
      if (prng.below(8) == 0 && only()) close();
      advance(Duration{static_cast<int64_t>(prng.below(20'000))}, 1s);
    }
    office.by_itself = sms.by_itself = SendResult::delivered;
    if (only()) close();
    advance(3min, 1s);
    EXPECT_TRUE(world().the_site().deliveries.empty()) << "seed " << seed;
    // A car that overstays meanwhile is another matter.
    std::erase_if(office.sent, [](const AlarmMessage& one) { return one.kind != IncidentKind::smoke; });
    EXPECT_TRUE(steps(office).starts_with("alarm")) << "seed " << seed << ": " << steps(office);
    EXPECT_TRUE(steps(office).ends_with("all_clear")) << "seed " << seed << ": " << steps(office);
    EXPECT_EQ(steps(office).find("all_clear alarm"), std::string::npos) << "seed " << seed << ": " << steps(office);
    crash();
  }
}

}  // namespace
}  // namespace bayward::outbox
