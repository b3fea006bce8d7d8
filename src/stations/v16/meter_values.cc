#include <algorithm>
#include <limits>

#include "stations/v16/actions.h"

namespace bayward::stations::v16 {
namespace {

using types::Measurand;
using types::UnitOfMeasure;

struct Meaning {
  Measurand measurand;
  Measure measure;
};
constexpr Meaning meanings[] = {
    {Measurand::energy_active_import_register, Measure::energy_import_wh},
    {Measurand::energy_active_export_register, Measure::energy_export_wh},
    {Measurand::power_active_import, Measure::power_import_w},
    {Measurand::power_active_export, Measure::power_export_w},
    {Measurand::power_offered, Measure::power_offered_w},
    {Measurand::current_import, Measure::current_ma},
    {Measurand::current_offered, Measure::current_offered_ma},
    {Measurand::voltage, Measure::voltage_mv},
    {Measurand::frequency, Measure::frequency_mhz},
    {Measurand::temperature, Measure::temperature_mc},
    {Measurand::soc, Measure::soc_permille},
};

bool is_register(const types::SampledValue& value) {
  const bool of_outlet = value.location.value_or(types::Location::outlet) == types::Location::outlet;
  return value.measurand.value_or(Measurand::energy_active_import_register) ==
             Measurand::energy_active_import_register &&
         !value.phase && of_outlet && value.format.value_or(types::ValueFormat::raw) == types::ValueFormat::raw;
}

// Nothing for those between two phases, and for neutral.
std::optional<uint8_t> phase_of(const std::optional<types::Phase>& phase) {
  if (!phase) return uint8_t{0};
  switch (*phase) {
    case types::Phase::l1:
    case types::Phase::l1_n:
      return uint8_t{1};
    case types::Phase::l2:
    case types::Phase::l2_n:
      return uint8_t{2};
    case types::Phase::l3:
    case types::Phase::l3_n:
      return uint8_t{3};
    default:
      return std::nullopt;
  }
}

std::optional<ocpp::Decimal> in_base_unit(const ocpp::Decimal& value, const std::optional<UnitOfMeasure>& unit) {
  if (unit == UnitOfMeasure::kwh || unit == UnitOfMeasure::kw) return value.times_ten_to(3);
  if (unit == UnitOfMeasure::k || unit == UnitOfMeasure::fahrenheit) return std::nullopt;
  return value;
}

std::optional<Sample> sample_of(const types::SampledValue& value) {
  if (value.format.value_or(types::ValueFormat::raw) != types::ValueFormat::raw) return std::nullopt;
  const auto measurand = value.measurand.value_or(Measurand::energy_active_import_register);
  const auto* meaning = std::find_if(std::begin(meanings), std::end(meanings),
                                     [&](const Meaning& known) { return known.measurand == measurand; });
  const auto phase = phase_of(value.phase);
  const auto number = ocpp::Decimal::parse(value.value);
  if (meaning == std::end(meanings) || !phase || !number) return std::nullopt;
  // The mains side of the station is not the car's energy.
  if (value.location == types::Location::inlet && measurand != Measurand::temperature) return std::nullopt;
  const auto in_base = in_base_unit(*number, value.unit);
  if (!in_base) return std::nullopt;
  return Sample{meaning->measure, *phase, *in_base};
}

Flow take_values(SessionPtr session, ocpp::CallSerial serial, int64_t connector, std::string id,
                 std::vector<Readings> readings) {
  const Turn turn = co_await session->turns().take();
  auto transaction = session->station().transaction(id);
  if (!transaction) {
    const Recalled recalled = co_await recall(session, {id, {}, static_cast<uint32_t>(std::stoul(id))});
    if (recalled.told == Told::busy) co_return refuse_busy(*session, serial);
    transaction = recalled.transaction;
    if (transaction) session->station().remember(transaction);
  }
  if (!transaction) {
    record_telemetry(*session, connector, {}, readings);
    note_orphan(*session, {"MeterValues", id});
    co_return session->answer(serial, types::MeterValuesResponse{});
  }
  const Told told = co_await meter_session(session, transaction, std::move(readings));
  if (told == Told::busy) co_return refuse_busy(*session, serial);
  session->answer(serial, types::MeterValuesResponse{});
}

}  // namespace

std::vector<Readings> readings_of(const std::vector<types::MeterValue>& values) {
  std::vector<Readings> out;
  for (const types::MeterValue& value : values) {
    Readings& readings = out.emplace_back();
    readings.at = value.timestamp;
    for (const types::SampledValue& sampled : value.sampled_value) {
      const bool other_register = sampled.measurand.value_or(Measurand::energy_active_import_register) ==
                                      Measurand::energy_active_import_register &&
                                  !sampled.phase && !is_register(sampled);
      const auto sample = other_register ? std::nullopt : sample_of(sampled);
      if (sample) add_sample(readings, *sample);
    }
  }
  return out;
}

bool broken_register(const std::vector<types::MeterValue>& values) {
  for (const types::MeterValue& value : values) {
    for (const types::SampledValue& sampled : value.sampled_value) {
      if (!is_register(sampled)) continue;
      const auto number = ocpp::Decimal::parse(sampled.value);
      if (!number || number->negative()) return true;
    }
  }
  return false;
}

// OCPP 1.6 4.7.
void meter_values(StationSession& session, ocpp::CallSerial serial, const types::MeterValuesRequest& request) {
  if (!possible_connector(request.connector_id, true)) {
    const ocpp::CallError error = impossible_connector();
    return session.refuse(serial, error.code, error.description);
  }
  if (broken_register(request.meter_value)) {
    return session.refuse(serial, ocpp::ErrorCode::property_constraint_violation,
                          "Energy.Active.Import.Register: a number of at least 0 is expected");
  }
  auto readings = readings_of(request.meter_value);
  const int64_t id = request.transaction_id.value_or(0);
  if (id <= 0 || id > std::numeric_limits<int32_t>::max()) {
    record_telemetry(session, request.connector_id, {}, readings);
    return session.answer(serial, types::MeterValuesResponse{});
  }
  take_values(session.shared_from_this(), serial, request.connector_id, std::to_string(id), std::move(readings));
}

}  // namespace bayward::stations::v16
