#include "site/lan/lan_sessions.h"

#include <algorithm>
#include <chrono>

#include "base/limits.h"
#include "site/access/keyed.h"

namespace bayward::site {

LanSession& LanSessions::begin(std::string_view network_address, Instant now) {
  if (sessions_.size() >= limits::lan_sessions) {
    sessions_.erase(std::ranges::min_element(sessions_, {}, [](const auto& one) { return one.second.used; }));
  }
  const std::string token = random_token();
  LanSession session{.token = token,
                     .secret = random_bytes(32),
                     .network_address = std::string(network_address),
                     .begun = now,
                     .used = now};
  return sessions_.emplace(token, std::move(session)).first->second;
}

LanSession* LanSessions::find(std::string_view token, Instant now) {
  const auto found = sessions_.find(token);
  if (found == sessions_.end()) return nullptr;
  const Duration age = now - found->second.begun;
  if (age < Duration{0} || age > std::chrono::hours{limits::lan_session_hours}) {
    sessions_.erase(found);
    return nullptr;
  }
  found->second.used = now;
  return &found->second;
}

}  // namespace bayward::site
