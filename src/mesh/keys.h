// The site's mesh keys. All gateways of a site share them; each has a number that travels with every message, so that a
// site changes its key without a moment of deafness: give every gateway the new key, then switch what they send with,
// then take the old one away.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>

#include "base/result.h"

namespace bayward::mesh {

using SiteKey = std::array<uint8_t, 32>;

struct KeyRing {
  std::map<uint8_t, SiteKey> keys;  // by key id; at most limits::mesh_keys
  uint8_t sending = 0;              // the id of the key our own messages are signed with

  // Says what is wrong: no key, too many, or the sending id isn't among them.
  Status check() const;
};

// 64 hexadecimal digits.
Result<SiteKey> parse_site_key(std::string_view hex);

}  // namespace bayward::mesh
