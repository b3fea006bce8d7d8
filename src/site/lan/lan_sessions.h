// Who uses the LAN page: a random token a browser keeps as a cookie, the secret that shifts the places of its pictures
// (E5), and the phone number once it is proven. In memory only: a restart asks everybody anew. One thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/time.h"

namespace bayward::site {

struct LanSession {
  std::string token;
  std::string secret;           // 32 bytes
  std::string phone;            // E.164, proven; empty: none yet
  std::string asked_phone;      // a code was sent there
  std::string network_address;  // where it began
  Instant begun{};
  Instant used{};
};

class LanSessions {
 public:
  // A new one; when there are limits::lan_sessions, the one used least recently ends.
  LanSession& begin(std::string_view network_address, Instant now);
  // Null: none, or older than limits::lan_session_hours.
  LanSession* find(std::string_view token, Instant now);

 private:
  std::map<std::string, LanSession, std::less<>> sessions_;
};

}  // namespace bayward::site
