#include "ports/notice.h"

#include <gtest/gtest.h>

#include <map>

namespace bayward {
namespace {

using namespace core;

constexpr SiteId site{1};
constexpr auto bay = site_scoped<BayId>(site, 1);
constexpr auto other_bay = site_scoped<BayId>(site, 2);
constexpr auto booking = site_scoped<BookingId>(site, 7);
constexpr AccountId driver{10};
constexpr AccountId owner{11};

class Known final : public NoticeContext {
 public:
  std::optional<BookingFacts> booking(BookingId id) override {
    return id == bayward::booking ? std::optional(BookingFacts{driver, bay}) : std::nullopt;
  }
  AccountId owner_of(BayId id) override { return id == bay ? owner_ : AccountId{}; }
  AccountId owner_ = owner;
};

// "10:booking_moved 11:bay_booked"; a notice to the property is "0".
std::string told(const Event& event, Known known = {}) {
  std::string out;
  for (const Notice& notice : notices_of({StreamId::of(site), 1, event}, known)) {
    out += (out.empty() ? "" : " ") + std::to_string(notice.account.value) + ":" + std::string(to_text(notice.kind));
  }
  return out;
}

BookingEnded ended(BookingEnd end) {
  BookingEnded event;
  event.booking = booking;
  event.end = end;
  return event;
}

Incident incident(IncidentKind kind) {
  Incident out;
  out.id = site_scoped<IncidentId>(site, 1);
  out.kind = kind;
  out.bay = bay;
  out.booking = booking;
  return out;
}

TEST(Notices, TellTheDriverHowABookingEnded) {
  EXPECT_EQ(told(ended(BookingEnd::completed)), "10:bill_ready");
  EXPECT_EQ(told(ended(BookingEnd::no_show)), "10:no_show");
  EXPECT_EQ(told(ended(BookingEnd::displaced)), "10:booking_displaced");
  EXPECT_EQ(told(ended(BookingEnd::withdrawn)), "10:booking_withdrawn");
  EXPECT_EQ(told(ended(BookingEnd::expired)), "10:walk_up_expired");
}

TEST(Notices, SayNothingOfWhatTheRequestWasAnsweredWith) {
  EXPECT_EQ(told(ended(BookingEnd::no_funds)), "");
  EXPECT_EQ(told(ended(BookingEnd::timed_out)), "");
}

// The station accepted a start by app and nothing began, or it never answered.
TEST(Notices, TellWhoAskedThatChargingHasNotStarted) {
  EXPECT_EQ(told(ChargingLapsed{bay, booking, driver}), "10:charging_not_started");
}

TEST(Notices, TellTheOwnerOfBookingsInTheBayButNotOfTheOwn) {
  EXPECT_EQ(told(BookingConfirmed{booking}), "11:bay_booked");
  EXPECT_EQ(told(ended(BookingEnd::cancelled)), "10:booking_cancelled 11:bay_freed");
  Known own;
  own.owner_ = driver;
  EXPECT_EQ(told(BookingConfirmed{booking}, own), "");
}

TEST(Notices, ShowAMovedDriverBothBays) {
  Known known;
  const auto notices = notices_of({StreamId::of(site), 1, BookingMoved{booking, bay, other_bay}}, known);
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].account, driver);
  EXPECT_EQ(notices[0].bay, bay);
  EXPECT_EQ(notices[0].other_bay, other_bay);
}

TEST(Notices, OfIncidentsGoToThePropertyAndAWrongVehicleToTheOwnerToo) {
  EXPECT_EQ(told(IncidentOpened{incident(IncidentKind::wrong_vehicle)}), "0:wrong_vehicle 11:wrong_vehicle");
  EXPECT_EQ(told(IncidentOpened{incident(IncidentKind::overstay)}), "0:overstay_at_bay");
  EXPECT_EQ(told(IncidentOpened{incident(IncidentKind::station_silent)}), "0:station_silent");
}

TEST(Notices, DoNotTellTheOwnerWhoseBookingIsInTheWay) {
  Known known;
  const auto notices =
      notices_of({StreamId::of(site), 1, IncidentOpened{incident(IncidentKind::wrong_vehicle)}}, known);
  ASSERT_EQ(notices.size(), 2u);
  EXPECT_EQ(notices[0].booking, booking);
  EXPECT_FALSE(notices[1].booking);
}

TEST(Notices, KeepTheirWordsAndNumbers) {
  for (int64_t stored = 1; notice_kind(stored); ++stored) EXPECT_FALSE(to_text(*notice_kind(stored)).empty());
  EXPECT_EQ(static_cast<int>(NoticeKind::all_clear), 18);
  EXPECT_FALSE(notice_kind(0));
  EXPECT_EQ(static_cast<int>(NoticeKind::wallet_credited), 21);
  EXPECT_EQ(static_cast<int>(NoticeKind::charging_not_started), 22);
  EXPECT_EQ(static_cast<int>(NoticeKind::wrong_parking_fee), 23);
  EXPECT_FALSE(notice_kind(24));
}

}  // namespace
}  // namespace bayward
