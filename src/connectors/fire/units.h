// Application data units of GB/T 26875.3-2011, clauses 7 and 8: what a device tells its centre and what it is asked.
// Pure.
//
// A unit is: type 1, count of objects 1, then each object, where it has one followed by its time of 6 bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/fire/frame.h"
#include "core/incident/delivery.h"
#include "core/incident/incident.h"

namespace bayward::fire {

// 8.1.1, table 3: those that are used here.
enum class UnitType : uint8_t {
  component_state = 2,
  device_state = 21,
  device_operation = 24,
  device_version = 25,
  device_time = 28,
  read_device_state = 81,
  read_device_version = 85,
  read_device_time = 88,
  synchronise_clock = 90,
  roll_call = 91,
};

// 8.2.1.2, bits of a component's state. `running` is clear during a test.
namespace component {
inline constexpr uint16_t running = 1 << 0;
inline constexpr uint16_t fire = 1 << 1;
inline constexpr uint16_t fault = 1 << 2;
inline constexpr uint16_t supervisory = 1 << 4;
inline constexpr uint16_t power_fault = 1 << 8;
}  // namespace component

// Bits of the device's own state.
namespace device {
inline constexpr uint8_t monitoring = 1 << 0;
inline constexpr uint8_t fire = 1 << 1;
}  // namespace device

struct ComponentState {
  uint8_t system_type = 1;  // table 4: 1 is a fire alarm system
  uint8_t system_address = 0;
  uint8_t component_type = 0;  // table 5
  uint32_t component_address = 0;
  uint16_t state = component::running;
  std::string description;  // UTF-8; what doesn't fit into 31 bytes of GB18030 is cut off
  FireTime time;
};
std::string encode(const ComponentState& state);

std::string device_state_unit(uint8_t state, const FireTime& time);
std::string device_time_unit(const FireTime& time);
std::string device_version_unit(uint8_t major, uint8_t minor);
// A person on duty has answered the roll call: bit 5 of the operations (8.2.1.10).
std::string roll_call_answer_unit(uint8_t operator_number, const FireTime& time);

// What a centre may ask. Anything that is none of these, or isn't whole, is refused.
struct CentreRequest {
  UnitType type{};
  FireTime clock;             // synchronise_clock
  uint8_t answer_within = 0;  // roll_call: minutes
};
std::optional<CentreRequest> decode_request(FrameCommand command, std::string_view data);

// Table 5: what kind of component speaks of such an incident.
uint8_t component_type(core::IncidentKind kind);
// Its state while the incident lasts; afterwards it is component::running alone.
uint16_t component_state(core::IncidentKind kind);

}  // namespace bayward::fire
