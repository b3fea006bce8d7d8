#include "core/site/decide.h"

#include <algorithm>
#include <cstdlib>

#include "base/limits.h"
#include "core/booking/bill.h"

namespace bayward::core {
namespace {

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

bool good_label(const std::string& text) {
  return !text.empty() && text.size() <= limits::label_chars;
}

// OCPP 2.0.1 part 4 §3.1.1: at most 48 characters, of those that need no quoting in a URL or a Basic user name.
bool good_identity(const std::string& text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("*-_=+|@.").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= 48 && std::all_of(text.begin(), text.end(), fits);
}

bool good_place(GeoPoint place) {
  return std::abs(place.latitude_e6) <= 80'000'000 && std::abs(place.longitude_e6) <= 180'000'000;
}

bool good_charger(const Site& site, const std::optional<Charger>& charger) {
  if (!charger) return true;
  return site.station(charger->station) && charger->evse >= 1 && charger->evse <= limits::connectors_per_station &&
         charger->connector != ConnectorType::none && charger->power_max_w > 0 && charger->power_max_w <= 1'000'000;
}

// A storey may have a thousand metres; more is a slip of the pen.
bool good_offset(const BayInfo& info) {
  return std::abs(info.east_dm) <= 100'000 && std::abs(info.north_dm) <= 100'000;
}

std::optional<Refusal> bad_bay(const State& state, const Site& site, const BayInfo& info, BayId self) {
  if (!good_label(info.label) || info.group.size() > limits::label_chars || info.level.size() > limits::label_chars ||
      !good_offset(info) || !good_charger(site, info.charger)) {
    return Refusal::invalid;
  }
  if (!state.account(info.owner)) return Refusal::unknown_account;
  if (info.tariff && (site_of(info.tariff) != site.id || number_in_site(info.tariff) > site.tariffs.size())) {
    return Refusal::unknown_thing;
  }
  for (const Bay& other : site.bays) {
    if (other.id == self) continue;
    if (other.info.label == info.label) return Refusal::already_exists;
    if (info.charger && other.info.charger && other.info.charger->station == info.charger->station &&
        other.info.charger->evse == info.charger->evse) {
      return Refusal::already_exists;
    }
  }
  return std::nullopt;
}

bool may_share(const Actor& actor, const Bay& bay) {
  return actor.kind != Actor::Kind::person || actor.account == bay.info.owner;
}

}  // namespace

Decided decide(const State& state, const Actor&, const DefineSite& command, Instant) {
  if (!good_label(command.name) || !good_place(command.place) || defect(command.rules) ||
      !parse_currency(command.currency.text()) || !SlotCalendar::fits_zone(command.zone, command.rules.slot_unit_s)) {
    return refuse(Refusal::invalid);
  }
  if (!state.account(command.community)) return refuse(Refusal::unknown_account);
  const SiteId site = state.next_site();
  return Decision{StreamId::of(site),
                  {SiteDefined{site, command.name, command.place, command.currency, command.zone, command.rules,
                               command.community}},
                  site.value};
}

Decided decide(const State& state, const Actor&, const SetSiteRules& command, Instant) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  // The unit cuts the calendar: it can't change under bookings.
  if (defect(command.rules) || command.rules.slot_unit_s != site->rules.slot_unit_s) return refuse(Refusal::invalid);
  return Decision{StreamId::of(site->id), {SiteRulesChanged{command.rules}}, site->id.value};
}

Decided decide(const State& state, const Actor&, const UpdateZone& command, Instant) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  if (!SlotCalendar::fits_zone(command.zone, site->rules.slot_unit_s)) return refuse(Refusal::invalid);
  if (site->zone == command.zone) return Decision{StreamId::of(site->id), {}, site->id.value};
  return Decision{StreamId::of(site->id), {ZoneUpdated{command.zone}}, site->id.value};
}

Decided decide(const State& state, const Actor&, const DefineBay& command, Instant) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  if (const auto reason = bad_bay(state, *site, command.info, {})) return refuse(*reason);
  const size_t most = site->handover.controller ? limits::handover_bays : limits::bays_per_site;
  if (site->bays.size() >= most) return refuse(Refusal::limit_reached);
  const auto bay = site_scoped<BayId>(site->id, static_cast<uint32_t>(site->bays.size()) + 1);
  return Decision{StreamId::of(site->id), {BayDefined{bay, command.info}}, bay.value};
}

Decided decide(const State& state, const Actor&, const ChangeBay& command, Instant) {
  const Site* site = state.site(site_of(command.bay));
  const Bay* bay = site ? site->bay(command.bay) : nullptr;
  if (!bay) return refuse(Refusal::unknown_bay);
  if (const auto reason = bad_bay(state, *site, command.info, bay->id)) return refuse(*reason);
  return Decision{StreamId::of(site->id), {BayChanged{bay->id, command.info}}, bay->id.value};
}

