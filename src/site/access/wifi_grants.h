// The passwords that live now (E3): given, bound to the first device that uses them, taken away when their time is
// over. Pure; one thread. Deliveries (hostapd, RADIUS) carry the list to the access points; what is not in it is out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/result.h"
#include "base/time.h"
#include "site/access/habits.h"
#include "site/access/passphrase.h"

namespace bayward::site {

struct WifiGrant {
  std::string id;  // keyid at the access point: 1 to 32 of A-Z a-z 0-9 -
  WifiTerms terms;
  std::vector<Unusual> shortened;  // why it lives shorter
  std::string network_address;     // whose device asked for it
  std::string mac;                 // "aa:bb:cc:dd:ee:ff" once a device used it or is known; or ""
  BAYWARD_FIELDS(WifiGrant, id, terms, shortened, network_address, mac)
};

enum class WifiRefusal : uint8_t {
  full,            // too many live at once
  unknown,         // no such password lives; it was invented, or taken away
  expired,         // its time is over
  foreign_device,  // it is for another pod
  replayed,        // another phone or computer has it already
};
constexpr std::string_view to_text(WifiRefusal refusal) {
  constexpr std::string_view words[] = {"full", "unknown", "expired", "foreign_device", "replayed"};
  return words[static_cast<size_t>(refusal)];
}

bool valid_mac(std::string_view mac);  // lower case, with colons; not all zero, not a group address

class WifiGrants {
 public:
  explicit WifiGrants(std::string site_key) : site_key_(std::move(site_key)) {}

  // The same booking, device and phone in the same quarter hour get the same password. `id` for a new one.
  Result<WifiGrant, WifiRefusal> give(std::string id, WifiTerms terms, std::vector<Unusual> shortened,
                                      std::string network_address, Instant now);
  std::string passphrase(const WifiGrant& grant) const { return wifi_passphrase(site_key_, grant.terms); }

  // May this device use the password at this pod now? The first that does has it for good.
  Result<WifiGrant, WifiRefusal> use(std::string_view passphrase, std::string_view device, std::string_view mac,
                                     Instant now);
  // An access point says that the device uses the password of that id. False: another one has it; throw this one off.
  bool bind(std::string_view id, std::string_view mac);
  bool revoke(std::string_view id);
  void advance(Instant now);

  const std::vector<WifiGrant>& all() const { return grants_; }
  // Grows with every change: what a delivery compares.
  uint64_t version() const { return version_; }
  void restore(std::vector<WifiGrant> kept);

 private:
  const std::string site_key_;
  std::vector<WifiGrant> grants_;
  std::vector<WifiGrant> ended_;  // of the last day, so that "expired" can be told from "unknown"
  uint64_t version_ = 1;
};

}  // namespace bayward::site
