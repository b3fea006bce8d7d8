// Meter values (OCPP 2.0.1 J02): the register to the thousandth of a Wh, power, current and what is offered.
#include "bay/agent/bay.h"

namespace bayward::bay {
namespace {

using Measurand = v201::MeasurandEnumType;

v201::SampledValueType value(Measurand measurand, ocpp::Decimal amount, const char* unit,
                             v201::ReadingContextEnumType context) {
  v201::SampledValueType out;
  out.value = std::move(amount);
  out.measurand = measurand;
  out.context = context;
  out.unit_of_measure.emplace().unit = unit;
  return out;
}

}  // namespace

int64_t register_mwh(const Bay& bay) {
  return bay.sensed.meter ? bay.sensed.meter->import_mwh : 0;
}

std::vector<v201::MeterValueType> meter_values(const Bay& bay, v201::ReadingContextEnumType context) {
  v201::MeterValueType out;
  out.timestamp = bay.time();
  auto& values = out.sampled_value;
  values.push_back(
      value(Measurand::energy_active_import_register, ocpp::Decimal::of(register_mwh(bay), -3), "Wh", context));
  const int32_t power = bay.sensed.meter ? bay.sensed.meter->power_w : 0;
  values.push_back(value(Measurand::power_active_import, ocpp::Decimal::of(std::max(power, 0)), "W", context));
  for (int phase = 0; phase < bay.config.safety.phases; ++phase) {
    const auto channel = static_cast<safety::Channel>(static_cast<int>(safety::Channel::current_l1) + phase);
    const auto current = bay.sample[channel].value;
    if (!current) continue;
    auto& one =
        values.emplace_back(value(Measurand::current_import, ocpp::Decimal::of(*current / 100, -1), "A", context));
    one.phase = static_cast<v201::PhaseEnumType>(static_cast<int>(v201::PhaseEnumType::l1) + phase);
  }
  values.push_back(value(Measurand::current_offered, ocpp::Decimal::of(bay.wishes.offered_ma / 100, -1), "A", context));
  return {out};
}

}  // namespace bayward::bay
