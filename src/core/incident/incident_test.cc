#include "core/incident/incident.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "core/incident/desk.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

const Actor staff{Actor::Kind::staff, AccountId{1}};

class Danger : public testing::Test {
 protected:
  void report(BayId bay, IncidentKind kind, bool active = true) {
    world.tell(ReportHazard{world.site, bay, kind, active, {}, world.now});
  }
  const Incident* only() const {
    const Incident* found = nullptr;
    site().incidents.for_each([&](const Incident& one) { found = &one; });
    return found;
  }
  const Site& site() const { return world.the_site(); }
  // "property:alarm:pending ..." in the order in which they were owed.
  std::string deliveries() const {
    std::string out;
    site().deliveries.for_each([&](const Delivery& one) {
      if (!out.empty()) out += ' ';
      out += to_text(one.to.party);
      out += ':';
      out += to_text(one.step);
      out += ':';
      out += one.after ? "held" : to_text(one.state);
    });
    return out;
  }
  void deliver_all() {
    std::vector<DeliveryId> pending;
    site().deliveries.for_each([&](const Delivery& one) {
      if (one.pending() && !one.after) pending.push_back(one.id);
    });
    for (DeliveryId id : pending) world.tell(RecordDelivery{id, DeliveryState::delivered});
  }

  World world;
};

TEST_F(Danger, SmokeIsToldToTheDriverTheOwnerTheOfficeAndTheFireDeskAtOnce) {
  world.book(world.driver, world.bays[0], 0min);
  report(world.bays[0], IncidentKind::smoke);
  EXPECT_EQ(deliveries(), "driver:alarm:pending owner:alarm:pending property:alarm:pending fire_desk:alarm:pending");
  EXPECT_EQ(only()->severity, Severity::danger);
}

TEST_F(Danger, D3OneFireIsOneIncidentHoweverManySensorsSpeak) {
  report(world.bays[0], IncidentKind::thermal_warning);
  EXPECT_EQ(only()->severity, Severity::warning);
  report(world.bays[1], IncidentKind::smoke);
  report(world.bays[0], IncidentKind::thermal_danger);
  report(world.bays[0], IncidentKind::thermal_danger);
  EXPECT_EQ(site().incidents.size(), 1U);
  EXPECT_EQ(only()->kind, IncidentKind::thermal_danger);
  EXPECT_EQ(only()->sources.size(), 3U);
  report(world.bays[0], IncidentKind::panic_button);
  EXPECT_EQ(site().incidents.size(), 2U) << "another matter";
}

TEST_F(Danger, D2TheBayIsClosedItsSessionStoppedAndTheNextDriverMoved) {
  const BookingId id = world.book(world.driver, world.bays[0], 15min);
  report(world.bays[0], IncidentKind::residual_current);
  EXPECT_EQ(world.get(id).bay, world.bays[1]);
  EXPECT_EQ(world.run(world.wish(world.driver, world.bays[0], world.now + 15min, 1h)).error(), Refusal::out_of_service);
}

TEST_F(Danger, D7ItIsTriedUntilItIsAcknowledgedAndGrowsUntilAPersonAnswers) {
  report(world.bays[0], IncidentKind::emergency_stop);
  const DeliveryId alarm = site().deliveries_of(only()->id).front();
  world.advance(5min);
  EXPECT_GE(site().deliveries.get(alarm).tries, 8);
  EXPECT_GE(only()->level, 4);
  EXPECT_EQ(deliveries(), "property:alarm:pending operators:reminder:pending") << "what is on its way reminds enough";
  world.tell(RecordDelivery{alarm, DeliveryState::delivered});
  world.advance(2min);
  EXPECT_EQ(deliveries(), "property:alarm:delivered operators:reminder:pending property:reminder:pending");
  (void)world.run(AcknowledgeIncident{only()->id}, staff);
  EXPECT_EQ(deliveries(), "property:alarm:delivered operators:reminder:delivered property:reminder:delivered");
  const int32_t level = only()->level;
  world.advance(1h);
  EXPECT_EQ(only()->level, level);
}

TEST_F(Danger, WhatAGatewayHasTakenIsSentUntilItsReceiptComes) {
  world.book(world.driver, world.bays[0], 0min);
  report(world.bays[0], IncidentKind::smoke);
  const DeliveryId alarm = site().deliveries_of(only()->id).front();
  world.tell(RecordDelivery{alarm, DeliveryState::sent});
  const int32_t tries = site().deliveries.get(alarm).tries;
  world.advance(5min);
  EXPECT_EQ(site().deliveries.get(alarm).state, DeliveryState::sent);
  EXPECT_EQ(site().deliveries.get(alarm).tries, tries) << "a gateway that has it is not asked again";
  world.tell(RecordDelivery{alarm, DeliveryState::delivered});
  EXPECT_EQ(site().deliveries.get(alarm).state, DeliveryState::delivered);
  world.tell(RecordDelivery{alarm, DeliveryState::undelivered});
  EXPECT_EQ(site().deliveries.get(alarm).state, DeliveryState::delivered) << "a late word changes nothing";
}

