// What the garage's parts know of the bays: filled by whoever hears the stations (OCPP relay, mesh). The LAN page reads
// it (E4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace bayward::site {

enum class BayDoing : uint8_t {
  idle,      // may be charged at now, as far as its station knows
  reserved,  // held or booked within the hold's length
  charging,
  occupied,  // its sensor sees a vehicle that doesn't charge
  faulted,
  unknown,  // its station isn't heard
};

constexpr std::string_view to_text(BayDoing doing) {
  constexpr std::string_view words[] = {"idle", "reserved", "charging", "occupied", "faulted", "unknown"};
  return words[static_cast<size_t>(doing)];
}

struct BayState {
  BayId bay;
  std::string label;  // as painted on the wall
  std::string level;
  int32_t latitude_e7 = 0;  // WGS84, in ten-millionths of a degree
  int32_t longitude_e7 = 0;
  BayDoing doing = BayDoing::unknown;
  Instant heard_at{};                  // when its station last said so
  std::optional<Instant> taken_until;  // reserved or charging, where known
  std::optional<bool> sensed_vehicle;  // what its own occupancy sensor says; nothing: it has none, or is silent
  std::string connector;               // OCPI's word, for people: "IEC_62196_T2"; empty: no charger
  int32_t power_max_w = 0;
};

// The garage's thread. At most limits::bays_per_site.
class BayStates {
 public:
  virtual ~BayStates() = default;
  // In the order a person reads them.
  virtual std::vector<BayState> bays(Instant now) = 0;
};

}  // namespace bayward::site
