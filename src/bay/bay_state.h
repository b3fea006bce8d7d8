// What a bay tells others about itself: the mesh, the site controller, the town. Plain values without any personal
// data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace bayward::bay {

// What to expect of the bay, in one word.
enum class BayUse : uint8_t { free, reserved, occupied, charging, out_of_service, faulted };

// How bad it is, and so who must hear of it (D3).
enum class DangerLevel : uint8_t {
  none,
  warning,    // the driver decides
  fault,      // power is cut: driver, site, property
  danger,     // smoke, an over-temperature, an emergency stop: the whole mesh, fire desk
  everybody,  // it grows although the power was cut: everybody who can be reached
};

struct BayState {
  BayUse use = BayUse::free;
  DangerLevel danger = DangerLevel::none;
  bool occupied = false;  // a car stands there
  bool plugged = false;
  bool power_on = false;  // the contactor is permitted to be closed
  bool online = false;    // accepted by the central system, link up
  int32_t power_w = 0;
  int32_t offered_ma = 0;
  int32_t connector_mc = 0;       // thousandths of a degree Celsius
  int64_t reserved_until_ms = 0;  // Unix time; 0: not reserved
  bool mains = true;
  int32_t battery_permille = 1000;
  friend bool operator==(const BayState&, const BayState&) = default;
};

// One alarm's life at its origin: raised, maybe raised again at a higher level, ended by the all-clear (D4).
struct BayAlarm {
  uint32_t number = 0;  // counts from 1 at this device, survives reboots: names the alarm together with `device`
  std::string device;   // the station's identity
  std::string address;  // of the site, for people
  std::string bay;      // the bay's label
  std::string kind;     // safety::word(Fault), "panic", "car_alarm"
  DangerLevel level = DangerLevel::none;
  bool all_clear = false;
  int32_t value = 0;  // of the channel that crossed its limit, in the channel's unit
  Instant at{};
};

// The local mesh as the agent sees it: called on the agent's thread, must not block. apps/bay wires it to src/mesh.
class MeshDoor {
 public:
  virtual ~MeshDoor() = default;
  virtual void publish(const BayState& state) = 0;
  // To be repeated until every gateway has acknowledged it.
  virtual void raise(const BayAlarm& alarm) = 0;
};

}  // namespace bayward::bay
