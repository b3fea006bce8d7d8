#include "core/state.h"

#include <algorithm>

#include "base/binary.h"
#include "base/check.h"
#include "base/limits.h"
#include "core/booking/due.h"

namespace bayward::core {

const Bay* Site::bay(BayId wanted) const {
  return site_of(wanted) == id && index(wanted) < bays.size() ? &bays[index(wanted)] : nullptr;
}

Bay& Site::bay(BayId wanted) {
  BAYWARD_CHECK(static_cast<const Site*>(this)->bay(wanted) != nullptr);
  return bays[index(wanted)];
}

const Station* Site::station(StationId wanted) const {
  const uint32_t number = number_in_site(wanted);
  return site_of(wanted) == id && number >= 1 && number <= stations.size() ? &stations[number - 1] : nullptr;
}

const Tariff* Site::tariff_of(const Bay& bay) const {
  const uint32_t number = number_in_site(bay.info.tariff ? bay.info.tariff : tariff);
  return number >= 1 && number <= tariffs.size() ? &tariffs[number - 1] : nullptr;
}

const Bay* Site::bay_at(StationId station, uint16_t evse) const {
  const std::vector<BayIndex>& served = map.served_by(station);
  const auto found =
      std::find_if(served.begin(), served.end(), [&](BayIndex bay) { return bays[bay].info.charger->evse == evse; });
  return found == served.end() ? nullptr : &bays[*found];
}

const Booking* Site::booking_at(BayId wanted, Instant at, Duration early) const {
  for (const AgendaEntry& entry : agenda[index(wanted)]) {
    if (entry.start - early > at) break;
    const Booking& booking = bookings.get(entry.booking);
    if (at < booking.slots_end) return &booking;
  }
  return nullptr;
}

const Booking* Site::next_booking(BayId wanted, Instant at) const {
  const auto& of_bay = agenda[index(wanted)];
  const auto found = std::find_if(of_bay.begin(), of_bay.end(), [&](const AgendaEntry& e) { return e.start >= at; });
  return found == of_bay.end() ? nullptr : &bookings.get(found->booking);
}

const std::vector<DeliveryId>& Site::deliveries_of(IncidentId incident) const {
  static const std::vector<DeliveryId> none;
  const auto found = delivery_index.find(incident);
  return found == delivery_index.end() ? none : found->second;
}

const Site* State::site(SiteId id) const {
  return id && id.value <= sites_.size() ? sites_[id.value - 1].get() : nullptr;
}

Site& State::site(SiteId id) {
  BAYWARD_CHECK(id && id.value <= sites_.size());
  return *sites_[id.value - 1];
}

const Account* State::account(AccountId id) const {
  return id && id.value <= accounts_.size() ? &accounts_[id.value - 1] : nullptr;
}

Account& State::account(AccountId id) {
  BAYWARD_CHECK(id && id.value <= accounts_.size());
  return accounts_[id.value - 1];
}

const Booking* State::booking(BookingId id) const {
  const Site* at = site(site_of(id));
  return at ? at->bookings.find(id) : nullptr;
}

const Session* State::session(SessionId id) const {
  const Site* at = site(site_of(id));
  return at ? at->sessions.find(id) : nullptr;
}

Site& State::add_site(SiteFacts facts) {
  BAYWARD_CHECK(facts.id == next_site());
  auto site = std::make_unique<Site>();
  static_cast<SiteFacts&>(*site) = std::move(facts);
  site->calendar = SlotCalendar(site->rules.slot_unit_s, limits::calendar_days + 1);
  site_index.add(site->id, site->place);
  return *sites_.emplace_back(std::move(site));
}

Account& State::add_account(Account account) {
  BAYWARD_CHECK(account.id == next_account());
  return accounts_.emplace_back(std::move(account));
}

uint64_t State::sequence(StreamId stream) const {
  if (stream.kind == StreamKind::platform) return platform_sequence;
  if (const Site* at = site(stream.site())) return at->sequence;
  if (const Account* of = account(stream.account())) return of->sequence;
  return 0;
}

bool State::stands(const Deadline& deadline) const {
  if (deadline.kind == DeadlineKind::watch) {
    const WatchOrder* order = watch_book.find(WatchOrderId{deadline.subject});
    return order && order->due() == deadline.at;
  }
  if (deadline.kind == DeadlineKind::accident) {
    const Account* of = account(AccountId{deadline.subject});
    return of && of->driving.due() == deadline.at;
  }
  const Site* at = site(deadline.site);
  if (!at) return false;
  switch (deadline.kind) {
    case DeadlineKind::day:
      return deadline.at == at->zone.day(next_day(from_days(at->today))).start;
    case DeadlineKind::booking: {
      const Booking* booking = at->bookings.find(BookingId{deadline.subject});
      return booking && booking->due == deadline.at;
    }
    case DeadlineKind::charging: {
      const Bay* bay = at->bay(BayId{deadline.subject});
      return bay && bay->wanted_start && bay->wanted_start->until == deadline.at;
    }
    case DeadlineKind::incident: {
      const Incident* incident = at->incidents.find(IncidentId{deadline.subject});
      return incident && incident->due() == deadline.at;
    }
    case DeadlineKind::delivery: {
      const Delivery* delivery = at->deliveries.find(DeliveryId{deadline.subject});
      return delivery && delivery->due == deadline.at;
    }
    case DeadlineKind::silence: {
      const Station* station = at->station(StationId{deadline.subject});
      return station && falls_silent(*station) && station->link_since + station_silent_after == deadline.at;
    }
    case DeadlineKind::watch:
    case DeadlineKind::accident:
      break;
  }
  return false;
}

std::optional<Instant> State::next_due() {
  while (!deadlines_.empty() && !stands(deadlines_.top())) deadlines_.pop();
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.top().at;
}

std::optional<Deadline> State::take_due(Instant now) {
  const auto due = next_due();
  if (!due || *due > now) return std::nullopt;
  const Deadline deadline = deadlines_.top();
  deadlines_.pop();
  return deadline;
}

std::string State::save() const {
  std::string bytes;
  BinaryWriter out(bytes);
  out.varint(5);  // schema of the snapshot; another one is rebuilt from the journal
  out.varint(sites_.size());
  for (const auto& site : sites_) {
    out.write(static_cast<const SiteFacts&>(*site));
    site->bookings.save(out);
    site->visits.save(out);
    site->sessions.save(out);
    site->incidents.save(out);
    site->deliveries.save(out);
  }
  out.varint(accounts_.size());
  for (const Account& account : accounts_) out.write(account);
  out.varint(platform_sequence);
  watch_book.save(out);
  return bytes;
}

bool State::load(std::string_view bytes) {
  *this = State{};
  BinaryReader in(bytes);
  if (in.varint() != 5) return false;
  const uint64_t sites = in.varint();
  for (uint64_t i = 0; i < sites && in.ok(); ++i) {
    SiteFacts facts;
    in.read(facts);
    if (!in.ok() || facts.id != next_site()) return false;
    Site& site = add_site(std::move(facts));
    site.bookings.load(in);
    site.visits.load(in);
    site.sessions.load(in);
    site.incidents.load(in);
    site.deliveries.load(in);
  }
  const uint64_t accounts = in.varint();
  for (uint64_t i = 0; i < accounts && in.ok(); ++i) {
    Account account;
    in.read(account);
    if (!in.ok() || account.id != next_account()) return false;
    add_account(std::move(account));
  }
  platform_sequence = in.varint();
  if (!watch_book.load(in) || !in.ok() || !in.at_end()) return false;
  rebuild_derived();
  return true;
}

void State::rebuild_derived() {
  for (auto& site : sites_) {
    for (const Station& station : site->stations) station_of_identity[station.identity] = station.id;
    site->agenda.resize(site->bays.size());
    site->calendar.resize_bays(static_cast<BayIndex>(site->bays.size()));
    move_to_day(*site, site->today);
    watch({site->zone.day(next_day(from_days(site->today))).start, site->id, DeadlineKind::day, 0});
    site->bookings.for_each([&](const Booking& booking) {
      // The slots that an ended booking has used stay used, should the clock be set back.
      booking.live() ? index_live(*site, booking) : take_slots(*site, booking);
      if (booking.due < far_future) watch({booking.due, site->id, DeadlineKind::booking, booking.id.value});
    });
    site->incidents.for_each([&](const Incident& incident) {
      if (incident.due() < far_future) watch({incident.due(), site->id, DeadlineKind::incident, incident.id.value});
    });
    site->deliveries.for_each([&](const Delivery& delivery) {
      site->delivery_index[delivery.incident].push_back(delivery.id);
      if (delivery.due < far_future) watch({delivery.due, site->id, DeadlineKind::delivery, delivery.id.value});
    });
    for (const Station& station : site->stations) {
      if (falls_silent(station)) watch(silence_deadline(*site, station));
    }
    site->sessions.for_each([&](const Session& session) { site->session_of_key[session.key] = session.id; });
    for (const Bay& bay : site->bays) {
      map_bay(*this, *site, bay);
      if (bay.reading) standing.emplace(bay.reading.bare, bay.id);
      if (bay.wanted_start) watch({bay.wanted_start->until, site->id, DeadlineKind::charging, bay.id.value});
    }
  }
  watch_book.for_each([&](const WatchOrder& order) {
    watch({order.due(), SiteId{}, DeadlineKind::watch, order.id.value});
  });
  for (const Account& account : accounts_) {
    if (account.phone) account_of_phone[account.phone] = account.id;
    for (const Vehicle& vehicle : account.vehicles) account_of_plate[vehicle.plate] = account.id;
    for (const Token& token : account.tokens) account_of_token[token.token] = account.id;
    for (const auto& [booking, dispute] : account.disputes) disputes[booking] = account.id;
    if (account.driving.due() < far_future) {
      watch({account.driving.due(), SiteId{}, DeadlineKind::accident, account.id.value});
    }
  }
}

void reopen_bay(Site& site, BayId bay, int32_t first_day, int32_t end_day) {
  const Interval days{site.zone.day(from_days(first_day)).start, site.zone.day(from_days(end_day)).start};
  site.calendar.set_open(Site::index(bay), site.calendar.touching(days), false);
  for (const auto& [id, window] : site.windows) {
    if (window.bay != bay) continue;
    for (int32_t day = std::max(first_day, window.first_day); day < std::min(end_day, window.last_day + 1); ++day) {
      for (const MinuteRange& range : window.ranges_on(day)) {
        const Date date = from_days(day);
        const Interval open{site.zone.at_local(date, range.start_minute), site.zone.at_local(date, range.end_minute)};
        if (!open.empty()) site.calendar.set_open(Site::index(bay), site.calendar.touching(open), true);
      }
    }
  }
}

void move_to_day(Site& site, int32_t today) {
  const Slot first = site.calendar.slot_at(site.zone.day(from_days(today)).start);
  const auto horizon = static_cast<int32_t>(limits::calendar_days);
  const Instant end = site.zone.day(from_days(today + horizon)).start;
  const Slot old_end = site.calendar.end();
  site.calendar.move_horizon(first, site.calendar.slot_at(end));
  const bool fresh = old_end <= first;
  const int32_t from_day = fresh ? today : to_days(site.zone.local_date(site.calendar.start_of(old_end)));
  for (const Bay& bay : site.bays) {
    reopen_bay(site, bay.id, from_day, today + horizon);
    // After a change of the zone's rules a booking may have reached beyond the horizon.
    for (const AgendaEntry& entry : site.agenda[Site::index(bay.id)]) {
      const Booking& booking = site.bookings.get(entry.booking);
      const Interval entered{std::max(booking.span.start, site.calendar.start_of(old_end)), booking.slots_end};
      if (!entered.empty()) site.calendar.take(Site::index(bay.id), site.calendar.touching(entered));
    }
  }
}

void index_live(Site& site, const Booking& booking) {
  auto& agenda = site.agenda[Site::index(booking.bay)];
  const auto later = std::upper_bound(agenda.begin(), agenda.end(), booking.span.start,
                                      [](Instant start, const AgendaEntry& entry) { return start < entry.start; });
  agenda.insert(later, {booking.span.start, booking.id});
  site.live_of_account[booking.account].push_back(booking.id);
  take_slots(site, booking);
}

void unindex_live(Site& site, const Booking& booking) {
  std::erase_if(site.agenda[Site::index(booking.bay)],
                [&](const AgendaEntry& entry) { return entry.booking == booking.id; });
  std::vector<BookingId>& of_account = site.live_of_account[booking.account];
  std::erase(of_account, booking.id);
  if (of_account.empty()) site.live_of_account.erase(booking.account);
}

bool falls_silent(const Station& station) {
  return station.seen && !station.online;
}

Deadline silence_deadline(const Site& site, const Station& station) {
  return {station.link_since + station_silent_after, site.id, DeadlineKind::silence, station.id.value};
}

void see_plate(State& state, Bay& bay, const PlatePrints& plate) {
  if (bay.reading) state.standing.erase({bay.reading.bare, bay.id});
  bay.reading = plate;
  bay.watch_told.clear();
  if (plate) state.standing.emplace(plate.bare, bay.id);
}

void map_bay(State& state, Site& site, const Bay& bay) {
  site.map.put(Site::index(bay.id), bay.info, bay.in_service);
  state.site_extent_max_m = std::max(state.site_extent_max_m, site.map.extent_m());
  state.site_index.set_extent(site.id, site.place, site.map.extent_m());
}

void take_slots(Site& site, const Booking& booking) {
  const Interval held{booking.span.start, booking.slots_end};
  if (!held.empty()) site.calendar.take(Site::index(booking.bay), site.calendar.touching(held));
}

}  // namespace bayward::core