TEST_F(Danger, WhatAGatewayHasLostIsSentAgainButNotForEver) {
  world.book(world.driver, world.bays[0], 0min);
  report(world.bays[0], IncidentKind::smoke);
  const DeliveryId alarm = site().deliveries_of(only()->id).front();
  for (int32_t tries = 0; tries < tries_through_gateway; ++tries) {
    world.tell(RecordDelivery{alarm, DeliveryState::sent});
    EXPECT_EQ(World::text(world.run(RecordDelivery{alarm, DeliveryState::undelivered})), "DeliveryTried");
    EXPECT_TRUE(site().deliveries.get(alarm).pending());
  }
  world.tell(RecordDelivery{alarm, DeliveryState::sent});
  EXPECT_EQ(World::text(world.run(RecordDelivery{alarm, DeliveryState::undelivered})), "DeliveryEnded");
  EXPECT_EQ(site().deliveries.get(alarm).state, DeliveryState::undelivered);
}

TEST_F(Danger, D4WhenNothingMoreHappensEverybodyWhoWasToldGetsTheAllClearAfterTheAlarm) {
  report(world.bays[0], IncidentKind::smoke);
  deliver_all();
  report(world.bays[0], IncidentKind::smoke, false);
  world.advance(9min);
  EXPECT_FALSE(only()->over());
  world.advance(1min);
  EXPECT_TRUE(only()->over());
  EXPECT_EQ(only()->end, IncidentEnd::subsided);
  deliver_all();
  EXPECT_NE(only(), nullptr) << "no person has seen it yet";
  (void)world.run(AcknowledgeIncident{only()->id}, staff);
  EXPECT_EQ(only(), nullptr);
  EXPECT_TRUE(site().deliveries.empty());
}

TEST_F(Danger, AnAllClearIsHeldBackUntilItsAlarmHasArrived) {
  report(world.bays[3], IncidentKind::overcurrent);
  (void)world.run(CloseIncident{only()->id, true}, staff);
  EXPECT_EQ(deliveries(), "property:alarm:pending property:all_clear:held");
  const IncidentId id = only()->id;
  world.tell(RecordDelivery{site().deliveries_of(id)[0], DeliveryState::delivered});
  EXPECT_EQ(deliveries(), "property:alarm:delivered property:all_clear:pending");
  world.tell(RecordDelivery{site().deliveries_of(id)[1], DeliveryState::delivered});
  EXPECT_EQ(only(), nullptr);
}

TEST_F(Danger, ItIsRaisedAgainWhenItComesBackBeforeEverybodyHasDoneWithIt) {
  report(world.bays[0], IncidentKind::smoke);
  const IncidentId id = only()->id;
  deliver_all();
  report(world.bays[0], IncidentKind::smoke, false);
  world.advance(11min);
  report(world.bays[0], IncidentKind::smoke);
  EXPECT_EQ(only()->id, id);
  EXPECT_EQ(only()->round, 2);
  EXPECT_FALSE(only()->over());
  EXPECT_EQ(site().deliveries.get(site().deliveries_of(id).back()).step, DeliveryStep::alarm);
}

TEST_F(Danger, AFlutteringSensorTellsNobodyTwice) {
  report(world.bays[0], IncidentKind::smoke);
  const size_t told = site().deliveries.size();
  for (int i = 0; i < 20; ++i) {
    world.advance(1s);
    report(world.bays[0], IncidentKind::smoke, i % 2 == 1);
  }
  EXPECT_EQ(site().deliveries.size(), told);
  EXPECT_EQ(only()->sources.front().changes, 21);
}

TEST_F(Danger, WhatIsSuppressedIsSeenAndNotTold) {
  Suppression drill;
  drill.bay = world.bays[0];
  drill.until = world.now + 1h;
  drill.reason = "fire drill";
  ASSERT_TRUE(world.run(SuppressAlarms{world.site, drill}, staff).ok());
  report(world.bays[0], IncidentKind::smoke);
  EXPECT_TRUE(only()->suppressed);
  EXPECT_EQ(deliveries(), "");
  report(world.bays[0], IncidentKind::smoke, false);
  world.advance(2h);
  EXPECT_EQ(only(), nullptr) << "what ends in the drill is told to nobody";
  report(world.bays[3], IncidentKind::panic_button);
  EXPECT_EQ(deliveries(), "property:alarm:pending police_desk:alarm:pending") << "the drill is over";
}

