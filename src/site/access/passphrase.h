// The network password of E3: made from device, phone number and standard time, so that it is unique and its time can
// be recovered by who has the site's key. Pure.
//
//   base32(HMAC-SHA256(site key, "wifi/v1" | device | phone | start | end | booking)), the first 16 characters: 80 bits
//
// Each part stands behind its length in 4 bytes, big endian; start and end are RFC 3339 in UTC with milliseconds. The
// life is enforced by taking the password from the access points, not by the hash: phones keep passwords.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/fields.h"
#include "base/time.h"

namespace bayward::site {

inline constexpr size_t passphrase_chars = 16;
// The quarter hour in which it was asked for begins its time.
inline constexpr Duration passphrase_slot{15min};

// What it is for; all are plain text without control characters.
struct WifiTerms {
  std::string device;   // the pod
  std::string phone;    // E.164
  std::string booking;  // or the visit's own name
  Interval time;        // begins on a whole quarter hour
  BAYWARD_FIELDS(WifiTerms, device, phone, booking, time)
};

std::string wifi_passphrase(std::string_view site_key, const WifiTerms& terms);

// 16 characters of A-Z and 2-7.
bool valid_passphrase(std::string_view text);

// The lives a password may have: see wifi_life().
inline constexpr Duration wifi_lives[] = {4h, 2h, 1h, 30min};

// The time it was made for, by trying every quarter hour whose password could still be met `now`, with every life;
// nothing: it is not for this device, phone and booking, or older than the longest life and a day.
std::optional<Interval> recover_time(std::string_view site_key, std::string_view passphrase, const WifiTerms& terms,
                                     Instant now);

}  // namespace bayward::site
