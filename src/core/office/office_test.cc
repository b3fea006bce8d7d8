#include "core/office/office.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

// Two members of staff; `outsider` works for nobody.
struct Office : World {
  Office() {
    tell(ChangeRoles{driver, role_driver | role_property, {site}});
    tell(ChangeRoles{other, role_driver | role_property, {site}});
  }
  Actor staff(AccountId account) const { return {Actor::Kind::staff, account}; }
  void report(IncidentKind kind, size_t bay = 0) { tell(ReportHazard{site, bays[bay], kind, true, {}, now}); }
  IncidentId only() const {
    IncidentId found;
    the_site().incidents.for_each([&](const Incident& one) { found = one.id; });
    return found;
  }
};

TEST(StandingOrder, IsTheSitesPerKindAndAnEmptyOneTakesItAway) {
  Office office;
  const StandingOrder order{"撤离\n关电", "Leave\nCut the power"};
  EXPECT_EQ(
      World::text(office.run(SetStandingOrder{office.site, IncidentKind::smoke, order}, office.staff(office.driver))),
      "StandingOrderSet");
  EXPECT_EQ(office.the_site().standing_orders.at(IncidentKind::smoke).english, "Leave\nCut the power");
  office.tell(SetStandingOrder{office.site, IncidentKind::smoke, {}});
  EXPECT_TRUE(office.the_site().standing_orders.empty());
  const std::string long_text(limits::standing_order_bytes + 1, 'x');
  EXPECT_EQ(World::text(office.run(SetStandingOrder{office.site, IncidentKind::smoke, {"", long_text}})), "invalid");
}

TEST(Shift, IsSignedByWhoGoesAndByWhoComesWithWhatIsOpen) {
  Office office;
  office.report(IncidentKind::smoke);
  EXPECT_EQ(World::text(office.run(OfferShift{office.site, office.other}, office.staff(office.driver))),
            "ShiftOffered");
  const Shift& shift = office.the_site().shifts.back();
  EXPECT_EQ(shift.from, office.driver);
  EXPECT_EQ(shift.to, office.other);
  EXPECT_EQ(shift.open, std::vector{office.only()});
  EXPECT_FALSE(shift.taken());
  EXPECT_EQ(World::text(office.run(TakeShift{office.site, 1}, office.staff(office.driver))), "not_yours");
  office.advance(1min);
  EXPECT_EQ(World::text(office.run(TakeShift{office.site, 1}, office.staff(office.other))), "ShiftTaken");
  EXPECT_EQ(office.the_site().shifts.back().taken_at, office.now);
  EXPECT_EQ(World::text(office.run(TakeShift{office.site, 1}, office.staff(office.other))), "nothing")
      << "once is enough";
}

TEST(Shift, WhatWasAssignedToWhoGoesIsAssignedToWhoComes) {
  Office office;
  office.report(IncidentKind::smoke);
  office.tell(AssignIncident{office.only(), office.driver});
  (void)office.run(OfferShift{office.site, office.other}, office.staff(office.driver));
  EXPECT_EQ(World::text(office.run(TakeShift{office.site, 1}, office.staff(office.other))),
            "ShiftTaken IncidentAssigned");
  EXPECT_EQ(office.the_site().incidents.get(office.only()).assigned_to, office.other);
}

TEST(Shift, ALaterOfferTakesThePlaceOfOneThatNobodyHasTaken) {
  Office office;
  (void)office.run(OfferShift{office.site, office.other}, office.staff(office.driver));
  (void)office.run(OfferShift{office.site, office.driver}, office.staff(office.other));
  EXPECT_EQ(World::text(office.run(TakeShift{office.site, 1}, office.staff(office.other))), "wrong_phase");
  EXPECT_EQ(World::text(office.run(TakeShift{office.site, 2}, office.staff(office.driver))), "ShiftTaken");
  EXPECT_EQ(World::text(office.run(TakeShift{office.site, 3}, office.staff(office.driver))), "unknown_thing");
}

TEST(Shift, IsForStaffOfTheSiteAndNobodyHandsOverToThemselves) {
  Office office;
  EXPECT_EQ(World::text(office.run(OfferShift{office.site, office.owner}, office.staff(office.driver))),
            "unknown_account");
  EXPECT_EQ(World::text(office.run(OfferShift{office.site, office.driver}, office.staff(office.driver))), "invalid");
}

TEST(Shift, HitsOfTheWatchListAreNotInIt) {
  Office office;
  office.report(IncidentKind::watch_list);
  (void)office.run(OfferShift{office.site, office.other}, office.staff(office.driver));
  EXPECT_EQ(office.the_site().shifts.back().open_count, 0);
}

TEST(Shift, AndOrdersSurviveASnapshot) {
  Office office;
  office.tell(SetStandingOrder{office.site, IncidentKind::smoke, {"撤离", ""}});
  (void)office.run(OfferShift{office.site, office.other}, office.staff(office.driver));
  State loaded;
  ASSERT_TRUE(loaded.load(office.state.save()));
  EXPECT_EQ(loaded.site(office.site).standing_orders.at(IncidentKind::smoke).chinese, "撤离");
  EXPECT_EQ(loaded.site(office.site).shifts.size(), 1U);
}

}  // namespace
}  // namespace bayward::core
