// Which register readings the engine is told: those its bill rests on, and one now and then so that the live cost
// lives. The rest is telemetry. Pure; one per transaction.
//
// The bill is cut where the tariff's period changes, so it needs the last reading before and the first at or after each
// such boundary (core/tariff/price.h). Readings must be given in the order of their times; older ones are dropped.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "core/tariff/price.h"

namespace bayward::stations {

class MeterGate {
 public:
  // The next boundaries, ascending; until they are told, and beyond the last one, only `live_every` counts.
  void set_boundaries(std::vector<Instant> boundaries);
  // All that were told have been passed: ask again.
  bool needs_boundaries() const { return boundaries_.empty(); }

  // What to tell the engine now: nothing, this reading, or the one before it and this one.
  std::vector<MeterPoint> pass(const MeterPoint& reading, Duration live_every);
  // A reading that the engine has from elsewhere: the start of the session.
  void told(const MeterPoint& reading);
  // The latest reading of all, told or not.
  const std::optional<MeterPoint>& last() const { return last_; }
  // The latest, if the engine doesn't have it.
  std::optional<MeterPoint> take_untold();

 private:
  std::vector<Instant> boundaries_;
  std::optional<MeterPoint> last_;
  std::optional<Instant> told_at_;
  bool last_told_ = false;
};

}  // namespace bayward::stations
