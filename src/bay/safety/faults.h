// Everything that can be wrong at a bay, what it means for people, and who may end it. Pure tables; any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bayward::bay::safety {

// In the order of the table in faults.cc. Stored on the device (agent/store.h): append only.
enum class Fault : uint8_t {
  warm_connector,
  warm_cable,
  warming_quickly,
  residual_rising,
  current_high,

  over_voltage,
  under_voltage,
  pilot_error,
  sensor_missing,
  agent_stalled,
  car_ignores_limit,

  connector_too_hot,
  cable_too_hot,
  heating_too_fast,
  over_current,
  residual_ac,
  residual_dc,
  earth_missing,
  lock_lost,
  emergency_stop,
  contactor_stuck_open,
  sensor_implausible,
  clock_backwards,

  short_circuit,
  insulation_failing,
  contactor_welded,
  sensor_stuck,
  smoke,
  danger_grows,
};
inline constexpr size_t fault_count = 29;

// Who may end it, once its cause is gone (D2).
enum class Remedy : uint8_t {
  driver,      // a warning: power stays on while the driver decides, and after "go on"
  itself,      // ends when the cause has been gone for a while
  staff,       // property staff, on the spot or by remote
  inspection,  // somebody who has inspected the device
};

// Who must hear of it (D3); bay_state.h has the same levels.
enum class Level : uint8_t { none, warning, fault, danger, everybody };

struct FaultInfo {
  std::string_view word;    // snake case, for logs and messages
  std::string_view clause;  // where the rule comes from
  Remedy remedy{};
  Level level{};
};
const FaultInfo& info(Fault fault);
std::optional<Fault> fault_from_word(std::string_view word);

class FaultSet {
 public:
  constexpr FaultSet() = default;
  constexpr explicit FaultSet(uint32_t bits) : bits_(bits & all_bits) {}

  constexpr void add(Fault fault) { bits_ |= bit(fault); }
  constexpr void remove(Fault fault) { bits_ &= ~bit(fault); }
  constexpr bool has(Fault fault) const { return (bits_ & bit(fault)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr int size() const { return std::popcount(bits_); }
  constexpr uint32_t bits() const { return bits_; }
  constexpr FaultSet operator|(FaultSet other) const { return FaultSet{bits_ | other.bits_}; }
  constexpr FaultSet operator&(FaultSet other) const { return FaultSet{bits_ & other.bits_}; }
  constexpr FaultSet without(FaultSet other) const { return FaultSet{bits_ & ~other.bits_}; }
  friend constexpr bool operator==(FaultSet, FaultSet) = default;

  // The first one, in the order of the enumeration; none when empty.
  constexpr std::optional<Fault> first() const {
    return empty() ? std::nullopt : std::optional(static_cast<Fault>(std::countr_zero(bits_)));
  }

 private:
  static constexpr uint32_t all_bits = (uint32_t{1} << fault_count) - 1;
  static constexpr uint32_t bit(Fault fault) { return uint32_t{1} << static_cast<uint8_t>(fault); }
  uint32_t bits_ = 0;
};

// Those of the set that this remedy (and no stronger one) ends.
FaultSet with_remedy(Remedy remedy);
// Of the worst one.
Level level_of(FaultSet faults);

}  // namespace bayward::bay::safety
