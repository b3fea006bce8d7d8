#include "stations/charging.h"

#include <algorithm>

#include "base/limits.h"
#include "ports/log.h"
#include "stations/csms.h"

namespace bayward::stations {
namespace {

constexpr size_t boundaries_ahead = 32;
constexpr size_t late_readings_max = 500;
constexpr Duration clock_tolerance{5min};

std::vector<Instant> boundaries_after(const core::Site& site, const core::Session& session, Instant after) {
  std::vector<Instant> out;
  const core::Bay* bay = site.bay(session.bay);
  const Tariff* tariff = bay ? site.tariff_of(*bay) : nullptr;
  while (tariff && out.size() < boundaries_ahead) {
    const Instant next = next_boundary(*tariff, site.zone, out.empty() ? after : out.back());
    if (next >= far_future) break;
    out.push_back(next);
  }
  return out;
}

const core::Session* session_of(const core::State& state, StationId station, const core::SessionKey& key) {
  const core::Site* site = state.site(site_of(station));
  if (!site) return nullptr;
  const auto found = site->session_of_key.find(key);
  return found == site->session_of_key.end() ? nullptr : site->sessions.find(found->second);
}

// What the engine's session says about a transaction.
void take_over(const core::State& state, const core::Session& from, Transaction& into) {
  into.session = from.id;
  into.key = from.key;
  into.evse = from.evse;
  into.gate.told(from.readings.back());
  into.gate.set_boundaries(boundaries_after(*state.site(site_of(from.id)), from, from.readings.back().at));
}

std::vector<MeterPoint> points_of(const std::vector<Readings>& readings) {
  std::vector<MeterPoint> out;
  for (const Readings& one : readings) {
    if (const auto point = one.point()) out.push_back(*point);
  }
  std::stable_sort(out.begin(), out.end(), [](const MeterPoint& a, const MeterPoint& b) { return a.at < b.at; });
  return out;
}

std::vector<MeterPoint> passed(Transaction& transaction, const std::vector<Readings>& readings, Duration live_every) {
  std::vector<MeterPoint> out;
  for (const MeterPoint& point : points_of(readings)) {
    for (const MeterPoint& needed : transaction.gate.pass(point, live_every)) out.push_back(needed);
  }
  if (out.size() > late_readings_max) out.resize(late_readings_max);
  return out;
}

struct KeptBay {
  BayId bay;
  AccountId account;
};
std::vector<KeptBay> kept_bays(const Station& station) {
  std::vector<KeptBay> out;
  for (const DeviceReservation& known : station.device.reservations) {
    if (known.holding != Holding::held) continue;
    out.push_back({station.bay_at(known.as_asked.evse), known.as_asked.account});
  }
  return out;
}
bool kept_for_another(const std::vector<KeptBay>& kept, BayId bay, AccountId account) {
  return std::any_of(kept.begin(), kept.end(),
                     [&](const KeptBay& one) { return one.bay == bay && one.account != account; });
}

// Asks the site's controller, and waits for its log.
class Consent {
 public:
  Consent(Csms& csms, core::RequestBooking request) : csms_(csms), request_(std::move(request)) {}

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> handle) {
    csms_.ask_site(request_, {},
                   [&door = csms_.door(), answer = answer_, next = continuation_of(handle)](Outcome made) {
                     *answer = std::move(made);
                     door.post([next] { next->go_on(); });
                   });
  }
  Outcome await_resume() const { return *answer_; }

 private:
  Csms& csms_;
  core::RequestBooking request_;
  std::shared_ptr<Outcome> answer_ = std::make_shared<Outcome>(Failure{core::Refusal::site_offline});
};

Consent consent(Csms& csms, const core::RequestBooking& request) {
  return {csms, request};
}

}  // namespace

Told told(const Outcome& outcome) {
  if (outcome) return Told::done;
  const bool later =
      outcome.error() == core::Refusal::overloaded || outcome.error() == core::Refusal::storage_unavailable;
  return later ? Told::busy : Told::unknown;
}

Part<Permit> permitted(SessionPtr session, Presented presented, std::optional<uint16_t> evse) {
  Csms& csms = session->csms();
  const auto station = csms.find(session->admission().station);
  const std::vector<KeptBay> kept = kept_bays(*station);
  Judgement judgement;
  const bool looked = co_await csms.door().look([&](const core::State& state, Instant now) {
    auto bays = station->bays_known ? station->bays : bays_of(state, station->id);
    judgement = judge(state, station->id, bays, evse, presented, now);
    if (!judgement.walk_up || !kept_for_another(kept, judgement.walk_up->bay, judgement.account)) return;
    // The device keeps it for the next booking's holder already: no walk-up in between.
    std::erase_if(bays, [&](const StationBay& place) { return kept_for_another(kept, place.bay, judgement.account); });
    judgement.walk_up = judge(state, station->id, bays, evse, presented, now).walk_up;
  });
  if (!looked) co_return Permit{Standing::busy, {}};
  if (judgement.standing == Standing::accepted || !judgement.walk_up) {
    co_return Permit{judgement.standing, judgement.account};
  }
  Outcome made = co_await csms.door().submit(*judgement.walk_up);
  if (!made && made.error() == core::Refusal::site_decides) made = co_await consent(csms, *judgement.walk_up);
  co_return Permit{made ? Standing::accepted : standing_after(made.error()), judgement.account};
}

