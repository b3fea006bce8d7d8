#include "connectors/fire/units.h"

#include "base/check.h"
#include "connectors/wire/gb18030.h"

namespace bayward::fire {
namespace {

constexpr size_t description_bytes = 31;

std::string unit(UnitType type) {
  return {static_cast<char>(type), 1};
}
void put(std::string& out, uint8_t byte) {
  out += static_cast<char>(byte);
}
void put(std::string& out, uint32_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) put(out, static_cast<uint8_t>(number >> 8 * i & 0xff));
}
void put(std::string& out, const FireTime& time) {
  for (uint8_t byte : {time.second, time.minute, time.hour, time.day, time.month, time.year}) put(out, byte);
}

}  // namespace

std::string encode(const ComponentState& state) {
  std::string out = unit(UnitType::component_state);
  put(out, state.system_type);
  put(out, state.system_address);
  put(out, state.component_type);
  put(out, state.component_address, 4);
  put(out, state.state, 2);
  std::string text = wire::to_gb18030(state.description, description_bytes);
  text.resize(description_bytes, '\0');
  out += text;
  put(out, state.time);
  return out;
}

std::string device_state_unit(uint8_t state, const FireTime& time) {
  std::string out = unit(UnitType::device_state);
  put(out, state);
  put(out, time);
  return out;
}

std::string device_time_unit(const FireTime& time) {
  std::string out = unit(UnitType::device_time);
  put(out, time);
  return out;
}

std::string device_version_unit(uint8_t major, uint8_t minor) {
  std::string out = unit(UnitType::device_version);
  put(out, major);
  put(out, minor);
  return out;
}

std::string roll_call_answer_unit(uint8_t operator_number, const FireTime& time) {
  constexpr uint8_t duty_answered = 1 << 5;
  std::string out = unit(UnitType::device_operation);
  put(out, duty_answered);
  put(out, operator_number);
  put(out, time);
  return out;
}

std::optional<CentreRequest> decode_request(FrameCommand command, std::string_view data) {
  if (data.size() < 2 || data[1] != 1) return std::nullopt;
  const auto byte = [&](size_t index) { return static_cast<uint8_t>(data[index]); };
  CentreRequest request{static_cast<UnitType>(byte(0)), {}, 0};
  const size_t body = data.size() - 2;
  switch (request.type) {
    case UnitType::read_device_state:
    case UnitType::read_device_version:
    case UnitType::read_device_time:
      // Some centres send one reserved byte as the object.
      return command == FrameCommand::request && body <= 1 ? std::optional(request) : std::nullopt;
    case UnitType::synchronise_clock:
      if (command != FrameCommand::control || body != 6) return std::nullopt;
      request.clock = {byte(2), byte(3), byte(4), byte(5), byte(6), byte(7)};
      return request;
    case UnitType::roll_call:
      if (command != FrameCommand::control || body != 1) return std::nullopt;
      request.answer_within = byte(2);
      return request;
    default:
      return std::nullopt;
  }
}

uint8_t component_type(core::IncidentKind kind) {
  using Kind = core::IncidentKind;
  constexpr uint8_t general = 0;
  constexpr uint8_t electrical_monitor = 16;
  constexpr uint8_t residual_current_detector = 17;
  constexpr uint8_t electrical_heat_detector = 18;
  constexpr uint8_t manual_call_point = 23;
  constexpr uint8_t smoke_detector = 40;
  switch (kind) {
    case Kind::smoke:
      return smoke_detector;
    case Kind::thermal_warning:
    case Kind::thermal_danger:
    case Kind::thermal_rising:
      return electrical_heat_detector;
    case Kind::residual_current:
      return residual_current_detector;
    case Kind::voltage:
    case Kind::overcurrent:
      return electrical_monitor;
    case Kind::panic_button:
      return manual_call_point;
    default:
      return general;
  }
}

uint16_t component_state(core::IncidentKind kind) {
  using Kind = core::IncidentKind;
  switch (kind) {
    case Kind::smoke:
    case Kind::thermal_danger:
    case Kind::thermal_rising:
      return component::running | component::fire;
    case Kind::mains_lost:
      return component::running | component::power_fault;
    case Kind::station_silent:
    case Kind::tamper:
    case Kind::link_down:
      return component::running | component::fault;
    default:
      return component::running | component::supervisory;
  }
}

}  // namespace bayward::fire
