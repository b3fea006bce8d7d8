#include "site/access/passphrase.h"

#include <algorithm>
#include <chrono>

#include "site/access/keyed.h"

namespace bayward::site {

std::string wifi_passphrase(std::string_view site_key, const WifiTerms& terms) {
  const Digest digest = keyed_digest(
      site_key, "wifi/v1",
      {terms.device, terms.phone, to_rfc3339(terms.time.start), to_rfc3339(terms.time.end), terms.booking});
  return base32(digest).substr(0, passphrase_chars);
}

bool valid_passphrase(std::string_view text) {
  return text.size() == passphrase_chars &&
         std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'); });
}

std::optional<Interval> recover_time(std::string_view site_key, std::string_view passphrase, const WifiTerms& terms,
                                     Instant now) {
  if (!valid_passphrase(passphrase)) return std::nullopt;
  const Duration since_slot = now.time_since_epoch() % passphrase_slot;
  const Instant oldest = now - since_slot - 24h - *std::ranges::max_element(wifi_lives);
  WifiTerms tried = terms;
  for (Instant start = now - since_slot + passphrase_slot; start >= oldest; start -= passphrase_slot) {
    for (const Duration life : wifi_lives) {
      tried.time = {start, start + life};
      if (same_secret(wifi_passphrase(site_key, tried), passphrase)) return tried.time;
    }
  }
  return std::nullopt;
}

}  // namespace bayward::site
