// A6: what a driver has agreed to have considered when bays are ranked: on which side the car has been scraped, as the
// police have recorded it, and in which part of a garage the driver usually parks. Nothing is kept without consent, and
// consent withdrawn takes everything with it. What an accident was is in the vault; here is that there is one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/zone.h"

namespace bayward::core {

// Of a car, for who sits in it; of a bay, for who drives into it forwards; of a garage, seen from its entrance.
enum class Side : uint8_t { left, middle, right };
inline constexpr size_t sides = 3;
std::string_view to_text(Side side);
std::optional<Side> parse_side(std::string_view text);

using SideSet = uint8_t;  // bits by Side
constexpr SideSet bit(Side side) {
  return static_cast<SideSet>(1U << static_cast<unsigned>(side));
}
inline constexpr SideSet all_sides = 7;

// An accident counts for so long after its day.
inline constexpr Duration accident_counts_for = std::chrono::days{3 * 365};

struct AccidentMark {
  uint32_t number = 0;  // of the account; its text in the vault is found by it
  VehicleId vehicle;
  Fingerprint reference;  // of the police's own number: each counts once
  Instant expires_at{};
  BAYWARD_FIELDS(AccidentMark, number, vehicle, reference, expires_at)
};

struct DrivingRecord {
  bool consented = false;
  Instant changed_at{};
  uint32_t last_accident = 0;
  std::vector<AccidentMark> accidents;  // what expires first, first
  std::vector<Side> parked;             // the parts of the garages where the last visits were, oldest first
  BAYWARD_FIELDS(DrivingRecord, consented, changed_at, last_accident, accidents, parked)

  Instant due() const { return accidents.empty() ? far_future : accidents.front().expires_at; }
};

// What a ranking goes by; nothing: not known, and it doesn't matter.
struct DrivingHabits {
  std::optional<Side> scraped;
  std::optional<Side> usual;

  bool known() const { return scraped || usual; }
};

// The side that was scraped most often; of equals the one scraped last. `oldest_first`.
std::optional<Side> prone_side(std::span<const Side> oldest_first);
// The part that most of the last visits were in, if it is at least three of them and more than half.
std::optional<Side> usual_part(const DrivingRecord& record);

// The parts of a garage in the order in which they are wanted, for each of the nine combinations of the side that gets
// scraped and the part where the driver usually parks: the usual part first; of two that are equally far from it the
// one away from the scraped side.
std::array<Side, sides> parts_wanted(std::optional<Side> scraped, Side usual);

// So much farther a bay may be, as the crow flies, and be as good: one whose scraped side is not clear, and one of the
// second and the third part wanted.
inline constexpr double unclear_side_m = 60;
inline constexpr double next_part_m = 20;
double detour_m(const DrivingHabits& habits, SideSet clear, Side part);

}  // namespace bayward::core
