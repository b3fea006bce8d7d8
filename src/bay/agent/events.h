// Where each fault shows in the device model (OCPP 2.0.1 part 2 appendix 3): the component, the variable, the
// hard-wired monitor's id and its severity. A table; pure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "bay/safety/faults.h"

namespace bayward::bay {

struct FaultPlace {
  std::string_view component;
  std::string_view instance;  // empty: none
  std::string_view variable;
  int64_t severity;  // N02: 0 danger, 1 hardware failure, 2 system failure, 3 critical, 4 error, 5 alert, 6 warning
};
// Hard-wired monitors have the ids 1 to fault_count.
inline constexpr std::array<FaultPlace, safety::fault_count> fault_places = {{
    {"TemperatureSensor", "connector", "Temperature", 6},  // warm_connector
    {"TemperatureSensor", "cable", "Temperature", 6},      // warm_cable
    {"TemperatureSensor", "connector", "Temperature", 6},  // warming_quickly
    {"RCD", "", "Problem", 6},                             // residual_rising
    {"OverCurrentBreaker", "", "Problem", 6},              // current_high
    {"ElectricalFeed", "", "Problem", 4},                  // over_voltage
    {"ElectricalFeed", "", "Problem", 4},                  // under_voltage
    {"CPPWMController", "", "Problem", 4},                 // pilot_error
    {"Controller", "", "Problem", 1},                      // sensor_missing
    {"Controller", "", "Problem", 2},                      // agent_stalled
    {"CPPWMController", "", "Problem", 5},                 // car_ignores_limit
    {"TemperatureSensor", "connector", "Temperature", 0},  // connector_too_hot
    {"TemperatureSensor", "cable", "Temperature", 0},      // cable_too_hot
    {"TemperatureSensor", "connector", "Temperature", 0},  // heating_too_fast
    {"OverCurrentBreaker", "", "Tripped", 3},              // over_current
    {"RCD", "ac", "Tripped", 3},                           // residual_ac
    {"RCD", "dc", "Tripped", 3},                           // residual_dc
    {"GroundIsolationProtection", "", "Problem", 3},       // earth_missing
    {"ConnectorPlugRetentionLock", "", "Tripped", 3},      // lock_lost
    {"EmergencyStopSensor", "", "Tripped", 0},             // emergency_stop
    {"PowerContactor", "", "Problem", 1},                  // contactor_stuck_open
    {"Controller", "", "Problem", 1},                      // sensor_implausible
    {"Controller", "", "Problem", 2},                      // clock_backwards
    {"OverCurrentBreaker", "", "Tripped", 0},              // short_circuit
    {"TemperatureSensor", "cable", "Temperature", 0},      // insulation_failing
    {"PowerContactor", "", "Tripped", 0},                  // contactor_welded
    {"TemperatureSensor", "connector", "Problem", 1},      // sensor_stuck
    {"FireSensor", "", "Tripped", 0},                      // smoke
    {"FireSensor", "", "Active", 0},                       // danger_grows
}};

inline constexpr int64_t monitor_id(safety::Fault fault) {
  return static_cast<int64_t>(fault) + 1;
}

}  // namespace bayward::bay