TEST_F(Danger, WhatStillGoesOnWhenTheDrillEndsOrIsCalledOffIsTold) {
  for (const bool called_off : {false, true}) {
    Suppression drill;
    drill.bay = world.bays[called_off ? 3 : 0];
    drill.until = world.now + 1h;
    drill.reason = "fire drill";
    const auto number = world.run(SuppressAlarms{world.site, drill}, staff);
    ASSERT_TRUE(number.ok());
    report(drill.bay, IncidentKind::panic_button);
    const IncidentId id = site().bay(drill.bay)->incidents.at(IncidentKind::panic_button);
    EXPECT_TRUE(site().deliveries_of(id).empty());
    if (called_off) {
      (void)world.run(LiftSuppression{world.site, static_cast<uint32_t>(number->subject)}, staff);
    } else {
      world.advance(1h);
    }
    EXPECT_FALSE(site().incidents.get(id).suppressed);
    EXPECT_EQ(site().incidents.get(id).round, 2);
    EXPECT_EQ(site().deliveries_of(id).size(), 2u) << "property and police desk";
  }
}

TEST_F(Danger, AFireNextDoorToADrillIsTold) {
  Suppression drill;
  drill.bay = world.bays[0];
  drill.until = world.now + 1h;
  drill.reason = "fire drill";
  ASSERT_TRUE(world.run(SuppressAlarms{world.site, drill}, staff).ok());
  report(world.bays[0], IncidentKind::smoke);
  ASSERT_EQ(deliveries(), "");
  report(world.bays[1], IncidentKind::smoke);
  EXPECT_FALSE(only()->suppressed);
  EXPECT_NE(deliveries().find("fire_desk:alarm:pending"), std::string::npos);
  const int32_t level = only()->level;
  world.advance(2min);
  EXPECT_GT(only()->level, level) << "and grows until somebody answers";
}

TEST_F(Danger, AWarningThatGrowsIntoADangerHasToBeAnsweredAgain) {
  report(world.bays[0], IncidentKind::thermal_warning);
  (void)world.run(AcknowledgeIncident{only()->id}, staff);
  report(world.bays[0], IncidentKind::thermal_rising);
  EXPECT_FALSE(only()->acknowledged_by);
  world.advance(90s);
  EXPECT_EQ(only()->level, 1);
}

TEST_F(Danger, ANewRoundIsToldAtOnceAndTheAllClearOfTheLastNeverComes) {
  report(world.bays[0], IncidentKind::smoke);
  const IncidentId id = only()->id;
  report(world.bays[0], IncidentKind::smoke, false);
  world.advance(11min);
  report(world.bays[0], IncidentKind::smoke);
  for (const DeliveryId one : site().deliveries_of(id)) {
    const Delivery& delivery = site().deliveries.get(one);
    if (!delivery.pending()) continue;
    EXPECT_EQ(delivery.step, DeliveryStep::alarm);
    EXPECT_EQ(delivery.round, 2);
    EXPECT_FALSE(delivery.after);
  }
}

TEST_F(Danger, WhoDoesNotAnswerIsRemindedLessAndLessOftenButAlways) {
  report(world.bays[0], IncidentKind::emergency_stop);
  world.advance(6min);
  const int32_t soon = only()->level;
  EXPECT_GE(soon, 5);
  world.advance(6h);
  const int32_t later = only()->level;
  EXPECT_LT(later, soon + 20);
  world.advance(33min);
  EXPECT_GT(only()->level, later);
}

TEST_F(Danger, D8ABayThatAlarmsTooOftenIsListedForInspectionUntilItWasDone) {
  for (int i = 0; i < 10; ++i) {
    report(world.bays[0], IncidentKind::thermal_warning);
    report(world.bays[0], IncidentKind::thermal_warning, false);
    world.advance(3min);
  }
  EXPECT_NE(site().bay(world.bays[0])->inspection_since, Instant{});
  (void)world.run(RecordInspection{world.bays[0]}, staff);
  EXPECT_EQ(site().bay(world.bays[0])->inspection_since, Instant{});
}

TEST_F(Danger, D8AStationThatFallsSilentIsAnIncidentUntilItIsBack) {
  world.tell(RecordStationLink{world.station, false});
  world.advance(4min);
  EXPECT_EQ(only(), nullptr);
  world.advance(2min);
  ASSERT_NE(only(), nullptr);
  EXPECT_EQ(only()->kind, IncidentKind::station_silent);
  world.tell(RecordStationLink{world.station, true});
  EXPECT_EQ(only(), nullptr) << "nothing to deliver any more, nobody has to see it";
}

