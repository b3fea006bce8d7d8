// GPIO lines as the driver sees them: requested one by one, read, set. Implemented with libgpiod (gpiod_lines.cc);
// tests bring a fake one. The driver's thread.
#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "bay/drivers/gpio_map.h"

namespace bayward::bay {

// Ours until it is destroyed. A failure says what is wrong and what to look at.
class GpioLine {
 public:
  virtual ~GpioLine() = default;
  virtual Result<bool> get() = 0;
  virtual Status set(bool on) = 0;
};

class GpioLines {
 public:
  virtual ~GpioLines() = default;
  virtual Result<std::unique_ptr<GpioLine>> input(const GpioPin& pin) = 0;
  // Off from the first moment.
  virtual Result<std::unique_ptr<GpioLine>> output(const GpioPin& pin) = 0;
};

// Those of this machine (/dev/gpiochip*).
std::unique_ptr<GpioLines> linux_gpio_lines();

}  // namespace bayward::bay
