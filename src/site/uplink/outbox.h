// What the site must not forget: messages that stations were answered for and the platform has not taken yet, in the
// order they came, and what is known of each station. Implemented by sqlite_outbox.h; fake_outbox.h is for tests.
// One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "site/uplink/memory.h"

namespace bayward::uplink {

// What may go when there is no room, the last first. What is billed, and every alarm, is `always`.
enum class Keep : uint8_t { always, status, sample };

struct KeptMessage {
  int64_t number = 0;  // in order of arrival; given by the outbox
  std::string id;      // of the message, as the station gave it
  std::string action;
  std::string payload;  // JSON, as the station sent it
  Keep keep{};
  Instant at{};  // when it came
};

struct Backlog {
  size_t messages = 0;
  size_t set_aside = 0;  // that the platform will never take; on disk for a person to look at
  uint64_t shed = 0;     // since start
  std::optional<Instant> oldest;
};

// One durable step: all of it or nothing.
struct OutboxChange {
  const KeptMessage* append = nullptr;
  std::optional<int64_t> remove;     // has been taken by the platform
  std::optional<int64_t> set_aside;  // will never be; why:
  std::string why;
  const StationMemory* memory = nullptr;
};

class Outbox {
 public:
  virtual ~Outbox() = default;
  // Durable when it returns Done. Full: samples are thinned to every second one, then statuses dropped; when that is
  // not enough, or the disk is at fault, nothing changes and it fails: the station keeps its message.
  virtual Status change(std::string_view station, const OutboxChange& change) = 0;
  // The oldest that waits; nothing when none does.
  virtual Result<std::optional<KeptMessage>> first(std::string_view station) = 0;
  virtual Result<StationMemory> memory(std::string_view station) = 0;
  virtual Backlog backlog(std::string_view station) = 0;
};

}  // namespace bayward::uplink
