// The entrance (B1): a plate is read, its booking looked up, its car guided. A car without a booking lights nothing.
// Pure; one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ports/camera.h"
#include "site/entrance/guide.h"
#include "site/plates/plate_gate.h"

namespace bayward::site {

// Who is expected: filled by the site's authority from its bookings. `plate` as normalise_plate() spells it.
class ExpectedCars {
 public:
  virtual ~ExpectedCars() = default;
  // Nothing: this plate has no booking that begins soon or runs.
  virtual std::optional<CarToGuide> expected(const std::string& plate, Instant now) = 0;
};

enum class EntranceWhat : uint8_t { guided, no_booking, not_read };
constexpr std::string_view to_text(EntranceWhat what) {
  constexpr std::string_view words[] = {"guided", "no_booking", "not_read"};
  return words[static_cast<size_t>(what)];
}

class EntranceDesk {
 public:
  // `entrances`: which entrance of the garage plan each plate camera looks at. All outlive it.
  EntranceDesk(std::map<std::string, std::string> entrances, PlateGateOptions options, ExpectedCars& cars, Guide& guide)
      : entrances_(std::move(entrances)), gate_(options), cars_(cars), guide_(guide) {}

  // Nothing: the same car again, or no entrance's camera.
  std::optional<EntranceWhat> read(const PlateReading& reading, Instant now) {
    const auto entrance = entrances_.find(reading.camera);
    if (entrance == entrances_.end()) return std::nullopt;
    const Result<std::string, PlateRefusal> plate = gate_.admit(reading, now);
    if (!plate.ok()) {
      if (plate.error() == PlateRefusal::repeated) return std::nullopt;
      return EntranceWhat::not_read;
    }
    const std::optional<CarToGuide> car = cars_.expected(*plate, now);
    if (!car) return EntranceWhat::no_booking;
    guide_.start(entrance->second, *car, now);
    return EntranceWhat::guided;
  }

 private:
  const std::map<std::string, std::string> entrances_;
  PlateGate gate_;
  ExpectedCars& cars_;
  Guide& guide_;
};

}  // namespace bayward::site
