// Digest access authentication with MD5 (RFC 2617, RFC 7616), as GA/T 1400.4 wants it over HTTP and GB/T 28181 over
// SIP: our answer to a challenge, and the challenge and check for those who call us. MD5 is the standards' choice: on a
// wire that others can read or change it needs TLS or a VPN below it. Pure; any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace bayward::police {

struct Credentials {
  std::string user;
  std::string password;
};

struct Challenge {
  std::string realm;
  std::string nonce;
  std::string opaque;     // may be empty
  bool qop_auth = false;  // "auth" is offered
};
// The value of WWW-Authenticate. Nothing for another scheme or algorithm than Digest with MD5.
std::optional<Challenge> parse_challenge(std::string_view header);

struct DigestRequest {
  std::string_view method;
  std::string_view uri;
  uint32_t count = 1;       // of uses of this nonce
  std::string_view cnonce;  // fresh and random
};
// The value of Authorization.
std::string authorization(const Challenge& challenge, const Credentials& credentials, const DigestRequest& request);

// The other side: gives out challenges and checks what comes back. One thread.
class DigestGuard {
 public:
  DigestGuard(Credentials credentials, std::string realm)
      : credentials_(std::move(credentials)), realm_(std::move(realm)) {}

  // The value of WWW-Authenticate with a fresh nonce.
  std::string challenge(Instant now);
  // True: user and password are right, for this method and target, with a nonce of ours that is not old and a count
  // that has not been used (a replay is refused).
  bool allows(std::string_view header, std::string_view method, std::string_view target, Instant now);

 private:
  struct Given {
    std::string nonce;
    Instant at{};
    uint32_t count = 0;
  };
  const Credentials credentials_;
  const std::string realm_;
  std::deque<Given> given_;
};

// 128 random bits as 32 hexadecimal digits.
std::string random_hex();
std::string md5_hex(std::string_view text);

}  // namespace bayward::police
