// How often one address of the LAN may ask: the generic cell rate algorithm (ITU-T I.371), one instant an address.
// Pure; one thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/time.h"

namespace bayward::site {

class ClientRate {
 public:
  ClientRate(int burst, Duration interval) : slack_(interval * (burst - 1)), interval_(interval) {}

  // Zero: go on. Otherwise the time to wait.
  Duration admit(std::string_view client, Instant now) {
    auto found = due_.find(client);
    if (found == due_.end()) {
      if (due_.size() >= limits::lan_clients_rated) make_room(now);
      found = due_.emplace(std::string(client), now).first;
    }
    Instant& due = found->second;
    // After a clock that stepped back nobody waits longer than for a full bucket.
    if (due < now || due > now + slack_ + 2 * interval_) due = now;
    if (due - now > slack_) return due - now - slack_;
    due += interval_;
    return Duration{0};
  }

 private:
  // Those who may ask at once anyway go first; if there is none, everybody starts anew.
  void make_room(Instant now) {
    std::erase_if(due_, [now](const auto& one) { return one.second <= now; });
    if (due_.size() >= limits::lan_clients_rated) due_.clear();
  }

  const Duration slack_;
  const Duration interval_;
  std::map<std::string, Instant, std::less<>> due_;
};

}  // namespace bayward::site
