// The safety of one bay: who owns the contactor (D1, D2). One pure function: what was known, what is seen now, what is
// asked for, and the time, make what is known next and what the hardware must do. No clock, no memory of its own, no
// input or output; whatever else of the agent crashes, hangs or lies, this decides.
//
// Always holds of what step() gives (machine_test.cc proves it over whole input spaces):
//   close   only with authorisation, the car asking, plug locked, earth there, every needed reading fresh and
//   plausible,
//           the contactor's feedback in agreement, and no fault latched;
//   a value beyond a limit opens in that very step; a latched fault ends only by its remedy (faults.h), never while its
//   cause is there.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "bay/safety/faults.h"
#include "bay/safety/limits.h"
#include "bay/safety/sample.h"

namespace bayward::bay::safety {

// How the bay is built.
struct Config {
  CableClass cable = CableClass::pvc;
  ConnectorClass connector = ConnectorClass::iec_62196_t2;
  int32_t rating_ma = 32'000;  // of the weakest of cable, plug and contactor
  int32_t phases = 3;          // 1 or 3
  int32_t nominal_mv = 230'000;
  bool measures_cable = true;  // otherwise only the connector's temperature is known
  bool ventilated = false;     // cars that ask for ventilation (pilot state D) may charge here
  // A reading older than this is none, and steps further apart than this open the contactor. Only a town whose clock
  // runs faster than the world's has reason to change them.
  Duration stale_after{500ms};
  Duration step_gap_max{500ms};
};

// What the rest of the agent asks for.
struct Wishes {
  bool authorised = false;      // the holder is known and wants to charge
  int32_t offered_ma = 0;       // by smart charging; below 6 A: none (IEC 61851-1 A.3)
  bool carry_on = false;        // the driver has seen the present warnings and goes on
  std::optional<Remedy> clear;  // somebody with this right clears what is latched
};

// How long something has been so.
class Timer {
 public:
  // Whether it is so now and has been for at least so long.
  bool lasted(bool is_so, Duration at_least, Uptime now) {
    if (!is_so) since_.reset();
    if (is_so && !since_) since_ = now;
    return is_so && now - *since_ >= at_least;
  }
  friend bool operator==(const Timer&, const Timer&) = default;

 private:
  std::optional<Uptime> since_;
};

struct Timers {
  Timer connector_hot, cable_hot, current_warning, voltage_bad, welded, leaking, stuck_open, offer_gone, ignores;
  std::array<Timer, current_bands.size()> bands;
  friend bool operator==(const Timers&, const Timers&) = default;
};

// The hottest contact once a second.
inline constexpr size_t history_seconds = 10;
struct HeatHistory {
  std::array<int32_t, history_seconds> hottest_mc{};  // the oldest first
  size_t count = 0;
  Uptime last_at{};
  friend bool operator==(const HeatHistory&, const HeatHistory&) = default;
};

// Power was cut because of heat or smoke: since when, and how hot it was.
struct Aftermath {
  Uptime since{};
  std::optional<int32_t> hottest_mc;
  friend bool operator==(const Aftermath&, const Aftermath&) = default;
};

// Load that must show in the temperature.
struct LoadWatch {
  std::optional<Uptime> since;
  int32_t coolest_mc = 0;
  int32_t hottest_mc = 0;
  friend bool operator==(const LoadWatch&, const LoadWatch&) = default;
};

struct State {
  bool started = false;
  Uptime now{};
  bool closed = false;  // what was put out last
  Uptime opened_at{};
  FaultSet latched;    // faults: no power
  FaultSet active;     // of the last step: causes that are there, warnings too
  FaultSet warnings;   // not ended yet
  FaultSet overruled;  // warnings with which the driver goes on
  Uptime warned_at{};  // when the driver was last asked
  std::array<Uptime, fault_count> last_active{};
  Timers timers;
  HeatHistory history;
  std::optional<int32_t> last_connector_mc, last_cable_mc;
  std::optional<Aftermath> aftermath;
  LoadWatch load;
  friend bool operator==(const State&, const State&) = default;
};

struct Outputs {
  bool close = false;            // permission for the contactor, good until the next step
  int32_t duty_permille = 1000;  // for hal/outputs.h PilotOutput
  bool trip_supply = false;
  bool ask_driver = false;    // there are warnings the driver has not answered
  FaultSet raised;            // new in this step
  FaultSet ended;             // latched or warned before, and over now
  Level level = Level::none;  // of all that is latched or warned
  int32_t hottest_mc = 0;     // of connector and cable; for people
};

struct Step {
  State state;
  Outputs outputs;
};

Step step(const Config& config, State state, const Sample& sample, const Wishes& wishes, Uptime now);

// Whether every reading that the rules need is there and fresh: until then there is nothing to judge by.
bool complete(const Config& config, const Sample& sample, Uptime now);

// After power loss: what was latched stays so.
State restored(FaultSet latched);

// IEC 61851-1 table A.8: 6 to 80 A; below: steady +12 V.
int32_t duty_permille(int32_t offered_ma);

inline constexpr int32_t offer_least_ma = 6'000;
inline constexpr Duration warning_patience{60s};  // so long the driver may think about a warning
inline constexpr Duration calm_before_end{30s};   // a cause must be gone so long before its fault ends by itself
inline constexpr Duration rest_before_close{2s};  // between opening and closing again

}  // namespace bayward::bay::safety
