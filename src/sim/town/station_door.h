// Where the town's stations connect: the site controller, or the central system itself. Looked at whenever one dials,
// so it may be told after they are built. The town's thread.
#pragma once

#include <cstdint>
#include <string>

namespace bayward::town {

struct StationDoor {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
};

}  // namespace bayward::town
