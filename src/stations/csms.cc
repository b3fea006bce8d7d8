#include "stations/csms.h"

#include <algorithm>

#include "base/limits.h"
#include "ports/log.h"
#include "stations/look.h"
#include "stations/security.h"

namespace bayward::stations {
namespace {

constexpr Duration pending_shown{1h};  // after an unknown station was last seen
constexpr size_t looks_per_tick = 200;
constexpr int64_t ticks_between_link_checks = 60;
constexpr uint64_t runs_told_apart = 78'364'164'096;  // 7 characters of base 36: over two years of milliseconds
constexpr Duration settings_last{1h};                 // a station that boots again so soon still has them

std::string base36(uint64_t number) {
  std::string out;
  do {
    out += "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
    number /= 36;
  } while (number != 0);
  return out;
}

}  // namespace

Csms::Csms(CsmsPorts ports, StationOptions options)
    : ports_(std::move(ports)),
      options_(std::move(options)),
      door_(ports_.engine, ports_.post, ports_.background),
      fleet_(*this, door_, ports_.fleet_records),
      run_(base36(static_cast<uint64_t>(unix_ms(ports_.clock.now())) % runs_told_apart)) {
  subscribe();
}

std::string Csms::next_call_prefix() {
  // At most 7 and 6 characters and a letter between: within OutgoingCalls::id_prefix_chars_max.
  return run_ + "Z" + base36(++sockets_ % 2'176'782'336);
}

int64_t Csms::next_orphan_number() {
  // The upper half of what fits 32 bits, begun at another place after each restart.
  constexpr uint64_t half = 1ULL << 30;
  return static_cast<int64_t>(half + (static_cast<uint64_t>(unix_s(now())) * 16 + ++orphan_numbers_) % half);
}

std::shared_ptr<Station> Csms::find(StationId id) const {
  const auto found = stations_.find(id);
  return found == stations_.end() ? nullptr : found->second;
}

bool Csms::is_current(const StationSession& session) const {
  const auto found = sessions_.find(session.admission().station);
  return found != sessions_.end() && found->second.get() == &session;
}

std::shared_ptr<StationSession> Csms::session_of(StationId id) const {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second;
}

void Csms::update_connected() {
  const auto knocking = std::count_if(pending_.begin(), pending_.end(), [](const auto& p) { return p.second.session; });
  statistics_.set_connected(sessions_.size(), static_cast<size_t>(knocking));
}

void Csms::on_opened(const std::shared_ptr<StationSession>& session) {
  const Admission& admission = session->admission();
  log::info("station.connected", {{"station", admission.identity},
                                  {"protocol", session->protocol().dialect().subprotocol},
                                  {"peer", admission.peer},
                                  {"registered", static_cast<bool>(admission.station)}});
  if (!admission.station) return admit_pending(session);
  auto& station = stations_[admission.station];
  if (!station) {
    station = std::make_shared<Station>();
    station->id = admission.station;
    station->identity = admission.identity;
  }
  session->station_ = station;
  auto& current = sessions_[admission.station];
  const auto old = std::exchange(current, session);
  statistics_.count_connection(old != nullptr);
  if (old) {
    old->replaced();
    old->close(close_code::policy, "another connection of this station has taken over");
  }
  doubt(station->device);
  station->list.asked = false;
  door_.tell(core::RecordStationLink{admission.station, true});
  update_connected();
  look_again(admission.station);
}

void Csms::admit_pending(const std::shared_ptr<StationSession>& session) {
  const Admission& admission = session->admission();
  if (!pending_.contains(admission.identity) && pending_.size() >= limits::stations_pending) {
    session->close(close_code::try_again_later, "too many unknown stations");
    return;
  }
  Knocking& entry = pending_[admission.identity];
  if (entry.session) {
    entry.session->replaced();
    entry.session->close(close_code::policy, "another connection of this station has taken over");
  }
  statistics_.count_connection(entry.session != nullptr);
  if (entry.shown.first_seen == Instant{}) entry.shown.first_seen = now();
  entry.shown.identity = admission.identity;
  entry.shown.protocol = session->protocol().dialect().subprotocol;
  entry.shown.peer = admission.peer;
  entry.shown.last_seen = now();
  entry.session = session;
  update_connected();
}

void Csms::on_booted(StationSession& session) {
  if (session.known()) return fleet_.booted(session);
  const auto entry = pending_.find(session.admission().identity);
  if (entry == pending_.end() || !session.nameplate()) return;
  entry->second.shown.vendor = session.nameplate()->vendor;
  entry->second.shown.model = session.nameplate()->model;
  entry->second.shown.serial_number = session.nameplate()->serial_number;
  entry->second.shown.last_seen = now();
}

void Csms::on_ready(const std::shared_ptr<StationSession>& session, bool after_boot) {
  if (!is_current(*session)) return;
  Station& station = session->station();
  if (after_boot && (station.settings_at == Instant{} || line_now_ - station.settings_at >= settings_last)) {
    station.settings_at = line_now_;
    make_settings(session);
  }
  fleet_.on_ready(*session, after_boot);
  look_again(session->station().id);
}

void Csms::on_closed(const std::shared_ptr<StationSession>& session, const WebSocketClosed& why, bool replaced) {
  const Admission& admission = session->admission();
  log::info("station.disconnected",
            {{"station", admission.identity}, {"code", why.code}, {"why", why.reason}, {"replaced", replaced}});
  if (is_current(*session)) {
    sessions_.erase(admission.station);
    door_.tell(core::RecordStationLink{admission.station, false});
  }
  if (const auto entry = pending_.find(admission.identity);
      entry != pending_.end() && entry->second.session == session) {
    entry->second.session.reset();
    entry->second.shown.last_seen = now();
  }
  update_connected();
}

void Csms::look_again(StationId id) {
  if (const auto station = find(id)) look_at(*this, {{id, station->bays_known ? station->bays : unknown_bays, false}});
}

void Csms::look_at_all() {
  for (const auto& [id, session] : sessions_) session->station().looked_at = {};
}

void Csms::on_links(const std::vector<StationId>& online) {
  for (const StationId id : online) {
    if (!sessions_.contains(id)) door_.tell(core::RecordStationLink{id, false});
  }
  for (const auto& [id, session] : sessions_) {
    if (!std::binary_search(online.begin(), online.end(), id)) door_.tell(core::RecordStationLink{id, true});
  }
}

void Csms::tick() {
  const Instant at = now();
  line_now_ += 1s;
  if (unix_s(line_now_) % ticks_between_link_checks == 0) check_links(*this);
  unwatch_messages();
  std::vector<std::shared_ptr<StationSession>> sessions;
  sessions.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) sessions.push_back(session);
  for (const auto& [identity, entry] : pending_) {
    if (entry.session) sessions.push_back(entry.session);
  }
  std::vector<LookAt> due;
  for (const auto& session : sessions) {
    session->tick();
    if (!session->known() || !session->is_open()) continue;
    renew_certificate(*session);
    Station& station = session->station();
    const bool with_list = line_now_ - station.list_looked_at >= options_.list_every;
    if ((line_now_ - station.looked_at >= options_.look_every || with_list) && due.size() < looks_per_tick) {
      station.looked_at = line_now_;
      if (with_list) station.list_looked_at = line_now_;
      due.push_back({station.id, station.bays_known ? station.bays : unknown_bays, with_list});
    } else {
      drive(station.id);
    }
  }
  if (!due.empty()) look_at(*this, std::move(due));
  controllers_.tick();
  fleet_.tick();
  std::erase_if(pending_, [&](const auto& entry) {
    return !entry.second.session && at - entry.second.shown.last_seen > pending_shown;
  });
}

void Csms::on_seen(Seen seen) {
  const auto station = find(seen.station);
  if (!station) return;
  station->bays = std::move(seen.bays);
  station->bays_known = true;
  station->wanted = std::move(seen.wanted);
  if (seen.listed) station->list.wanted = *std::move(seen.listed);
  drive(seen.station);
}

void Csms::drive(StationId id) {
  const auto session = sessions_.find(id);
  if (session == sessions_.end() || !session->second->ready()) return;
  const auto keep = session->second;
  Station& station = keep->station();
  for (const Due& due : reconcile(station.wanted, station.device, now())) make_call(keep, due);
  send_list(keep);
}

}  // namespace bayward::stations
