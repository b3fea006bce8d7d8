// The last messages of one station and the platform, as they went over the wire, in a bounded piece of memory: a few
// kilobytes for each station, more while somebody looks. Nothing is read of them before somebody looks, so that keeping
// them costs a copy. Belongs to the stations' thread.
//
// Always holds: at most `bytes` of text and entries, in order; numbers never come again while the server runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/time.h"
#include "ocpp/rpc/json.h"
#include "ports/station_link.h"

namespace bayward::stations {

class MessageLog {
 public:
  void add(Instant at, bool ours, std::string_view text);
  // From now on; forgets what is too much.
  void keep(size_t bytes);

  // Reads, fits together and masks.
  StationMessages read(const MessageQuery& query) const;

 private:
  struct Entry {
    Instant at{};
    uint32_t begin = 0;
    uint32_t size = 0;   // of what is kept: 0 when it was too long
    uint32_t bytes = 0;  // of what was said
    bool ours = false;
  };

  size_t size() const;
  void forget(size_t bytes_left);

  std::string text_;
  std::vector<Entry> entries_;
  uint64_t forgotten_ = 0;
  size_t bytes_ = limits::message_log_bytes;
};

// `payload` with passwords, and unless `personal` whatever says who a person is, replaced.
ocpp::Json masked(const ocpp::Json& payload, bool personal);

}  // namespace bayward::stations
