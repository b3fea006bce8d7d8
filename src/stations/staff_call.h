// Calls that staff has written itself: any action of the station's version that a central system may make. Pure; any
// thread.
#pragma once

#include <optional>
#include <vector>

#include "ocpp/rpc/dialect.h"
#include "stations/protocol.h"

namespace bayward::stations {

// Refused when the version has no such action, when only stations make it, or when the payload breaks its schema.
Result<std::vector<Draft>, Error> call_of(const ocpp::Dialect& dialect, const CallStation& order);
// The request id of a call that makes the station send a report.
std::optional<int64_t> report_asked_for(const CallStation& order);
// Whether the whole answer is shown.
bool wants_payload(const StationOrder& order);

}  // namespace bayward::stations
