// What a station says of a bay by DataTransfer of org.bayward (docs/datatransfer.md), for all versions. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "ocpp/rpc/json.h"

namespace bayward::stations {

struct Sensed {
  int64_t place = 0;  // the connector or EVSE; not compared with what there is
  std::optional<bool> occupied;
  std::optional<std::string> plate;
  std::string picture;  // of the car with that plate, a JPEG; empty: none
  Instant at{};
};

// What is wrong with it, or nothing. `place`: "connectorId" or "evseId".
std::optional<std::string> read_sensed(const ocpp::Json& json, std::string_view place, Instant now, Sensed& sensed);

}  // namespace bayward::stations
