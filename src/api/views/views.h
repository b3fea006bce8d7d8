// How things of the core look in answers: one writer per thing, used by every handler and by the live feed. And the
// readers of those that people send. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/body.h"
#include "api/json_out.h"
#include "core/booking/bill.h"
#include "core/recommend/availability.h"
#include "core/state.h"

namespace bayward::api {

struct BookingView {
  core::Booking booking;
  std::string label;  // of the bay
  std::vector<SessionId> sessions;
};
// In a look.
BookingView view_of(const core::Site& site, const core::Booking& booking);
void write(JsonOut& out, const BookingView& view);

// A bay as everybody sees it; staff sees who owns it and what serves it.
struct BayView {
  BayId bay;
  core::BayInfo info;
  core::BayState state{};
  bool in_service = true;
  bool occupied = false;
  std::optional<Instant> free_from;     // when it isn't free: the end of what holds it now, as planned
  std::optional<Instant> free_until;    // when it is: as far as it can be booked from now
  std::optional<int64_t> minutes_left;  // of the stay; negative: overstay
  std::optional<core::IncidentKind> incident;
  std::optional<int64_t> session_milliwh;  // of the charging that runs
  TariffId tariff;
};
BayView view_of(const core::Site& site, const core::Bay& bay, Instant now);
// Until when the view of `now` holds if nothing happens: a booking's time begins or ends, a window opens or closes.
Instant holds_until(const core::Site& site, const BayView& view, Instant now);
void write(JsonOut& out, const BayView& view, bool for_staff);

struct SiteView {
  SiteId site;
  std::string name;
  core::GeoPoint place;
  Currency currency;
  std::string time_zone;
  int32_t slot_unit_s = 900;
  int32_t walk_up_hold_s = 600;
  TariffId tariff;
  AccountId community;
  std::array<uint32_t, 8> bays_by_state{};  // by core::BayState
  int64_t charging_milliwh = 0;             // of the sessions that run
};
SiteView view_of(const core::Site& site, Instant now);
void write(JsonOut& out, const SiteView& view);

// "invoice": its lines and sums.
void write(JsonOut& out, const Invoice& invoice);
void write(JsonOut& out, const Tariff& tariff);
void write(JsonOut& out, const core::SiteRules& rules);
void write(JsonOut& out, const core::Window& window);
// `holder`: whose it is, if known.
void write(JsonOut& out, const core::Permission& permission, const std::optional<std::string>& holder);
void write(JsonOut& out, const core::StandingOrder& order);
void write(JsonOut& out, const core::Charger& charger, bool for_staff);

Tariff tariff_in(Fields& in);
// What is left out has its default.
core::SiteRules rules_in(Fields& in);
// "00:00".."24:00", minutes of a day.
std::string clock_text(int minute);
std::optional<int16_t> clock_minute(const boost::json::value& value);
core::WeekPattern week_in(Fields& in, std::string_view name);
std::vector<core::MinuteRange> ranges_in(Fields& in, std::string_view name);
// "clear_sides" of a bay (A6).
void write_sides(JsonOut& out, core::SideSet sides);
// Of a new bay; or what is given replaces what is in `info`.
void bay_info_in(Fields& in, core::BayInfo& info, bool is_new);
core::GeoPoint place_in(Fields& in, std::string_view name);

extern const std::array<Word<core::ConnectorType>, 7> connector_words;

}  // namespace bayward::api
