// What gateways tell each other in our vendor messages, as plain values: alarms, the state of bays, who stands in for
// the site. Their bytes are in vendor.h and docs/mesh.md.
//
// Texts are UTF-8. Nothing here names a person or a plate.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "mesh/mac.h"

namespace bayward::mesh {

// Numbers are on the wire: only appended.
enum class AlarmKind : uint8_t {
  other,
  connector_hot,
  cable_hot,
  smoke,
  over_current,
  residual_current,
  voltage,
  welded_contactor,
  earth_lost,
  emergency_stop,
  break_in,
  panic,
  wrong_vehicle,
  tampering,
  device_silent,
  mains_lost,
};
std::string_view to_text(AlarmKind kind);

// A higher one is more urgent and travels first.
enum class AlarmLevel : uint8_t { notice, warning, danger };
std::string_view to_text(AlarmLevel level);

// D3: the alarm names device, address and bay.
struct AlarmContent {
  AlarmKind kind = AlarmKind::other;
  AlarmLevel level = AlarmLevel::danger;
  // The danger still grows although the power was cut: everybody on the mesh is to be told (D3).
  bool growing_after_cut = false;
  Instant raised_at{};      // wall clock of the gateway that raised it; may be wrong, decides nothing
  int32_t value_milli = 0;  // what was measured, in thousandths of its unit; 0 when there is none
  std::string unit;         // "Cel", "A", ...; at most limits::mesh_unit_bytes
  std::string device;       // at most limits::mesh_label_bytes, as bay
  std::string bay;
  std::string address;  // at most limits::mesh_text_bytes, as detail
  std::string detail;

  friend bool operator==(const AlarmContent&, const AlarmContent&) = default;
};

// Names one alarm in the whole mesh and for good: gateways never give a number twice.
struct AlarmId {
  MacAddress origin;
  uint64_t number = 0;

  friend auto operator<=>(const AlarmId&, const AlarmId&) = default;
};
std::string to_text(const AlarmId& id);  // 02:00:5e:00:53:01/1767225600000

// An alarm as a gateway knows it. A later revision replaces an earlier one; the all-clear is the last.
struct Alarm {
  AlarmId id;
  uint32_t revision = 0;  // 1 when raised
  bool cleared = false;
  AlarmContent content;

  friend bool operator==(const Alarm&, const Alarm&) = default;
};

// Numbers are on the wire: only appended.
enum class BayCondition : uint8_t { unknown, idle, held, reserved, occupied, charging, faulted, out_of_service };
std::string_view to_text(BayCondition condition);

// One bay or pod as its gateway sees it. A gateway has up to limits::mesh_bays_per_gateway of them.
struct BayState {
  uint8_t index = 0;  // which of the gateway's bays; a later state of the same index replaces the earlier one
  BayCondition condition = BayCondition::unknown;
  bool vehicle_seen = false;
  bool plugged_in = false;
  bool on_battery = false;
  std::string bay;  // at most limits::mesh_label_bytes, as device
  std::string device;
  std::string detail;  // at most limits::mesh_text_bytes; the owner's own words, "hold 7 min"

  friend bool operator==(const BayState&, const BayState&) = default;
};

}  // namespace bayward::mesh
