#include "stations/samples.h"

#include "base/limits.h"

namespace bayward::stations {
namespace {

// Decimal places from the unit of Sample to that of Measure.
int32_t places_of(Measure measure) {
  switch (measure) {
    case Measure::energy_import_wh:
    case Measure::energy_export_wh:
    case Measure::power_import_w:
    case Measure::power_export_w:
    case Measure::power_offered_w:
      return 0;
    case Measure::soc_permille:
      return 1;
    case Measure::current_ma:
    case Measure::voltage_mv:
    case Measure::temperature_mc:
    case Measure::current_offered_ma:
    case Measure::frequency_mhz:
      return 3;
  }
  return 0;
}

}  // namespace

void add_sample(Readings& readings, const Sample& sample) {
  if (sample.measure == Measure::energy_import_wh && sample.phase == 0) {
    const auto milliwh = sample.value.scaled_rounded(3);
    if (!milliwh || *milliwh < 0 || *milliwh > limits::register_milliwh_max) return;
    readings.register_milliwh = *milliwh;
  }
  const auto value = sample.value.scaled_rounded(places_of(sample.measure));
  if (!value) return;
  TelemetrySample telemetry;
  telemetry.at = readings.at;
  telemetry.measure = sample.measure;
  telemetry.phase = sample.phase;
  telemetry.value = *value;
  readings.telemetry.push_back(telemetry);
}

}  // namespace bayward::stations