TEST_F(Danger, AStationThatHasNeverBeenThereIsNotSilentNeitherLiveNorAfterARestart) {
  const StationId fresh{world.make(RegisterStation{world.site, "CP-2"})};
  BayInfo info = site().bay(world.bays[2])->info;
  info.charger = Charger{fresh, 1, ConnectorType::iec_62196_t2, 22'000};
  world.make(ChangeBay{world.bays[2], info});
  State restarted;
  ASSERT_TRUE(restarted.load(world.state.save()));
  const Instant later = world.now + 10min;
  while (const auto due = restarted.take_due(later)) EXPECT_NE(due->kind, DeadlineKind::silence);
  world.advance(10min);
  EXPECT_EQ(only(), nullptr);
}

TEST_F(Danger, B5AWatchListHitIsToldToThePoliceAlone) {
  report(world.bays[0], IncidentKind::watch_list);
  EXPECT_EQ(deliveries(), "police_desk:alarm:pending");
  IncidentPolicy leaking = default_policy(IncidentKind::watch_list);
  leaking.told |= bit(Party::property);
  EXPECT_EQ(world.run(SetIncidentPolicy{world.site, IncidentKind::watch_list, leaking}, staff).error(),
            Refusal::invalid);
}

TEST_F(Danger, APersonConfirmsTheOwnMessageOnly) {
  world.book(world.driver, world.bays[0], 0min);
  report(world.bays[0], IncidentKind::thermal_danger);
  EXPECT_EQ(world.run_as(world.other, AcknowledgeIncident{only()->id}).error(), Refusal::not_yours);
  EXPECT_TRUE(world.run_as(world.driver, AcknowledgeIncident{only()->id}).ok());
  EXPECT_EQ(deliveries(), "driver:alarm:delivered owner:alarm:pending property:alarm:pending fire_desk:alarm:pending");
  EXPECT_FALSE(only()->acknowledged_by) << "the office still has to answer";
}

// Whatever is reported, answered and lost in whatever order: nothing is forgotten while somebody is owed a message, an
// all-clear is never on its way before its alarm, and what is saved is what is loaded.
RC_GTEST_PROP(Incidents, NoAlarmIsLostAndNoAllClearOvertakesIt, ()) {
  World world;
  const auto steps = *rc::gen::container<std::vector<uint32_t>>(60, rc::gen::arbitrary<uint32_t>());
  for (const uint32_t step : steps) {
    const Site& site = world.the_site();
    const BayId bay = world.bays[step % 4];
    const auto kind = static_cast<IncidentKind>(step / 4 % incident_kinds);
    std::vector<DeliveryId> due;
    site.deliveries.for_each([&](const Delivery& one) {
      if (one.pending() && !one.after) due.push_back(one.id);
    });
    std::vector<IncidentId> known;
    site.incidents.for_each([&](const Incident& one) { known.push_back(one.id); });
    switch (step / 128 % 6) {
      case 0:
      case 1:
        world.tell(ReportHazard{world.site, bay, kind, step / 1024 % 3 != 0, {}, world.now});
        break;
      case 2:
        if (!due.empty()) world.tell(RecordDelivery{due[step % due.size()], DeliveryState::delivered});
        break;
      case 3:
        if (!known.empty()) (void)world.run(AcknowledgeIncident{known[step % known.size()]}, staff);
        break;
      case 4:
        if (!known.empty()) (void)world.run(CloseIncident{known[step % known.size()]}, staff);
        break;
      default:
        world.advance(std::chrono::seconds{step / 1024 % 900});
    }
    site.deliveries.for_each([&](const Delivery& one) {
      RC_ASSERT(site.incidents.find(one.incident) != nullptr);
      RC_ASSERT(one.pending() == (one.due < far_future) || one.after);
      if (one.after) RC_ASSERT(site.deliveries.get(one.after).pending());
      if (one.step != DeliveryStep::all_clear) return;
      for (DeliveryId id : site.deliveries_of(one.incident)) {
        const Delivery& alarm = site.deliveries.get(id);
        const bool its_alarm = alarm.step == DeliveryStep::alarm && alarm.to == one.to && alarm.round == one.round;
        if (its_alarm && alarm.pending()) RC_ASSERT(static_cast<bool>(one.after));
      }
    });
  }
  State copy;
  RC_ASSERT(copy.load(world.state.save()));
  RC_ASSERT(copy.save() == world.state.save());
}

}  // namespace
}  // namespace bayward::core
