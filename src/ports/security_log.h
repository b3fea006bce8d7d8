// The audit log of security: what stations report (OCPP SecurityEventNotification), what the platform refuses them, and
// what staff has changed. Append only and durable, apart from the journal: it decides nothing, and a hostile station
// may write much of it. Drivers: journal/security_log (SQLite), FakeSecurityLog below.
//
// Every method may be called from any thread. record() waits for the disk.
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace bayward {

// Stored as numbers: never renumber, never reuse.
enum class SecurityOrigin : uint8_t { station = 1, platform = 2, staff = 3 };

struct SecurityEvent {
  uint64_t number = 0;  // given by record(): 1, 2, 3, ...
  StationId station;    // none: not a registered one
  std::string identity;
  SecurityOrigin origin{};
  std::string type;    // "FirmwareUpdated" (OCPP 2.0.1 part 2 appendix 1), or the platform's: docs/ocpp.md
  std::string detail;  // at most limits::security_event_chars bytes; a longer one is cut
  Instant at{};        // on the clock of whoever tells it
  Instant recorded_at{};
};

struct SecurityQuery {
  StationId station;    // none: all
  uint64_t before = 0;  // older than this number; 0: from the newest
  size_t most = 50;
};

class SecurityLog {
 public:
  virtual ~SecurityLog() = default;
  virtual Status record(const SecurityEvent& event) = 0;
  // The newest first.
  virtual Result<std::vector<SecurityEvent>> read(const SecurityQuery& query) = 0;
};

class FakeSecurityLog final : public SecurityLog {
 public:
  Status record(const SecurityEvent& event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    events_.back().number = events_.size();
    return Done{};
  }
  Result<std::vector<SecurityEvent>> read(const SecurityQuery& query) override {
    const std::lock_guard lock(mutex_);
    std::vector<SecurityEvent> out;
    for (auto event = events_.rbegin(); event != events_.rend() && out.size() < query.most; ++event) {
      const bool of_station = !query.station || event->station == query.station;
      if (of_station && (query.before == 0 || event->number < query.before)) out.push_back(*event);
    }
    return out;
  }
  std::vector<std::string> types() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    out.reserve(events_.size());
    for (const SecurityEvent& event : events_) out.push_back(event.type);
    return out;
  }

 private:
  std::mutex mutex_;
  std::vector<SecurityEvent> events_;
};

}  // namespace bayward
