// Meter samples and temperatures over time. Not business truth: what is billed goes through the engine. Driver:
// journal/telemetry (a SQLite file with retention).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"

namespace bayward {

// Stored as numbers: never renumber, never reuse. Values are integers in the unit of the name.
enum class Measure : uint8_t {
  energy_import_wh = 1,  // register
  energy_export_wh = 2,  // register
  power_import_w = 3,
  power_export_w = 4,
  current_ma = 5,
  voltage_mv = 6,
  temperature_mc = 7,  // thousandths of a degree Celsius
  soc_permille = 8,
  power_offered_w = 9,
  current_offered_ma = 10,
  frequency_mhz = 11,  // thousandths of a hertz
};

struct TelemetrySample {
  Instant at{};
  StationId station;
  int32_t connector = 0;  // OCPP 2.0.1 EVSE or 1.6 connector; 0: the station itself
  SessionId session;      // none: outside any session
  Measure measure{};
  uint8_t phase = 0;  // 1..3; 0: all together
  int64_t value = 0;
};

// Any thread; never waits for the disk. When limits::telemetry_samples are waiting, the oldest are dropped and counted.
class TelemetrySink {
 public:
  virtual ~TelemetrySink() = default;
  virtual void record(std::span<const TelemetrySample> samples) = 0;
};

struct TelemetryQuery {
  Measure measure{};
  Interval during;
  StationId station;                 // needed
  SessionId session;                 // none: any
  std::optional<int32_t> connector;  // none: any
  uint8_t phase = 0;
  size_t points_max = 500;  // 1..limits::telemetry_points
};

// The samples of one of at most points_max equal parts of the time asked for; parts without samples are left out.
struct TelemetryPoint {
  Instant start{};
  int64_t low = 0;
  int64_t mean = 0;
  int64_t high = 0;
  int64_t last = 0;
  uint32_t samples = 0;
};

// Any thread. Samples recorded in the last moments may not be there yet.
class TelemetryHistory {
 public:
  virtual ~TelemetryHistory() = default;
  virtual Result<std::vector<TelemetryPoint>> query(const TelemetryQuery& query) = 0;
};

}  // namespace bayward
