#include <algorithm>

#include "api/views/views.h"
#include "base/limits.h"

namespace bayward::api {

using namespace core;

namespace {

// How far ahead a bay is said to be free: two days of quarter hours.
constexpr int64_t free_slots_shown = 2 * 96;

std::optional<Instant> held_until(const Site& site, const Bay& bay, Instant now) {
  if (bay.visit) {
    const Visit* visit = site.visits.find(bay.visit);
    const Booking* booking = visit && visit->booking ? site.bookings.find(visit->booking) : nullptr;
    return booking ? std::optional(booking->span.end) : std::nullopt;
  }
  const Booking* booking = site.booking_at(bay.id, now, site.rules.reserve_lead);
  return booking ? std::optional(booking->slots_end) : std::nullopt;
}

bool shows_planned_end(BayState state) {
  return state == BayState::held || state == BayState::taken || state == BayState::charging;
}

}  // namespace

const std::array<Word<ConnectorType>, 7> connector_words = {
    {{to_text(ConnectorType::none), ConnectorType::none},
     {to_text(ConnectorType::iec_62196_t2), ConnectorType::iec_62196_t2},
     {to_text(ConnectorType::iec_62196_t2_combo), ConnectorType::iec_62196_t2_combo},
     {to_text(ConnectorType::gbt_ac), ConnectorType::gbt_ac},
     {to_text(ConnectorType::gbt_dc), ConnectorType::gbt_dc},
     {to_text(ConnectorType::chademo), ConnectorType::chademo},
     {to_text(ConnectorType::iec_62196_t1), ConnectorType::iec_62196_t1}}};

void write_sides(JsonOut& out, SideSet sides) {
  out.array();
  for (const Side side : {Side::left, Side::middle, Side::right}) {
    if ((sides & bit(side)) != 0) out.value(side);
  }
  out.end();
}

namespace {

SideSet sides_in(Fields& in, std::string_view name) {
  SideSet found = 0;
  for (const boost::json::value& element : in.array(name, sides)) {
    const auto* text = element.if_string();
    const auto side = text ? parse_side(std::string_view(text->data(), text->size())) : std::nullopt;
    if (!side) in.refuse(name, "must be an array of: left, middle, right", "必须是由left、middle、right组成的数组");
    if (side) found |= bit(*side);
  }
  return found;
}

}  // namespace

BayView view_of(const Site& site, const Bay& bay, Instant now) {
  BayView view;
  view.bay = bay.id;
  view.info = bay.info;
  view.state = bay_state(site, bay, now);
  view.in_service = bay.in_service;
  view.occupied = bay.occupied;
  if (const Tariff* tariff = site.tariff_of(bay)) view.tariff = tariff->id;
  for (const auto& [kind, incident] : bay.incidents) {
    if (kind == IncidentKind::watch_list) continue;  // for the police desk alone (B5)
    view.incident = kind;
    break;
  }
  if (const Session* session = bay.session ? site.sessions.find(bay.session) : nullptr) {
    view.session_milliwh = session->energy_milliwh();
  }
  if (view.state == BayState::free) {
    const Slot first = site.calendar.slot_at(now);
    const int64_t run = site.calendar.free_run(Site::index(bay.id), first, free_slots_shown);
    view.free_until = site.calendar.start_of(first + run);
  } else if (shows_planned_end(view.state)) {
    view.free_from = held_until(site, bay, now);
    if (bay.visit && view.free_from) {
      view.minutes_left = std::chrono::floor<std::chrono::minutes>(*view.free_from - now).count();
    }
  }
  return view;
}

Instant holds_until(const Site& site, const BayView& view, Instant now) {
  Instant until = far_future;
  for (const AgendaEntry& entry : site.agenda[Site::index(view.bay)]) {
    const Instant reserved = entry.start - site.rules.reserve_lead;
    if (reserved > now) {
      until = std::min(until, reserved);
      break;
    }
    const Instant end = site.bookings.get(entry.booking).slots_end;
    if (end > now) until = std::min(until, end);
  }
  const Slot first = site.calendar.slot_at(now);
  if (view.state == BayState::free && view.free_until) {
    const bool open_ended = *view.free_until >= site.calendar.start_of(first + free_slots_shown);
    // What is told then says less and less.
    const Instant half = site.calendar.start_of(first + free_slots_shown / 2);
    until = std::min(until, open_ended ? half : *view.free_until);
  } else if (view.state == BayState::closed) {
    const int64_t run = site.calendar.unfree_run(Site::index(view.bay), first, free_slots_shown);
    until = std::min(until, site.calendar.start_of(first + run));
  }
  return until;
}

void write(JsonOut& out, const Charger& charger, bool for_staff) {
  out.object().field("connector", charger.connector).field("power_max_w", charger.power_max_w);
  if (for_staff) out.field("station", charger.station).field("evse", charger.evse);
  out.end();
}

void write(JsonOut& out, const BayView& view, bool for_staff) {
  const BayInfo& info = view.info;
  out.object().field("bay", view.bay).field("site", site_of(view.bay)).field("label", info.label);
  out.field("state", view.state).field("free_from", view.free_from).field("free_until", view.free_until);
  out.field("minutes_left", view.minutes_left).field("incident", view.incident).field("occupied", view.occupied);
  out.field("shared_pile", info.shared_pile).field("group", info.group).field("level", info.level);
  out.field("east_m", info.east_dm / 10.0).field("north_m", info.north_dm / 10.0).name("clear_sides");
  write_sides(out, info.clear);
  out.name("charger");
  info.charger ? write(out, *info.charger, for_staff) : void(out.null());
  out.field("tariff", view.tariff).name("session_energy_wh");
  view.session_milliwh ? out.value(WattHours{*view.session_milliwh}) : out.null();
  if (for_staff) out.field("owner", info.owner).field("in_service", view.in_service);
  out.end();
}

SiteView view_of(const Site& site, Instant now) {
  SiteView view;
  view.site = site.id;
  view.name = site.name;
  view.place = site.place;
  view.currency = site.currency;
  view.time_zone = site.zone.name;
  view.slot_unit_s = site.rules.slot_unit_s;
  view.walk_up_hold_s =
      static_cast<int32_t>(std::chrono::duration_cast<std::chrono::seconds>(site.rules.walk_up_hold).count());
  view.tariff = site.tariff;
  view.community = site.community;
  for (const Bay& bay : site.bays) {
    ++view.bays_by_state[static_cast<size_t>(bay_state(site, bay, now))];
    const Session* session = bay.session ? site.sessions.find(bay.session) : nullptr;
    if (session) view.charging_milliwh += session->energy_milliwh();
  }
  return view;
}

void write(JsonOut& out, const SiteView& view) {
  out.object().field("site", view.site).field("name", view.name).name("place").object();
  out.field("latitude", view.place.latitude_e6 / 1e6).field("longitude", view.place.longitude_e6 / 1e6).end();
  out.field("currency", view.currency.text()).field("time_zone", view.time_zone);
  out.field("slot_unit_s", view.slot_unit_s).field("walk_up_hold_s", view.walk_up_hold_s);
  out.field("tariff", view.tariff).field("community", view.community);
  uint32_t bays = 0;
  out.name("bays").object();
  for (size_t i = 0; i < view.bays_by_state.size(); ++i) {
    bays += view.bays_by_state[i];
    out.field(to_text(static_cast<BayState>(i)), view.bays_by_state[i]);
  }
  out.field("all", bays).end();
  out.field("charging_energy_wh", WattHours{view.charging_milliwh}).end();
}

GeoPoint place_in(Fields& in, std::string_view name) {
  Fields place = in.object(name);
  GeoPoint point;
  point.latitude_e6 = static_cast<int32_t>(std::llround(place.number("latitude", {-80, 80}) * 1e6));
  point.longitude_e6 = static_cast<int32_t>(std::llround(place.number("longitude", {-180, 180}) * 1e6));
  place.finish();
  return point;
}

void bay_info_in(Fields& in, BayInfo& info, bool is_new) {
  if (is_new || in.has("label")) info.label = in.text("label", 1, limits::label_chars);
  if (is_new || in.has("owner")) info.owner = in.id<AccountId>("owner");
  info.shared_pile = in.maybe_flag("shared_pile").value_or(info.shared_pile);
  info.group = in.maybe_text("group", 0, limits::label_chars).value_or(info.group);
  info.level = in.maybe_text("level", 0, limits::label_chars).value_or(info.level);
  if (in.has("clear_sides")) info.clear = sides_in(in, "clear_sides");
  const auto metres = [&](std::string_view name, int32_t present_dm) {
    const auto given = in.maybe_number(name, {-10'000, 10'000});
    return given ? static_cast<int32_t>(std::lround(*given * 10)) : present_dm;
  };
  info.east_dm = metres("east_m", info.east_dm);
  info.north_dm = metres("north_m", info.north_dm);
  info.tariff = in.maybe_id<TariffId>("tariff").value_or(info.tariff);
  auto charger = in.maybe_object("charger");
  if (!charger) return;
  Charger fitted;
  fitted.station = charger->id<StationId>("station");
  fitted.evse = static_cast<uint16_t>(charger->maybe_integer("evse", {1, limits::connectors_per_station}).value_or(1));
  fitted.connector = charger->maybe_word("connector", connector_words).value_or(ConnectorType::iec_62196_t2);
  fitted.power_max_w = static_cast<int32_t>(charger->integer("power_max_w", {1, 1'000'000}));
  charger->finish();
  info.charger = fitted;
}

}  // namespace bayward::api
