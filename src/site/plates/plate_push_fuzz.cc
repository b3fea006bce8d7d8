// Whatever is pushed as a plate: what is admitted is a bounded, normalised plate.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "ports/normalise.h"
#include "site/plates/plate_gate.h"

using namespace bayward;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto reading = site::read_plate_push({reinterpret_cast<const char*>(data), size}, Instant{});
  if (!reading.ok()) return 0;
  BAYWARD_CHECK(reading->confidence_percent >= 0 && reading->confidence_percent <= 100);
  site::PlateGate gate({});
  const auto plate = gate.admit(*reading, Instant{});
  if (plate.ok()) BAYWARD_CHECK(normalise_plate(*plate) == *plate);
  return 0;
}
