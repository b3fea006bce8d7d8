#include <gpiod.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "bay/drivers/gpio_lines.h"

namespace bayward::bay {
namespace {

constexpr const char* consumer = "bayward-bay";

struct CloseChip {
  void operator()(gpiod_chip* chip) const { gpiod_chip_close(chip); }  // releases its lines
};
using Chip = std::unique_ptr<gpiod_chip, CloseChip>;

std::string because(int error) {
  return std::strerror(error);
}

class Line final : public GpioLine {
 public:
  Line(Chip chip, gpiod_line* line, GpioPin pin) : chip_(std::move(chip)), line_(line), pin_(std::move(pin)) {}

  Result<bool> get() override {
    const int value = gpiod_line_get_value(line_);
    if (value < 0) return fail("cannot read " + to_text(pin_) + ": " + because(errno));
    return value != 0;
  }
  Status set(bool on) override {
    if (gpiod_line_set_value(line_, on ? 1 : 0) == 0) return Done{};
    return fail("cannot set " + to_text(pin_) + ": " + because(errno));
  }

 private:
  Chip chip_;
  gpiod_line* line_;  // the chip's
  const GpioPin pin_;
};

int flags_of(const GpioPin& pin, bool output) {
  int flags = pin.inverted ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
  if (output) return flags;
  if (pin.bias == GpioBias::pull_up) flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
  if (pin.bias == GpioBias::pull_down) flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
  if (pin.bias == GpioBias::off) flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE;
  return flags;
}

std::string why_not_requested(gpiod_line* line, const GpioPin& pin, int error) {
  if (error == EBUSY) {
    const char* other = gpiod_line_consumer(line);
    return to_text(pin) + " is in use by " + (other ? "'" + std::string(other) + "'" : "another program") +
           ": `gpioinfo` shows who";
  }
  return "cannot use " + to_text(pin) + ": " + because(error);
}

Result<std::unique_ptr<GpioLine>> request(const GpioPin& pin, bool output) {
  Chip chip(gpiod_chip_open_lookup(pin.chip.c_str()));
  if (!chip) {
    return fail("cannot open the GPIO chip '" + pin.chip + "': " + because(errno) +
                ". `gpiodetect` lists those there are; this program's user must be allowed to use it");
  }
  if (pin.line >= gpiod_chip_num_lines(chip.get())) {
    return fail(to_text(pin) + " does not exist: the chip has " + std::to_string(gpiod_chip_num_lines(chip.get())) +
                " lines, from 0");
  }
  gpiod_line* line = gpiod_chip_get_line(chip.get(), pin.line);
  if (!line) return fail("cannot look at " + to_text(pin) + ": " + because(errno));
  const int flags = flags_of(pin, output);
  const int done = output ? gpiod_line_request_output_flags(line, consumer, flags, 0)
                          : gpiod_line_request_input_flags(line, consumer, flags);
  if (done != 0) return fail(why_not_requested(line, pin, errno));
  return std::unique_ptr<GpioLine>(std::make_unique<Line>(std::move(chip), line, pin));
}

class LinuxGpioLines final : public GpioLines {
 public:
  Result<std::unique_ptr<GpioLine>> input(const GpioPin& pin) override { return request(pin, false); }
  Result<std::unique_ptr<GpioLine>> output(const GpioPin& pin) override { return request(pin, true); }
};

}  // namespace

std::unique_ptr<GpioLines> linux_gpio_lines() {
  return std::make_unique<LinuxGpioLines>();
}

}  // namespace bayward::bay
