#include "site/authority/near_bookings.h"

#include <gtest/gtest.h>

namespace bayward::authority {
namespace {

constexpr Instant now = from_unix_s(1'700'000'000);

class Nobody final : public site::People {
 public:
  bool may_move_pods(std::string_view, Instant) override { return false; }
  bool is_staff(std::string_view) override { return false; }
  std::optional<BookingId> booking_of(std::string_view, Instant) override { return std::nullopt; }
};

core::BriefedClaim claim(uint64_t number, Instant start, Instant end, std::string plate, std::string phone = {}) {
  core::BriefedClaim out;
  out.booking = BookingId{number};
  out.held = {start, end};
  out.plate = std::move(plate);
  out.phone = std::move(phone);
  return out;
}

class NearBookingsTest : public testing::Test {
 protected:
  void add(uint32_t bay, core::BriefedClaim one) {
    core::BriefedBay& told = briefing.bays.emplace_back();
    told.bay = site_scoped<BayId>(SiteId{1}, bay);
    told.claims = {std::move(one)};
  }
  core::Briefing briefing;
  Nobody nobody;
  NearBookings near{[this]() -> const core::Briefing& { return briefing; }, nobody};
};

TEST_F(NearBookingsTest, ACarWithABookingThatRunsOrBeginsSoonIsExpectedAtItsBay) {
  add(1, claim(11, now + 20min, now + 2h, "MAN1001"));
  add(2, claim(12, now - 1h, now + 1h, "MAN1002"));
  EXPECT_EQ(near.expected("MAN1001", now)->booking, BookingId{11});
  EXPECT_EQ(near.expected("MAN1002", now)->bay, briefing.bays[1].bay);
}

TEST_F(NearBookingsTest, NoBookingAnEndedOneOrOneOfTheEveningIsNotExpected) {
  add(1, claim(11, now - 2h, now, "MAN1001"));
  add(2, claim(12, now + 5h, now + 6h, "MAN1002"));
  EXPECT_FALSE(near.expected("MAN1001", now));
  EXPECT_FALSE(near.expected("MAN1002", now));
  EXPECT_FALSE(near.expected("MAN9999", now));
}

TEST_F(NearBookingsTest, AClaimWhosePersonWasErasedMatchesNobody) {
  add(1, claim(11, now, now + 1h, ""));
  EXPECT_FALSE(near.expected("", now));
  EXPECT_FALSE(near.booking_of("", now));
}

TEST_F(NearBookingsTest, OfTwoBookingsTheEarlierOneCounts) {
  add(1, claim(11, now + 25min, now + 2h, "MAN1001", "+491713920001"));
  add(2, claim(12, now - 1h, now + 20min, "MAN1001", "+491713920001"));
  EXPECT_EQ(near.expected("MAN1001", now)->booking, BookingId{12});
  EXPECT_EQ(near.booking_of("+491713920001", now), BookingId{12});
}

}  // namespace
}  // namespace bayward::authority