Part<Started> start_session(SessionPtr session, std::shared_ptr<Transaction> transaction, bool power_flows) {
  Csms& csms = session->csms();
  const StationId station = session->admission().station;
  const MeterPoint first = *transaction->first;
  bool known = false;
  BookingId of_visit;
  const bool looked = co_await csms.door().look([&](const core::State& state, Instant) {
    known = session_of(state, station, transaction->key) != nullptr;
    // A car that was recognised by its plate needs no token.
    const core::Site* site = state.site(site_of(station));
    const core::Bay* bay = site ? site->bay_at(station, transaction->evse) : nullptr;
    if (bay && bay->visit && transaction->presented.nothing()) of_visit = site->visits.get(bay->visit).booking;
  });
  if (!looked) co_return Started{Told::busy, {}};
  Started out;
  if (of_visit) transaction->presented.booking = of_visit;
  const bool just_now = !transaction->offline && csms.now() - first.at < clock_tolerance;
  if (!known && just_now && !transaction->presented.nothing()) {
    out.permit = co_await permitted(session, transaction->presented, transaction->evse);
    if (out.permit.standing == Standing::busy) co_return Started{Told::busy, {}};
  }
  if (!known && !power_flows && out.permit.standing != Standing::accepted) co_return out;

  core::StartSession start;
  start.key = transaction->key;
  start.station = station;
  start.evse = transaction->evse;
  start.identity = transaction->presented.token;
  start.booking_token = transaction->presented.booking;
  start.offline = transaction->offline;
  start.start = first;
  out.told = told(co_await csms.door().submit(start));
  if (out.told != Told::done) co_return out;
  const bool seen = co_await csms.door().look([&](const core::State& state, Instant) {
    const core::Session* begun = session_of(state, station, transaction->key);
    if (!begun) return;
    take_over(state, *begun, *transaction);
    out.permit.account = begun->account;
    if (begun->account) out.permit.standing = Standing::accepted;
    if (!begun->account && out.permit.standing == Standing::accepted) out.permit.standing = Standing::not_now;
  });
  if (!seen) out.told = Told::busy;
  co_return out;
}

Part<Told> meter_session(SessionPtr session, std::shared_ptr<Transaction> transaction, std::vector<Readings> readings) {
  Csms& csms = session->csms();
  record_telemetry(*session, transaction->evse, transaction->session, readings);
  core::MeterSession meter;
  meter.site = site_of(transaction->session);
  meter.key = transaction->key;
  meter.readings = passed(*transaction, readings, csms.options().live_every);
  if (meter.readings.empty()) co_return Told::done;
  const Told result = told(co_await csms.door().submit(meter));
  if (!transaction->gate.needs_boundaries()) co_return result;
  (void)co_await csms.door().look([&](const core::State& state, Instant) {
    const core::Session* known = state.session(transaction->session);
    if (!known) return;
    const Instant after = transaction->gate.last()->at;
    transaction->gate.set_boundaries(boundaries_after(*state.site(site_of(known->id)), *known, after));
  });
  co_return result;
}

Part<Told> stop_session(SessionPtr session, std::shared_ptr<Transaction> transaction, std::vector<Readings> readings,
                        MeterPoint stop) {
  Csms& csms = session->csms();
  record_telemetry(*session, transaction->evse, transaction->session, readings);
  core::StopSession command;
  command.site = site_of(transaction->session);
  command.key = transaction->key;
  command.readings = passed(*transaction, readings, csms.options().live_every);
  if (const auto untold = transaction->gate.take_untold()) command.readings.push_back(*untold);
  command.stop = stop;
  co_return told(co_await csms.door().submit(command));
}

Part<Recalled> recall(SessionPtr session, Recall what) {
  Csms& csms = session->csms();
  const StationId station = session->admission().station;
  auto transaction = std::make_shared<Transaction>();
  transaction->id = what.id;
  const bool looked = co_await csms.door().look([&](const core::State& state, Instant) {
    const core::Session* known = what.number != 0 ? state.session(site_scoped<SessionId>(site_of(station), what.number))
                                                  : session_of(state, station, what.key);
    if (known && known->station == station) take_over(state, *known, *transaction);
  });
  if (!looked) co_return Recalled{Told::busy, nullptr};
  if (!transaction->session) co_return Recalled{Told::unknown, nullptr};
  co_return Recalled{Told::done, transaction};
}

void record_telemetry(StationSession& session, int64_t evse, SessionId within, std::vector<Readings>& readings) {
  for (Readings& one : readings) {
    for (TelemetrySample& sample : one.telemetry) {
      sample.station = session.admission().station;
      sample.connector = static_cast<int32_t>(evse);
      sample.session = within;
    }
    if (!one.telemetry.empty()) session.csms().telemetry().record(one.telemetry);
  }
}

void note_orphan(StationSession& session, const Orphan& orphan) {
  const Admission& who = session.admission();
  session.csms().statistics().count_orphan();
  log::warn("station.orphan_transaction",
            {{"station", who.identity}, {"action", orphan.action}, {"transaction", orphan.transaction}});
  session.csms().note_security({0,
                                who.station,
                                who.identity,
                                SecurityOrigin::platform,
                                "OrphanTransaction",
                                std::string(orphan.action) + " of transaction " + orphan.transaction +
                                    (orphan.says.empty() ? "" : ": " + orphan.says),
                                orphan.at == Instant{} ? session.now() : orphan.at,
                                {}});
}

void refuse_busy(StationSession& session, ocpp::CallSerial serial) {
  session.refuse(serial, ocpp::ErrorCode::internal_error, "not recorded: try again later");
}

}  // namespace bayward::stations
