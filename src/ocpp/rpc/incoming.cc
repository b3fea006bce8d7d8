#include "ocpp/rpc/incoming.h"

#include <algorithm>
#include <functional>

#include "base/limits.h"

namespace bayward::ocpp {

// Of those answered.
void IncomingCalls::forget_oldest() {
  const auto oldest =
      std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.answer.has_value(); });
  contents_.erase(contents_.begin() + (oldest - entries_.begin()));
  entries_.erase(oldest);
}

// The newest are asked for most.
IncomingCalls::Place IncomingCalls::find(CallSerial serial) {
  const auto found =
      std::find_if(entries_.rbegin(), entries_.rend(), [&](const Entry& entry) { return entry.serial == serial; });
  return found == entries_.rend() ? entries_.end() : std::prev(found.base());
}

IncomingCalls::Place IncomingCalls::find_repeated(std::string_view id, size_t content, Instant now) {
  constexpr Duration remembered = std::chrono::seconds{limits::ocpp_repeat_seconds};
  for (auto at = contents_.begin(); (at = std::find(at, contents_.end(), content)) != contents_.end(); ++at) {
    const Place entry = entries_.begin() + (at - contents_.begin());
    const bool forgotten = entry->answer && now - entry->answered_at > remembered;
    if (entry->id == id && !forgotten) return entry;
  }
  return entries_.end();
}

IncomingCalls::Admission IncomingCalls::admit(std::string_view id, std::string_view frame, Instant now) {
  const size_t content = std::hash<std::string_view>{}(frame);
  const Place same = find_repeated(id, content, now);
  if (same != entries_.end()) {
    if (!same->answer) return {Admission::Kind::being_served, same->serial, {}};
    return {Admission::Kind::answered_before, same->serial, *same->answer};
  }
  if (open_ >= limits::ocpp_open_calls) return {Admission::Kind::too_many, 0, {}};
  entries_.push_back({++last_serial_, std::string(id), std::nullopt, now});
  contents_.push_back(content);
  ++open_;
  return {Admission::Kind::fresh, last_serial_, {}};
}

std::optional<std::string> IncomingCalls::open_id(CallSerial serial) {
  const Place found = find(serial);
  if (found == entries_.end() || found->answer) return std::nullopt;
  return found->id;
}

void IncomingCalls::answered(CallSerial serial, std::string frame, Instant now) {
  const Place found = find(serial);
  if (found == entries_.end() || found->answer) return;
  found->answer = std::move(frame);
  found->answered_at = now;
  --open_;
  if (entries_.size() - open_ > limits::ocpp_remembered_answers) forget_oldest();
}

}  // namespace bayward::ocpp
