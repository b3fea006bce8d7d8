#include "bay/drivers/gpio_map.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/limits.h"
#include "bay/safety/limits.h"

namespace bayward::bay {
namespace {

constexpr std::array<std::string_view, 4> biases = {"as_is", "pull_up", "pull_down", "off"};
constexpr std::array<std::string_view, 7> drives = {"contactor", "watchdog",   "lock",     "supply_trip",
                                                    "lamp_red",  "lamp_green", "lamp_blue"};

template <class E, class Words>
std::optional<E> from_word(const Words& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? std::nullopt : std::optional(static_cast<E>(found - words.begin()));
}

bool drives_it(const GpioMap& map, GpioDrive what) {
  return std::any_of(map.outputs.begin(), map.outputs.end(), [&](const auto& output) { return output.what == what; });
}

}  // namespace

std::optional<GpioBias> gpio_bias(std::string_view word) {
  return from_word<GpioBias>(biases, word);
}
std::optional<GpioDrive> gpio_drive(std::string_view word) {
  return from_word<GpioDrive>(drives, word);
}
std::string_view to_text(GpioDrive drive) {
  return drives[static_cast<size_t>(drive)];
}
std::string to_text(const GpioPin& pin) {
  return "line " + std::to_string(pin.line) + " of " + pin.chip;
}

bool gpio_measures(safety::Channel channel) {
  const safety::ChannelRange& range = safety::range_of(channel);
  return range.lowest == 0 && range.highest == 1;
}

Status check(const GpioMap& map) {
  if (map.inputs.size() + map.outputs.size() > limits::bay_gpio_lines) {
    return fail("at most " + std::to_string(limits::bay_gpio_lines) + " lines");
  }
  std::set<std::pair<std::string, uint32_t>> lines;
  std::set<GpioDrive> outputs;
  for (const GpioInput& input : map.inputs) {
    if (!lines.insert({input.pin.chip, input.pin.line}).second) return fail(to_text(input.pin) + " is used twice");
  }
  for (const GpioOutput& output : map.outputs) {
    if (!lines.insert({output.pin.chip, output.pin.line}).second) return fail(to_text(output.pin) + " is used twice");
    if (!outputs.insert(output.what).second) return fail(std::string(to_text(output.what)) + " is driven twice");
  }
  // Who drives the contactor is told to trip.
  if (outputs.contains(GpioDrive::supply_trip) && !outputs.contains(GpioDrive::contactor)) {
    return fail("supply_trip goes with the contactor: both by gpio_output, or both by output");
  }
  return Done{};
}

void cover(const GpioMap& map, Coverage& out) {
  for (const GpioInput& input : map.inputs) out.measured.emplace_back(safety::range_of(input.what).word);
  for (const GpioDrive what : {GpioDrive::contactor, GpioDrive::lock, GpioDrive::supply_trip}) {
    if (drives_it(map, what)) out.driven.emplace_back(to_text(what));
  }
  if (drives_it(map, GpioDrive::contactor) && !drives_it(map, GpioDrive::watchdog)) {
    out.unwatched =
        "there is no gpio_output for watchdog: a line keeps its level when this program is killed or stopped, and only "
        "a supervisor on the board that misses the changes of that line can open the contactor then";
  }
}

}  // namespace bayward::bay
