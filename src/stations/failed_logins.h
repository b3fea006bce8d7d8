// Slows down guessing: how often a peer has failed to log in as a station. Pure; time is an argument.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "base/time.h"

namespace bayward::stations {

// Counted per identity and peer, so that nobody can lock a station out from elsewhere. At most limits::failed_logins
// pairs; the oldest is forgotten.
class FailedLogins {
 public:
  explicit FailedLogins(size_t per_minute) : per_minute_(per_minute) {}

  bool too_many(const std::string& identity, const std::string& peer, Instant now) const;
  void failed(const std::string& identity, const std::string& peer, Instant now);
  void succeeded(const std::string& identity, const std::string& peer);

 private:
  struct Failures {
    size_t count = 0;
    Instant since{};
  };

  size_t per_minute_;
  std::map<std::pair<std::string, std::string>, Failures> failures_;
};

}  // namespace bayward::stations
