// What is at which GPIO line of a bay's board: from its configuration, checked. Plain values; no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "bay/drivers/coverage.h"

namespace bayward::bay {

enum class GpioBias : uint8_t { as_is, pull_up, pull_down, off };

struct GpioPin {
  std::string chip;  // as gpiodetect shows it: name, label, number, or the path of its device
  uint32_t line = 0;
  bool inverted = false;            // low voltage is 1
  GpioBias bias = GpioBias::as_is;  // of inputs
};

// One of the channels that are 0 or 1.
struct GpioInput {
  safety::Channel what{};
  GpioPin pin;
};

enum class GpioDrive : uint8_t {
  contactor,
  watchdog,  // changes in every round: the board's supervisor opens the contactor when it stands still
  lock,
  supply_trip,
  lamp_red,
  lamp_green,
  lamp_blue,
};
struct GpioOutput {
  GpioDrive what{};
  GpioPin pin;
};

struct GpioMap {
  std::vector<GpioInput> inputs;
  std::vector<GpioOutput> outputs;
  Duration poll_interval{10ms};
};

std::optional<GpioBias> gpio_bias(std::string_view word);
std::optional<GpioDrive> gpio_drive(std::string_view word);
std::string_view to_text(GpioDrive drive);
// "line 17 of gpiochip0".
std::string to_text(const GpioPin& pin);

// The channels that a line can tell: earth, contactor_feedback, smoke, emergency_stop, lock.
bool gpio_measures(safety::Channel channel);

// No line and no output twice, supply_trip with the contactor, and not more of them than limits.h allows.
Status check(const GpioMap& map);
void cover(const GpioMap& map, Coverage& out);

}  // namespace bayward::bay
