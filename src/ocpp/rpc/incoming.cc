#include "ocpp/rpc/incoming.h"

#include <algorithm>
#include <functional>

#include "base/limits.h"

namespace bayward::ocpp {

void IncomingCalls::forget_old(Instant now) {
  constexpr Duration remembered = std::chrono::seconds{limits::ocpp_repeat_seconds};
  std::erase_if(entries_, [&](const Entry& entry) { return entry.answer && now - entry.answered_at > remembered; });
  while (entries_.size() - open_ > limits::ocpp_remembered_answers) {
    entries_.erase(
        std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.answer.has_value(); }));
  }
}

IncomingCalls::Admission IncomingCalls::admit(std::string_view id, std::string_view frame, Instant now) {
  forget_old(now);
  const size_t content = std::hash<std::string_view>{}(frame);
  const auto same = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const Entry& entry) { return entry.id == id && entry.content == content; });
  if (same != entries_.end()) {
    if (!same->answer) return {Admission::Kind::being_served, same->serial, {}};
    return {Admission::Kind::answered_before, same->serial, *same->answer};
  }
  if (open_ >= limits::ocpp_open_calls) return {Admission::Kind::too_many, 0, {}};
  entries_.push_back({++last_serial_, std::string(id), content, std::nullopt, now});
  ++open_;
  return {Admission::Kind::fresh, last_serial_, {}};
}

std::optional<std::string> IncomingCalls::open_id(CallSerial serial) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.serial == serial; });
  if (found == entries_.end() || found->answer) return std::nullopt;
  return found->id;
}

void IncomingCalls::answered(CallSerial serial, std::string frame, Instant now) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.serial == serial; });
  if (found == entries_.end() || found->answer) return;
  found->answer = std::move(frame);
  found->answered_at = now;
  --open_;
  forget_old(now);
}

}  // namespace bayward::ocpp
