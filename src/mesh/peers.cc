#include "mesh/peers.h"

#include <algorithm>

namespace bayward::mesh {

bool Peer::lacks_version(const RecordKey& key, const Record& record) const {
  const auto found = known.find(key);
  return found == known.end() || found->second.version < record.version;
}

bool Peer::lacks(const RecordKey& key, const Record& record) const {
  if (lacks_version(key, record)) return true;
  const Known& theirs = known.at(key);
  return theirs.version == record.version && !std::ranges::includes(theirs.held_by, record.held_by);
}

}  // namespace bayward::mesh
