#include "ocpp/rpc/outgoing.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "ocpp/rpc/frame.h"

namespace bayward::ocpp {
namespace {

bool is_id_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr size_t frame_overhead_bytes = 128;  // [2,"...","...",]: brackets, an id of 36 and an action

}  // namespace

OutgoingCalls::OutgoingCalls(std::string id_prefix, Duration answer_timeout)
    : id_prefix_(std::move(id_prefix)), answer_timeout_(answer_timeout) {
  BAYWARD_CHECK(!id_prefix_.empty() && id_prefix_.size() <= id_prefix_chars_max);
  BAYWARD_CHECK(std::all_of(id_prefix_.begin(), id_prefix_.end(), is_id_char));
  BAYWARD_CHECK(answer_timeout_ > Duration{0});
}

std::string OutgoingCalls::id_of(Ticket ticket) const {
  return id_prefix_ + '-' + std::to_string(ticket);
}

Result<Submitted, SubmitRefusal> OutgoingCalls::submit(OutgoingCall call) {
  if (call.payload.size() + frame_overhead_bytes > limits::ocpp_message_bytes) return Failure{SubmitRefusal::too_long};
  Submitted out;
  if (queue_.size() >= limits::ocpp_send_queue_messages) {
    if (queue_.back().call.urgency <= call.urgency) return Failure{SubmitRefusal::queue_full};
    Waiting last = std::move(queue_.back());
    queue_.pop_back();
    out.displaced = FinishedCall{last.ticket, std::move(last.call.action), NoAnswer::displaced};
  }
  out.ticket = ++last_ticket_;
  const auto place =
      std::upper_bound(queue_.begin(), queue_.end(), call.urgency,
                       [](Urgency urgency, const Waiting& other) { return urgency < other.call.urgency; });
  queue_.insert(place, Waiting{out.ticket, std::move(call)});
  return out;
}

std::optional<std::string> OutgoingCalls::take_next(Instant now) {
  if (open_) return std::nullopt;
  const auto next =
      std::find_if(queue_.begin(), queue_.end(), [&](const Waiting& w) { return now < w.call.give_up_at; });
  if (next == queue_.end()) return std::nullopt;  // what is given up is for expire() to report
  open_ = Open{next->ticket, id_of(next->ticket), std::move(next->call.action), now + answer_timeout_};
  std::string text = call_text(open_->id, open_->action, next->call.payload);
  queue_.erase(next);
  return text;
}

std::optional<FinishedCall> OutgoingCalls::finish(std::string_view id,
                                                  std::variant<Json, CallError, NoAnswer> outcome) {
  if (!open_ || open_->id != id) return std::nullopt;
  FinishedCall out{open_->ticket, std::move(open_->action), std::move(outcome)};
  open_.reset();
  return out;
}

const std::string* OutgoingCalls::open_action(std::string_view id) const {
  return open_ && open_->id == id ? &open_->action : nullptr;
}

std::optional<FinishedCall> OutgoingCalls::on_result(std::string_view id, Json payload) {
  return finish(id, std::move(payload));
}

std::optional<FinishedCall> OutgoingCalls::on_error(std::string_view id, CallError error) {
  return finish(id, std::move(error));
}

std::vector<FinishedCall> OutgoingCalls::expire(Instant now) {
  std::vector<FinishedCall> out;
  if (open_ && open_->deadline <= now) {
    const std::string id = open_->id;
    out.push_back(*finish(id, NoAnswer::timed_out));
  }
  std::erase_if(queue_, [&](Waiting& waiting) {
    if (now < waiting.call.give_up_at) return false;
    out.push_back({waiting.ticket, std::move(waiting.call.action), NoAnswer::gave_up});
    return true;
  });
  return out;
}

std::optional<Instant> OutgoingCalls::next_deadline() const {
  Instant next = open_ ? open_->deadline : Instant::max();
  for (const Waiting& waiting : queue_) next = std::min(next, waiting.call.give_up_at);
  return next == Instant::max() ? std::nullopt : std::optional(next);
}

std::vector<FinishedCall> OutgoingCalls::close() {
  std::vector<FinishedCall> out;
  if (open_) {
    const std::string id = open_->id;
    out.push_back(*finish(id, NoAnswer::disconnected));
  }
  for (Waiting& waiting : queue_) {
    out.push_back({waiting.ticket, std::move(waiting.call.action), NoAnswer::never_sent});
  }
  queue_.clear();
  return out;
}

}  // namespace bayward::ocpp
