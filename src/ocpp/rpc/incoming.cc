#include "ocpp/rpc/incoming.h"

#include <algorithm>
#include <functional>

#include "base/limits.h"

namespace bayward::ocpp {

// The one asked for is mostly the newest.
IncomingCalls::Entry* IncomingCalls::find(CallSerial serial) {
  if (newest_ < entries_.size() && entries_[newest_].serial == serial) return &entries_[newest_];
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.serial == serial; });
  return found == entries_.end() ? nullptr : &*found;
}

std::optional<size_t> IncomingCalls::find_repeated(std::string_view id, uint32_t content, Instant now) const {
  constexpr Duration remembered = std::chrono::seconds{limits::ocpp_repeat_seconds};
  for (auto at = contents_.begin(); (at = std::find(at, contents_.end(), content)) != contents_.end(); ++at) {
    const auto place = static_cast<size_t>(at - contents_.begin());
    const Entry& entry = entries_[place];
    const bool forgotten = !entry.open && now - entry.answered_at > remembered;
    if (entry.id == id && !forgotten) return place;
  }
  return std::nullopt;
}

// With enough answers remembered, that of the oldest answered: calls are put in a circle, so it comes next.
size_t IncomingCalls::place_for_new() {
  if (entries_.size() - open_ < limits::ocpp_remembered_answers) {
    entries_.emplace_back();
    contents_.emplace_back();
    return entries_.size() - 1;
  }
  size_t place = newest_;
  do {
    place = (place + 1) % entries_.size();
  } while (entries_[place].open);
  return place;
}

IncomingCalls::Admission IncomingCalls::admit(std::string_view id, std::string_view frame, Instant now) {
  const auto content = static_cast<uint32_t>(std::hash<std::string_view>{}(frame));
  if (const auto same = find_repeated(id, content, now)) {
    const Entry& entry = entries_[*same];
    if (entry.open) return {Admission::Kind::being_served, entry.serial, {}};
    return {Admission::Kind::answered_before, entry.serial, entry.answer};
  }
  if (open_ >= limits::ocpp_open_calls) return {Admission::Kind::too_many, 0, {}};
  newest_ = place_for_new();
  Entry& entry = entries_[newest_];
  entry.serial = ++last_serial_;
  entry.id.assign(id);
  entry.open = true;
  contents_[newest_] = content;
  ++open_;
  return {Admission::Kind::fresh, last_serial_, {}};
}

const std::string* IncomingCalls::open_id(CallSerial serial) {
  const Entry* found = find(serial);
  return found != nullptr && found->open ? &found->id : nullptr;
}

void IncomingCalls::answered(CallSerial serial, std::string_view frame, Instant now) {
  Entry* found = find(serial);
  if (found == nullptr || !found->open) return;
  constexpr size_t usual_bytes = 256;
  if (found->answer.capacity() > usual_bytes && frame.size() <= usual_bytes) found->answer = std::string();
  found->answer.assign(frame);
  found->answered_at = now;
  found->open = false;
  --open_;
}

}  // namespace bayward::ocpp
