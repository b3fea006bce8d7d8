#include <algorithm>

#include "stations/v2/actions.h"

namespace bayward::stations::v2 {
namespace {

using types::MeasurandEnumType;

struct Meaning {
  MeasurandEnumType measurand;
  Measure measure;
};
constexpr Meaning meanings[] = {
    {MeasurandEnumType::energy_active_import_register, Measure::energy_import_wh},
    {MeasurandEnumType::energy_active_export_register, Measure::energy_export_wh},
    {MeasurandEnumType::power_active_import, Measure::power_import_w},
    {MeasurandEnumType::power_active_export, Measure::power_export_w},
    {MeasurandEnumType::power_offered, Measure::power_offered_w},
    {MeasurandEnumType::current_import, Measure::current_ma},
    {MeasurandEnumType::current_offered, Measure::current_offered_ma},
    {MeasurandEnumType::voltage, Measure::voltage_mv},
    {MeasurandEnumType::frequency, Measure::frequency_mhz},
    {MeasurandEnumType::soc, Measure::soc_permille},
};

// Defaults of SampledValueType (OCPP 2.0.1 part 2, 2.45): the import register, at the outlet.
MeasurandEnumType measurand_of(const types::SampledValueType& value) {
  return value.measurand.value_or(MeasurandEnumType::energy_active_import_register);
}
bool is_register(const types::SampledValueType& value) {
  return measurand_of(value) == MeasurandEnumType::energy_active_import_register && !value.phase &&
         value.location.value_or(types::LocationEnumType::outlet) == types::LocationEnumType::outlet;
}

std::optional<uint8_t> phase_of(const std::optional<types::PhaseEnumType>& phase) {
  if (!phase) return uint8_t{0};
  switch (*phase) {
    case types::PhaseEnumType::l1:
    case types::PhaseEnumType::l1_n:
      return uint8_t{1};
    case types::PhaseEnumType::l2:
    case types::PhaseEnumType::l2_n:
      return uint8_t{2};
    case types::PhaseEnumType::l3:
    case types::PhaseEnumType::l3_n:
      return uint8_t{3};
    default:
      return std::nullopt;
  }
}

// Value × 10^multiplier, with kilo taken off the unit. Nothing for units of something else.
std::optional<ocpp::Decimal> in_base_unit(const types::SampledValueType& value) {
  int64_t exponent = 0;
  if (value.unit_of_measure) {
    const std::string unit = value.unit_of_measure->unit.value_or("Wh");
    exponent = value.unit_of_measure->multiplier.value_or(0);
    if (unit == "kWh" || unit == "kW") exponent += 3;
  }
  if (exponent < -30 || exponent > 30) return std::nullopt;
  return value.value.times_ten_to(static_cast<int32_t>(exponent));
}

std::optional<Sample> sample_of(const types::SampledValueType& value) {
  const auto* meaning = std::find_if(std::begin(meanings), std::end(meanings),
                                     [&](const Meaning& known) { return known.measurand == measurand_of(value); });
  const auto phase = phase_of(value.phase);
  const auto in_base = in_base_unit(value);
  // The mains side of the station is not the car's energy.
  const bool mains = value.location == types::LocationEnumType::inlet;
  if (meaning == std::end(meanings) || !phase || !in_base || mains) return std::nullopt;
  return Sample{meaning->measure, *phase, *in_base};
}

}  // namespace

std::vector<Readings> readings_of(const std::vector<types::MeterValueType>& values) {
  std::vector<Readings> out;
  for (const types::MeterValueType& value : values) {
    Readings& readings = out.emplace_back();
    readings.at = value.timestamp;
    for (const types::SampledValueType& sampled : value.sampled_value) {
      const auto context = sampled.context.value_or(types::ReadingContextEnumType::sample_periodic);
      readings.begins_transaction |= context == types::ReadingContextEnumType::transaction_begin;
      readings.ends_transaction |= context == types::ReadingContextEnumType::transaction_end;
      const bool other_register = measurand_of(sampled) == MeasurandEnumType::energy_active_import_register &&
                                  !sampled.phase && !is_register(sampled);
      const auto sample = other_register ? std::nullopt : sample_of(sampled);
      if (sample) add_sample(readings, *sample);
    }
  }
  return out;
}

bool broken_register(const std::vector<types::MeterValueType>& values) {
  for (const types::MeterValueType& value : values) {
    for (const types::SampledValueType& sampled : value.sampled_value) {
      if (is_register(sampled) && (sampled.value.negative() || !in_base_unit(sampled))) return true;
    }
  }
  return false;
}

// OCPP 2.0.1 J01: outside transactions; those of a transaction come with its events (J02).
Answered<types::MeterValuesResponse> meter_values(StationSession& session, const types::MeterValuesRequest& request) {
  if (!possible_evse(request.evse_id, true)) return Failure{impossible_evse()};
  auto readings = readings_of(request.meter_value);
  record_telemetry(session, request.evse_id, {}, readings);
  return types::MeterValuesResponse{};
}

}  // namespace bayward::stations::v2
