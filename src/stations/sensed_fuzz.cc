// Any JSON as what a station says of its bay: a word about what is wrong, or something bounded.
#include <cstdlib>
#include <string_view>

#include "base/limits.h"
#include "ports/plate_picture.h"
#include "stations/sensed.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bayward;
  const auto json = ocpp::parse_json({reinterpret_cast<const char*>(data), size});
  if (!json) return 0;
  for (const std::string_view place : {"evseId", "connectorId"}) {
    stations::Sensed sensed;
    if (stations::read_sensed(*json, place, from_unix_s(1'800'000'000), sensed)) continue;
    if (sensed.place < 1 || (!sensed.picture.empty() && !is_small_jpeg(sensed.picture))) std::abort();
  }
  return 0;
}
