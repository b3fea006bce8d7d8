// Csms as the staff's StationDesk.
#include <algorithm>

#include "base/limits.h"
#include "ports/log.h"
#include "stations/authority/authority.h"
#include "stations/credentials.h"
#include "stations/csms.h"
#include "stations/security.h"
#include "stations/staff_call.h"

namespace bayward::stations {
namespace {

StationStatus status_of(StationSession& session) {
  const Station& station = session.station();
  StationStatus out;
  out.station = station.id;
  out.identity = station.identity;
  out.protocol = session.protocol().dialect().subprotocol;
  out.peer = session.admission().peer;
  out.online_since = session.opened_at();
  out.last_message_at = session.last_message_at();
  out.booted = station.nameplate.has_value();
  const Nameplate nameplate = station.nameplate.value_or(Nameplate{});
  out.vendor = nameplate.vendor;
  out.model = nameplate.model;
  out.serial_number = nameplate.serial_number;
  out.firmware = nameplate.firmware;
  out.calls_waiting = session.calls_waiting();
  out.calls_open = session.calls_open();
  for (const DeviceReservation& known : station.device.reservations) {
    if (known.holding == Holding::held) ++out.reservations_held;
    if (known.answer.empty() || known.holding == Holding::held) continue;
    out.reservations_refused.push_back(
        {known.as_asked.booking, known.as_asked.evse, known.answer, known.patience.retry_at});
  }
  return out;
}

// An order of several calls: the answer is given when the last of them has ended.
struct Gathering {
  StationAnswer answer;
  size_t left = 0;
  std::function<void(StationAnswer)> done;
};

void take_in(Gathering& order, const Protocol& protocol, const StationOrder& what, size_t call,
             const StationSession::CallOutcome& outcome) {
  if (const auto* payload = std::get_if<ocpp::Json>(&outcome)) {
    protocol.read_answer(what, call, *payload, order.answer);
  } else if (const auto* error = std::get_if<ocpp::CallError>(&outcome)) {
    order.answer.kind = StationAnswer::Kind::error;
    order.answer.status = std::string(ocpp::error_word(protocol.dialect(), error->code)) + ": " + error->description;
  } else {
    order.answer.kind = StationAnswer::Kind::silent;
  }
}

}  // namespace

void Csms::list(std::function<void(std::vector<StationStatus>)> answer) {
  door_.post([this, answer = std::move(answer)] {
    std::vector<StationStatus> out;
    out.reserve(sessions_.size());
    for (const auto& [id, session] : sessions_) out.push_back(status_of(*session));
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.station < b.station; });
    answer(std::move(out));
  });
}

void Csms::pending(std::function<void(std::vector<PendingStation>)> answer) {
  door_.post([this, answer = std::move(answer)] {
    std::vector<PendingStation> out;
    out.reserve(pending_.size());
    for (const auto& [identity, entry] : pending_) out.push_back(entry.shown);
    answer(std::move(out));
  });
}

void Csms::reports(StationId id, std::function<void(std::vector<StationReport>)> answer) {
  door_.post([this, id, answer = std::move(answer)] {
    const auto station = find(id);
    answer(station ? station->reports.list() : std::vector<StationReport>{});
  });
}

void Csms::messages(StationId id, MessageQuery query, std::function<void(StationMessages)> answer) {
  door_.post([this, id, query = std::move(query), answer = std::move(answer)] {
    const auto station = find(id);
    if (!station) return answer({});
    watch_messages(*station, query);
    answer(station->messages.read(query));
  });
}

// Who looks is on record once for each while, not for each look.
void Csms::watch_messages(Station& station, const MessageQuery& query) {
  const auto known = watched_.find(station.id);
  if (known == watched_.end() && watched_.size() < limits::message_logs_watched) {
    station.messages.keep(limits::message_log_watched_bytes);
  }
  const bool full = known == watched_.end() && watched_.size() >= limits::message_logs_watched;
  Watch unwatched;
  Watch& watch = full ? unwatched : watched_[station.id];
  watch.until = line_now_ + std::chrono::seconds{limits::message_log_watch_seconds};
  const std::pair reader{query.reader, query.personal};
  if (std::find(watch.on_record.begin(), watch.on_record.end(), reader) != watch.on_record.end()) return;
  if (watch.on_record.size() < limits::message_logs_watched) watch.on_record.push_back(reader);
  note_security({0,
                 station.id,
                 station.identity,
                 SecurityOrigin::staff,
                 query.personal ? "PersonalMessagesRead" : "MessagesRead",
                 "by " + to_text(query.reader),
                 now(),
                 {}});
}

