// Our vendor messages: how they are sealed and opened. The value of the vendor TLV (IEEE 1905.1-2013 clause 6.4.2):
//
//   OUI 3 · version 1 · subtype 1 · key id 1 · sender AL MAC 6 · counter 8 · body · HMAC-SHA256 32
//
// The HMAC covers everything before it; its key is derived from the site key for this use alone. The counter never
// repeats for a sender (senders.h).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <variant>

#include "mesh/keys.h"
#include "mesh/mac.h"
#include "mesh/wire.h"

namespace bayward::mesh {

// On the wire; docs/mesh.md lists them.
enum class Subtype : uint8_t {
  state = 1,      // relayed: the state of a bay
  alarm = 2,      // relayed: an alarm, or a new revision of one
  ack = 3,        // between neighbours: what the sender has, and who has each alarm
  all_clear = 4,  // relayed
  hello = 5,      // between neighbours: greeting
  summary = 6,    // between neighbours: what the sender knows, in short
  forward = 7,    // between neighbours: one record the other doesn't have
};

using Oui = std::array<uint8_t, 3>;

struct Sealed {
  Subtype subtype = Subtype::hello;
  MacAddress sender;
  uint64_t counter = 0;
  ByteView body;
};

enum class SealDefect : uint8_t { not_ours, malformed, unknown_key, forged };

// Keys ready for use. Copies are cheap.
class Sealer {
 public:
  Sealer(const Oui& oui, const KeyRing& ring);

  Bytes seal(const Sealed& message) const;
  // The body is a view into `value`.
  std::variant<Sealed, SealDefect> open(ByteView value) const;

  // It has the site's OUI; nothing else is checked.
  bool is_ours(ByteView value) const;

  static constexpr size_t overhead_bytes = 3 + 1 + 1 + 1 + 6 + 8 + 32;

 private:
  Oui oui_;
  std::map<uint8_t, std::array<uint8_t, 32>> keys_;
  uint8_t sending_ = 0;
};

}  // namespace bayward::mesh
