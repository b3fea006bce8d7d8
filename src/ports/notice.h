// Who is told what: notices to people, made from events alone, so that the live feed and the tables of notices say the
// same. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "ports/engine.h"

namespace bayward {

enum class NoticeKind : uint8_t {
  booking_moved = 1,      // A8, to the driver: another bay
  booking_cancelled = 2,  // by the driver or by staff
  booking_displaced = 3,  // A8, to the driver: no bay is left; what is paid back
  booking_withdrawn = 4,  // the site took the bay out of service
  no_show = 5,
  walk_up_expired = 6,
  overstay = 7,                // A10, to the driver
  bill_ready = 8,              // to the driver
  bay_booked = 9,              // to the owner of the bay
  bay_freed = 10,              // to the owner: a booking of the bay was cancelled
  owner_credited = 11,         // to the owner: the share of a bill
  wrong_vehicle = 12,          // to the owner of the bay and to the property
  unauthorised_charging = 13,  // to the property
  overstay_at_bay = 14,        // to the property
  station_silent = 15,         // to the property
  alarm = 16,                  // D3: to everybody whom it concerns
  reminder = 17,               // D7: nobody has answered
  all_clear = 18,              // D4
  dispute_opened = 19,         // to the property
  dispute_decided = 20,        // to the driver: what is paid back
  wallet_credited = 21,        // to whom it belongs
  charging_not_started = 22,   // to whoever asked for it by app
  wrong_parking_fee = 23,      // B3: to the wrong parker; `booking` is the claim
};
std::string_view to_text(NoticeKind kind);
std::optional<NoticeKind> notice_kind(int64_t stored);

// To an account, or to the property office of a site (then account is none).
struct Notice {
  AccountId account;
  SiteId site;
  NoticeKind kind{};
  BookingId booking;  // those that it is about, if any
  BayId bay;
  BayId other_bay;  // booking_moved: where to
  IncidentId incident;
  Money amount;  // bill, share or compensation
  bool for_property() const { return !account; }
};

// What events don't say themselves: both come from earlier events.
struct BookingFacts {
  AccountId account;
  BayId bay;
};
class NoticeContext {
 public:
  virtual ~NoticeContext() = default;
  virtual std::optional<BookingFacts> booking(BookingId booking) = 0;
  virtual AccountId owner_of(BayId bay) = 0;  // none: unknown
};

// The context knows all events before this one.
std::vector<Notice> notices_of(const StreamEvent& event, NoticeContext& context);

}  // namespace bayward
