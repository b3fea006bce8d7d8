// What the safety machine is shown: one reading a channel, each with its own age, in whole units (a float that is not a
// number has no spelling here: drivers give such a reading no value). Plain values; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace bayward::bay::safety {

using Uptime = Duration;  // forward only; bay/moment.h

enum class Channel : uint8_t {
  current_l1,             // mA, of the car, RMS
  current_l2,             // mA
  current_l3,             // mA
  voltage_l1,             // mV, to neutral, RMS, at the inlet (before the contactor)
  voltage_l2,             // mV
  voltage_l3,             // mV
  connector_temperature,  // thousandths of a degree Celsius, at the hottest contact
  cable_temperature,      // thousandths of a degree Celsius
  ambient_temperature,    // thousandths of a degree Celsius; may be missing
  residual_ac,            // µA, RMS
  residual_dc,            // µA, smooth, magnitude
  earth,                  // 1: protective earth is continuous
  contactor_feedback,     // 1: the mirror contact says closed
  smoke,                  // 1: smoke
  emergency_stop,         // 1: pressed
  lock,                   // 1: the plug is locked in
  pilot,                  // Pilot
};
inline constexpr size_t channel_count = 17;

// IEC 61851-1 table A.4: the states of the control pilot.
enum class Pilot : uint8_t {
  a,  // nothing plugged in
  b,  // plugged in, the car does not want power
  c,  // wants power, no ventilation needed
  d,  // wants power, ventilation needed
  e,  // shorted to earth, or the supply is gone
  f,  // the station is not available
};

struct Reading {
  std::optional<int32_t> value;  // none: the sensor answers nothing, or nonsense
  Uptime at{};                   // when it was measured
};

struct Sample {
  std::array<Reading, channel_count> readings{};

  const Reading& operator[](Channel channel) const { return readings[static_cast<size_t>(channel)]; }
  Reading& operator[](Channel channel) { return readings[static_cast<size_t>(channel)]; }
  void set(Channel channel, std::optional<int32_t> value, Uptime at) { (*this)[channel] = {value, at}; }
};

}  // namespace bayward::bay::safety
