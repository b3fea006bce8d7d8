// The code that proves that an e-mail address is somebody's own: six digits, good for half an hour and for five tries.
// Kept in the vault until then. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace bayward::api {

inline constexpr Duration code_good_for{30min};
inline constexpr Duration code_sent_again_after{60s};
inline constexpr int code_tries = 5;

struct PendingEmail {
  std::string email;
  std::string code;
  Instant sent_at{};
  int tries_left = 0;

  bool good_at(Instant now) const { return tries_left > 0 && now >= sent_at && now < sent_at + code_good_for; }
};

// Six digits from 128 random bits in hexadecimal (Passwords::new_secret()).
std::string code_from(std::string_view secret);
std::string written(const PendingEmail& pending);
std::optional<PendingEmail> parse_pending(std::string_view text);

}  // namespace bayward::api
