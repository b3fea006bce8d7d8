#include "core/driving/driving.h"

#include <algorithm>

namespace bayward::core {
namespace {

constexpr int habit_visits_min = 3;

constexpr std::array<std::string_view, sides> words = {"left", "middle", "right"};

}  // namespace

std::string_view to_text(Side side) {
  return words[static_cast<size_t>(side)];
}

std::optional<Side> parse_side(std::string_view text) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end()) return std::nullopt;
  return static_cast<Side>(found - words.begin());
}

std::optional<Side> prone_side(std::span<const Side> oldest_first) {
  std::array<int, sides> count{};
  std::optional<Side> most;
  for (const Side side : oldest_first) {
    const int times = ++count[static_cast<size_t>(side)];
    if (!most || times >= count[static_cast<size_t>(*most)]) most = side;
  }
  return most;
}

std::optional<Side> usual_part(const DrivingRecord& record) {
  for (const Side part : {Side::left, Side::middle, Side::right}) {
    const auto visits = std::count(record.parked.begin(), record.parked.end(), part);
    if (visits >= habit_visits_min && 2 * visits > std::ssize(record.parked)) return part;
  }
  return std::nullopt;
}

std::array<Side, sides> parts_wanted(std::optional<Side> scraped, Side usual) {
  using enum Side;
  using Parts = std::array<Side, sides>;
  using ByUsual = std::array<Parts, sides>;
  static constexpr ByUsual scraped_right = {{{left, middle, right}, {middle, left, right}, {right, middle, left}}};
  static constexpr ByUsual scraped_left = {{{left, middle, right}, {middle, right, left}, {right, middle, left}}};
  const ByUsual& wanted = scraped == left ? scraped_left : scraped_right;
  return wanted[static_cast<size_t>(usual)];
}

double detour_m(const DrivingHabits& habits, SideSet clear, Side part) {
  double metres = 0;
  if (habits.scraped && (clear & bit(*habits.scraped)) == 0) metres += unclear_side_m;
  if (habits.usual) {
    const auto wanted = parts_wanted(habits.scraped, *habits.usual);
    metres += next_part_m * static_cast<double>(std::find(wanted.begin(), wanted.end(), part) - wanted.begin());
  }
  return metres;
}

}  // namespace bayward::core
