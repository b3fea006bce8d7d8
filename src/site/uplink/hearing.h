// What a station's calls tell about its bays, for the site's own picture of the garage (site/lan/bay_board.h): they
// pass the relay anyway. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ocpp/rpc/frame.h"
#include "site/lan/bay_states.h"
#include "site/uplink/memory.h"

namespace bayward::uplink {

struct Heard {
  int64_t evse = 0;
  std::optional<site::BayDoing> doing;
  std::optional<bool> vehicle;  // its occupancy sensor sees one
};
// In the order told. Calls that do not fit their schema tell nothing.
std::vector<Heard> heard_in(const ocpp::Dialect& dialect, const ocpp::CallFrame& call);

}  // namespace bayward::uplink
