// What charging stations upload when they are asked for it: each by a URL of its own that is good once and for a while,
// kept as it came, for staff to fetch. Driver: journal/uploads (files in the data directory).
//
// awaits() may be called from any thread and never waits for the disk; the others may be called from any thread and do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace bayward {

struct Upload {
  uint64_t number = 0;  // given by expect(): 1, 2, 3, ...
  StationId station;
  std::string log;  // "diagnostics" or "security"
  AccountId asked_by;
  Instant received_at{};  // Instant{}: it has not come yet
  uint64_t bytes = 0;
};

class Uploads {
 public:
  virtual ~Uploads() = default;

  struct Expected {
    uint64_t number = 0;
    std::string token;  // of its URL
  };
  // Good until `until`, also when the server restarts. At limits::station_uploads_awaited the oldest is given up.
  virtual Result<Expected> expect(Upload upload, Instant until) = 0;
  // Whether a body of limits::station_upload_bytes may come for it now. A token is good for a few attempts.
  virtual bool awaits(std::string_view token) = 0;
  // False: nobody waits for it (any more). At limits::station_uploads_kept the oldest goes.
  virtual Result<bool> take(std::string_view token, std::string_view content, Instant now) = 0;
  // Those awaited and those there, the newest first.
  virtual std::vector<Upload> list(StationId station) = 0;
  // Nothing: there is none of that number.
  virtual Result<std::optional<std::string>> read(StationId station, uint64_t number) = 0;
};

}  // namespace bayward
