#include "mesh/keys.h"

#include <charconv>

#include "base/limits.h"

namespace bayward::mesh {

Status KeyRing::check() const {
  if (keys.empty()) return fail("the mesh has no key: give every gateway of the site the same 64 hexadecimal digits");
  if (keys.size() > limits::mesh_keys) {
    return fail("the mesh has " + std::to_string(keys.size()) + " keys, at most " + std::to_string(limits::mesh_keys) +
                ": take away the old ones");
  }
  if (!keys.contains(sending)) {
    return fail("the mesh is to send with key " + std::to_string(sending) + ", which is not among its keys");
  }
  return Done{};
}

Result<SiteKey> parse_site_key(std::string_view hex) {
  SiteKey key{};
  if (hex.size() != key.size() * 2) {
    return fail("a mesh key is 64 hexadecimal digits, this has " + std::to_string(hex.size()) +
                " characters: make one with `openssl rand -hex 32`");
  }
  for (size_t i = 0; i < key.size(); ++i) {
    const char* pair = hex.data() + i * 2;
    const auto [end, error] = std::from_chars(pair, pair + 2, key[i], 16);
    if (error != std::errc{} || end != pair + 2) {
      return fail("a mesh key is 64 hexadecimal digits: character " + std::to_string(i * 2 + 1) + " or the next isn't");
    }
  }
  return key;
}

}  // namespace bayward::mesh
