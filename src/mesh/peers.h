// The gateways heard directly on our interfaces, and how far each has what we have. A peer is a pair of interface and
// gateway: the same gateway on two interfaces is two peers. Internal to mesh.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "base/time.h"
#include "mesh/mac.h"
#include "mesh/records.h"

namespace bayward::mesh {

struct PeerId {
  size_t interface = 0;
  MacAddress al_mac;
  friend auto operator<=>(const PeerId&, const PeerId&) = default;
};

// Something the peer doesn't have yet, as far as we know.
struct Pending {
  int attempts = 0;
  Instant next{};
};

struct Peer {
  uint64_t nonce = 0;  // of its present start; we repeat it in our greetings
  bool alive = false;  // it repeats ours: it hears us, and is no recording
  Instant heard{};     // its last greeting
  Instant echoed{};    // the last one that repeated ours; a greeting from another of its interfaces doesn't
  Instant summary_next{};
  struct Known {
    uint64_t version = 0;
    MacSet held_by;
  };
  std::map<RecordKey, Known> known;
  std::map<RecordKey, Pending> pending;

  // It lacks this record, or, for an alarm, knows of fewer holders than we.
  bool lacks_version(const RecordKey& key, const Record& record) const;
  bool lacks(const RecordKey& key, const Record& record) const;
};

using Peers = std::map<PeerId, Peer>;

}  // namespace bayward::mesh