void Csms::unwatch_messages() {
  std::erase_if(watched_, [&](const auto& one) {
    if (line_now_ < one.second.until) return false;
    if (const auto station = find(one.first)) station->messages.keep(limits::message_log_bytes);
    return true;
  });
}

namespace {

core::Ask ask_of(const core::RequestBooking& request) {
  core::Ask out;
  out.wish.bay = request.bay;
  out.wish.account = request.account;
  out.wish.vehicle = request.vehicle;
  out.wish.booking_kind = request.kind;
  out.wish.span = request.span;
  out.wish.energy_estimate_milliwh = request.energy_estimate_milliwh;
  return out;
}

core::Ask ask_of(const core::Booking& booking, Instant end) {
  core::Ask out;
  out.wish.kind = core::GrantKind::extend;
  out.wish.bay = booking.bay;
  out.wish.account = booking.account;
  out.wish.booking = booking.id;
  out.wish.span = {booking.span.end, end};
  return out;
}

}  // namespace

void Csms::ask_site(core::Command command, std::string name, std::function<void(Outcome)> answer) {
  if (const auto* request = std::get_if<core::RequestBooking>(&command)) {
    core::Ask ask = ask_of(*request);
    ask.ask = std::move(name);
    return controllers_.ask(std::move(ask), std::move(answer));
  }
  const auto* extension = std::get_if<core::ExtendBooking>(&command);
  if (!extension) return answer(Failure{core::Refusal::invalid});
  auto ask = std::make_shared<std::optional<core::Ask>>();
  ports_.engine.ask(
      [ask, what = *extension](const core::State& state, Instant) {
        if (const core::Booking* booking = state.booking(what.booking)) *ask = ask_of(*booking, what.end);
      },
      [this, ask, name = std::move(name), answer] {
        if (!*ask) return answer(Failure{core::Refusal::unknown_booking});
        (*ask)->ask = name;
        controllers_.ask(**ask, answer);
      },
      [answer] { answer(Failure{core::Refusal::overloaded}); });
}

void Csms::order(StationId station, StationOrder order, std::function<void(StationAnswer)> answer) {
  door_.post([this, station, what = std::move(order), done = std::move(answer)]() mutable {
    const auto found = sessions_.find(station);
    if (found == sessions_.end() || !found->second->ready()) return done({StationAnswer::Kind::offline, {}, {}});
    const auto session = found->second;
    if (std::holds_alternative<ChangePassword>(what)) {
      change_password(session, done);
      return;
    }
    if (auto* roots = std::get_if<InstallRoots>(&what); roots && roots->certificates.empty() && ports_.authority) {
      roots->certificates = {ports_.authority->root(KeyKind::rsa), ports_.authority->root(KeyKind::ecdsa)};
    }
    carry_out(session, what, ocpp::Urgency::configuration, done);
  });
}

void Csms::carry_out(const std::shared_ptr<StationSession>& session, const StationOrder& order, ocpp::Urgency urgency,
                     std::function<void(StationAnswer)> done) {
  const Protocol& protocol = session->protocol();
  auto drafts = protocol.order(order);
  if (!drafts) return done({StationAnswer::Kind::malformed, drafts.error().message, {}});
  if (const auto* call = std::get_if<CallStation>(&order)) {
    if (const auto request = report_asked_for(*call)) session->station().reports.expect(*request, session->now());
  }
  auto gathering = std::make_shared<Gathering>();
  gathering->left = drafts->size();
  gathering->done = std::move(done);
  for (size_t i = 0; i < drafts->size(); ++i) {
    const auto ended = [gathering, &protocol, order, i](StationSession&, const StationSession::CallOutcome& outcome) {
      take_in(*gathering, protocol, order, i, outcome);
      if (--gathering->left == 0) gathering->done(gathering->answer);
    };
    if (session->call(std::move((*drafts)[i]), urgency, ended)) continue;
    gathering->answer.kind = StationAnswer::Kind::busy;
    if (--gathering->left == 0) gathering->done(gathering->answer);
  }
}

}  // namespace bayward::stations
