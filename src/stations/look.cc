#include "stations/look.h"

#include <algorithm>

#include "stations/csms.h"

namespace bayward::stations {
namespace {

constexpr size_t touched_max = 10'000;
constexpr size_t stations_per_look = 16;  // so that whatever else the engine is asked, an alarm above all, gets between

Csms::Seen see(const core::State& state, const LookAt& what, Instant now) {
  Csms::Seen seen;
  seen.station = what.station;
  const bool unknown = what.bays.size() == 1 && !what.bays.front().bay;
  seen.bays = unknown ? bays_of(state, what.station) : what.bays;
  seen.wanted = wanted_of(state, what.station, seen.bays);
  if (what.with_list || unknown) seen.listed = listed_of(state, what.station, seen.bays, now);
  return seen;
}

StationId station_of(const core::State& state, BayId id) {
  const core::Site* site = state.site(site_of(id));
  const core::Bay* bay = site ? site->bay(id) : nullptr;
  return bay && bay->info.charger ? bay->info.charger->station : StationId{};
}

std::vector<StationId> concerned(const core::State& state, const Csms::Touched& touched) {
  std::vector<StationId> out = touched.stations;
  for (const BayId bay : touched.bays) out.push_back(station_of(state, bay));
  for (const BookingId id : touched.bookings) {
    if (const core::Booking* booking = state.booking(id)) out.push_back(station_of(state, booking->bay));
  }
  for (const SessionId id : touched.sessions) {
    if (const core::Session* session = state.session(id)) out.push_back(session->station);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  std::erase(out, StationId{});
  return out;
}

struct Note {
  Csms::Touched& touched;
  core::StreamId stream{};  // of the event

  void operator()(const core::BookingConfirmed& e) const { touched.bookings.push_back(e.booking); }
  void operator()(const core::BookingExtended& e) const { touched.bookings.push_back(e.booking); }
  void operator()(const core::BookingAnnounced& e) const { touched.bookings.push_back(e.booking); }
  void operator()(const core::BookingEnded& e) const { touched.bookings.push_back(e.booking); }
  void operator()(const core::BookingLeft& e) const { touched.bookings.push_back(e.booking); }
  void operator()(const core::BookingMoved& e) const {
    touched.bays.push_back(e.from);
    touched.bays.push_back(e.to);
  }
  void operator()(const core::VisitBegan& e) const { touched.bays.push_back(e.visit.bay); }
  void operator()(const core::ChargingWanted& e) const { touched.bays.push_back(e.bay); }
  void operator()(const core::ChargingLapsed& e) const { touched.bays.push_back(e.bay); }
  void operator()(const core::SessionStarted& e) const { touched.bays.push_back(e.bay); }
  void operator()(const core::SessionStopWanted& e) const { touched.sessions.push_back(e.session); }
  void operator()(const core::SessionStopped& e) const { touched.sessions.push_back(e.session); }
  void operator()(const core::BayDefined& e) const {
    if (e.info.charger) touched.stations.push_back(e.info.charger->station);
  }
  void operator()(const core::BayChanged& e) const {
    if (e.info.charger) touched.stations.push_back(e.info.charger->station);
  }
  void operator()(const core::TokenAdded&) const { touched.accounts.push_back(AccountId{stream.id}); }
  void operator()(const core::TokenRemoved&) const { touched.accounts.push_back(AccountId{stream.id}); }
  void operator()(const core::StationRegistered& e) const { touched.registered.push_back(e.identity); }
  template <class Other>
  void operator()(const Other&) const {}

  size_t size() const {
    return touched.bays.size() + touched.bookings.size() + touched.sessions.size() + touched.stations.size() +
           touched.accounts.size() + touched.registered.size();
  }
};

}  // namespace

Flow look_at(Csms& csms, std::vector<LookAt> stations) {
  for (size_t first = 0; first < stations.size(); first += stations_per_look) {
    const size_t end = std::min(stations.size(), first + stations_per_look);
    std::vector<Csms::Seen> seen;
    const bool looked = co_await csms.door().look([&](const core::State& state, Instant now) {
      for (size_t i = first; i < end; ++i) seen.push_back(see(state, stations[i], now));
    });
    if (!looked) co_return;  // overloaded: a later tick looks again
    for (Csms::Seen& one : seen) csms.on_seen(std::move(one));
  }
}

Flow check_links(Csms& csms) {
  std::vector<StationId> online;
  const bool looked = co_await csms.door().look([&](const core::State& state, Instant) {
    for (uint64_t number = 1; number < state.next_site().value; ++number) {
      for (const core::Station& station : state.site(SiteId{number})->stations) {
        if (station.online) online.push_back(station.id);
      }
    }
  });
  if (looked) csms.on_links(online);
}

Flow settle(Csms& csms) {
  const Csms::Touched touched = csms.take_touched();
  std::vector<StationId> stations;
  const bool looked =
      co_await csms.door().look([&](const core::State& state, Instant) { stations = concerned(state, touched); });
  if (!looked || touched.too_many) csms.look_at_all();
  csms.on_touched(stations, touched);
}

void Csms::subscribe() {
  // On the engine's committing thread: note and go.
  ports_.engine.subscribe([this](const CommittedRecord& record) {
    bool post_now = false;
    {
      const std::lock_guard lock(touched_mutex_);
      Note note{touched_};
      if (note.size() > touched_max) touched_.too_many = true;
      for (const StreamEvent& event : record.events) {
        if (touched_.too_many) break;
        note.stream = event.stream;
        std::visit(note, event.event);
      }
      if (note.size() == 0 && !touched_.too_many) return;
      post_now = !std::exchange(touched_.posted, true);
    }
    if (post_now) door_.post([this] { settle(*this); });
  });
}

Csms::Touched Csms::take_touched() {
  const std::lock_guard lock(touched_mutex_);
  return std::exchange(touched_, Touched{});
}

void Csms::on_touched(const std::vector<StationId>& stations, const Touched& touched) {
  close_registered(touched.registered);
  std::vector<LookAt> looks;
  for (const StationId id : stations) {
    const auto station = find(id);
    if (!station || !sessions_.contains(id)) continue;
    const bool changed = std::find(touched.stations.begin(), touched.stations.end(), id) != touched.stations.end();
    looks.push_back({id, station->bays_known && !changed ? station->bays : unknown_bays, true});
  }
  // Few change a card, and a list is short: nobody keeps who is on which.
  for (const auto& [id, session] : sessions_) {
    if (touched.accounts.empty()) break;
    const Station& station = session->station();
    const bool listed = std::ranges::any_of(station.list.wanted, [&](const Listed& entry) {
      return std::ranges::find(touched.accounts, entry.account) != touched.accounts.end();
    });
    if (listed && !std::ranges::binary_search(stations, id)) looks.push_back({id, station.bays, true});
  }
  if (!looks.empty()) look_at(*this, std::move(looks));
}

void Csms::close_registered(const std::vector<std::string>& identities) {
  for (const std::string& identity : identities) {
    const auto entry = pending_.find(identity);
    if (entry == pending_.end()) continue;
    if (entry->second.session) {
      entry->second.session->close(close_code::normal, "registered now: connect again with the new password");
    }
    pending_.erase(entry);
  }
}

}  // namespace bayward::stations