Decided decide(const State& state, const Actor&, const SetBayService& command, Instant now) {
  const Site* site = state.site(site_of(command.bay));
  const Bay* bay = site ? site->bay(command.bay) : nullptr;
  if (!bay) return refuse(Refusal::unknown_bay);
  Decision decision{StreamId::of(site->id), {}, bay->id.value};
  if (bay->in_service == command.in_service) return decision;
  decision.events.push_back(BayServiceChanged{bay->id, command.in_service});
  if (!command.in_service) {
    for (const AgendaEntry& entry : site->agenda[Site::index(bay->id)]) {
      const Booking& booking = site->bookings.get(entry.booking);
      if (booking.phase == BookingPhase::confirmed) {
        decision.events.push_back(end_booking(*site, booking, BookingEnd::withdrawn, now));
      }
    }
  }
  return decision;
}

Decided decide(const State& state, const Actor&, const RegisterStation& command, Instant now) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  if (!good_identity(command.identity)) return refuse(Refusal::invalid);
  if (state.station_of_identity.contains(command.identity)) return refuse(Refusal::already_exists);
  const auto station = site_scoped<StationId>(site->id, static_cast<uint32_t>(site->stations.size()) + 1);
  Decision decision{StreamId::of(site->id), {StationRegistered{station, command.identity}}, station.value};
  if (!command.controller) return decision;
  if (site->bays.size() > limits::handover_bays) return refuse(Refusal::limit_reached);
  if (site->handover.controller && site->handover.watermark > now) return refuse(Refusal::wrong_phase);
  decision.events.push_back(ControllerAssigned{station});
  return decision;
}

Decided decide(const State& state, const Actor&, const PublishTariff& command, Instant) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  if (!validate(command.tariff) || command.tariff.currency != site->currency) return refuse(Refusal::invalid);
  if (site->tariffs.size() >= 1000) return refuse(Refusal::limit_reached);
  const auto id = site_scoped<TariffId>(site->id, static_cast<uint32_t>(site->tariffs.size()) + 1);
  Tariff tariff = command.tariff;
  tariff.id = id;
  return Decision{StreamId::of(site->id), {TariffPublished{id, std::move(tariff), command.for_site}}, id.value};
}

Decided decide(const State& state, const Actor& actor, const PublishWindow& command, Instant) {
  const Site* site = state.site(site_of(command.window.bay));
  const Bay* bay = site ? site->bay(command.window.bay) : nullptr;
  if (!bay) return refuse(Refusal::unknown_bay);
  if (defect(command.window, site->rules.slot_unit_s)) return refuse(Refusal::invalid);
  if (!may_share(actor, *bay)) return refuse(Refusal::not_yours);
  const auto on_bay = std::count_if(site->windows.begin(), site->windows.end(),
                                    [&](const auto& item) { return item.second.bay == bay->id; });
  if (static_cast<size_t>(on_bay) >= limits::windows_per_bay) return refuse(Refusal::limit_reached);
  Window window = command.window;
  window.id = site_scoped<WindowId>(site->id, site->last_window + 1);
  return Decision{StreamId::of(site->id), {WindowPublished{window}}, window.id.value};
}

Decided decide(const State& state, const Actor& actor, const SetWindowException& command, Instant) {
  const Site* site = state.site(site_of(command.window));
  const auto found = site ? site->windows.find(command.window) : decltype(site->windows.end()){};
  if (!site || found == site->windows.end()) return refuse(Refusal::unknown_thing);
  Window changed = found->second;
  changed.exceptions[command.day] = command.ranges;
  if (defect(changed, site->rules.slot_unit_s)) return refuse(Refusal::invalid);
  if (!may_share(actor, *site->bay(changed.bay))) return refuse(Refusal::not_yours);
  return Decision{
      StreamId::of(site->id), {WindowExceptionSet{command.window, command.day, command.ranges}}, command.window.value};
}

Decided decide(const State& state, const Actor& actor, const WithdrawWindow& command, Instant) {
  const Site* site = state.site(site_of(command.window));
  const auto found = site ? site->windows.find(command.window) : decltype(site->windows.end()){};
  if (!site || found == site->windows.end()) return refuse(Refusal::unknown_thing);
  if (!may_share(actor, *site->bay(found->second.bay))) return refuse(Refusal::not_yours);
  return Decision{StreamId::of(site->id), {WindowWithdrawn{command.window}}, command.window.value};
}

Decided decide(const State& state, const Actor&, const GrantPermission& command, Instant) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  if (defect(command.permission, site->rules.slot_unit_s)) return refuse(Refusal::invalid);
  if (!state.account(command.permission.account)) return refuse(Refusal::unknown_account);
  for (BayId bay : command.permission.bays) {
    if (!site->bay(bay)) return refuse(Refusal::unknown_bay);
  }
  Permission permission = command.permission;
  permission.id = site_scoped<PermissionId>(site->id, site->last_permission + 1);
  return Decision{StreamId::of(site->id), {PermissionGranted{permission}}, permission.id.value};
}

Decided decide(const State& state, const Actor&, const RevokePermission& command, Instant) {
  const Site* site = state.site(site_of(command.permission));
  if (!site || !site->permissions.contains(command.permission)) return refuse(Refusal::unknown_thing);
  return Decision{StreamId::of(site->id), {PermissionRevoked{command.permission}}, command.permission.value};
}

}  // namespace bayward::core
