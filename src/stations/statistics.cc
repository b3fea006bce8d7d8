#include "stations/statistics.h"

namespace bayward::stations {

std::string_view outcome_word(const ocpp::Dialect& dialect, const ocpp::CallError* error) {
  return error ? ocpp::error_word(dialect, error->code) : std::string_view("ok");
}

// The words of dialect and outcome are each in one place.
bool Statistics::is_like_last(const Call& call) const {
  if (last_ == calls_.end()) return false;
  const auto& [protocol, action, outcome, ours] = last_->first;
  return protocol.data() == call.dialect.subprotocol.data() && outcome.data() == call.outcome.data() &&
         ours == call.ours && action == call.action;
}

void Statistics::count_call(const Call& call, Duration latency) {
  const std::lock_guard lock(mutex_);
  if (!is_like_last(call)) {
    const ocpp::Action* action = ocpp::find_action(call.dialect, call.action);
    const std::string_view name = action ? action->name : std::string_view("other");
    last_ = calls_.try_emplace(Key{call.dialect.subprotocol, name, call.outcome, call.ours}).first;
  }
  Sum& sum = last_->second;
  ++sum.calls;
  sum.latency_us += static_cast<uint64_t>(std::max<int64_t>(latency.count(), 0)) * 1000;
}

void Statistics::count_own(const ocpp::Dialect& dialect, const ocpp::FinishedCall& call, Duration latency) {
  const bool silent = std::holds_alternative<ocpp::NoAnswer>(call.outcome);
  const auto* error = std::get_if<ocpp::CallError>(&call.outcome);
  count_call({dialect, call.action, silent ? std::string_view("no_answer") : outcome_word(dialect, error), true},
             latency);
  if (!silent || std::get<ocpp::NoAnswer>(call.outcome) != ocpp::NoAnswer::timed_out) return;
  const std::lock_guard lock(mutex_);
  ++counters_.unanswered_by_stations;
}

void Statistics::count_frames(const ocpp::Correlator::Counters& before, const ocpp::Correlator::Counters& after) {
  const uint64_t unreadable = after.unreadable_frames - before.unreadable_frames;
  const uint64_t repeated = after.repeated_calls - before.repeated_calls;
  if (unreadable + repeated == 0) return;
  const std::lock_guard lock(mutex_);
  counters_.unreadable_frames += unreadable;
  counters_.repeated_calls += repeated;
}

void Statistics::count_unanswered_by_us() {
  const std::lock_guard lock(mutex_);
  ++counters_.unanswered_by_us;
}

void Statistics::count_connection(bool replaces) {
  const std::lock_guard lock(mutex_);
  ++counters_.connections;
  if (replaces) ++counters_.replaced;
}

void Statistics::count_failed_login() {
  const std::lock_guard lock(mutex_);
  ++counters_.logins_failed;
}

void Statistics::count_orphan() {
  const std::lock_guard lock(mutex_);
  ++counters_.orphans;
}

void Statistics::count_security_event_dropped() {
  const std::lock_guard lock(mutex_);
  ++counters_.security_events_dropped;
}

void Statistics::set_connected(size_t registered, size_t pending) {
  const std::lock_guard lock(mutex_);
  counters_.connected = registered;
  counters_.pending = pending;
}

StationCounters Statistics::read() const {
  const std::lock_guard lock(mutex_);
  StationCounters out = counters_;
  for (const auto& [key, sum] : calls_) {
    const auto& [protocol, action, outcome, ours] = key;
    out.calls.push_back(
        {std::string(protocol), std::string(action), std::string(outcome), ours, sum.calls, sum.latency_us});
  }
  return out;
}

}  // namespace bayward::stations
