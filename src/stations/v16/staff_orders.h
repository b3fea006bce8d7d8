// The staff's orders (ports/station_link.h) in OCPP 1.6.
#pragma once

#include <vector>

#include "stations/protocol.h"

namespace bayward::stations::v16 {

Result<std::vector<Draft>, Error> staff_calls(const StationOrder& order);
void read_staff_answer(const StationOrder& order, size_t call, const ocpp::Json& payload, StationAnswer& answer);

}  // namespace bayward::stations::v16
