// Meter values of both versions in one form: what is billed (the import register) and what is telemetry. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "core/tariff/price.h"
#include "ocpp/rpc/decimal.h"
#include "ports/telemetry.h"

namespace bayward::stations {

// One sampled value, its unit already taken off: energy in Wh, power in W, current in A, voltage in V, temperature in
// degrees Celsius, charge in percent.
struct Sample {
  Measure measure{};
  uint8_t phase = 0;
  ocpp::Decimal value;
};

// All that was read at one moment.
struct Readings {
  Instant at{};
  std::optional<int64_t> register_milliwh;  // energy import, all phases together
  bool begins_transaction = false;          // context Transaction.Begin
  bool ends_transaction = false;            // context Transaction.End
  std::vector<TelemetrySample> telemetry;   // station, connector and session are for the caller to fill in

  std::optional<MeterPoint> point() const {
    return register_milliwh ? std::optional(MeterPoint{at, *register_milliwh}) : std::nullopt;
  }
};

// Adds a sample: the register if it is one, and telemetry. Values no meter can have are left out.
void add_sample(Readings& readings, const Sample& sample);

}  // namespace bayward::stations
