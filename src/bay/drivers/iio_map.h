// What is at which Linux Industrial I/O channel of a bay: from its configuration, checked. Plain values; no I/O.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "bay/drivers/coverage.h"

namespace bayward::bay {

// One thing that is measured. The kernel's unit (Documentation/ABI/testing/sysfs-bus-iio: mV, mA, thousandths of a
// degree) is the channel's own; value = kernel's value × scale + offset.
struct IioPoint {
  safety::Channel what{};
  std::string device;   // its name (the file `name`), or iio:deviceN
  std::string channel;  // "in_temp0": of in_temp0_raw or in_temp0_input
  double scale = 1;
  double offset = 0;
};

struct IioMap {
  std::filesystem::path directory = "/sys/bus/iio/devices";
  std::vector<IioPoint> points;
  Duration poll_interval{20ms};
};

// The channels that are not 0 or 1. Of the pilot the positive peak in mV is measured.
bool iio_measures(safety::Channel channel);

// Not more points and devices than limits.h allows.
Status check(const IioMap& map);
void cover(const IioMap& map, Coverage& out);

// In the channel's unit; nothing when it is no number there, or for the pilot when it is between two states. Pure.
std::optional<int32_t> iio_value(const IioPoint& point, double kernel_value);

}  // namespace bayward::bay
