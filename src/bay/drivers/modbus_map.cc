#include "bay/drivers/modbus_map.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "bay/safety/limits.h"

namespace bayward::bay {
namespace {

constexpr std::array<std::string_view, 4> tables = {"coil", "discrete_input", "input_register", "holding_register"};
constexpr std::array<std::string_view, 7> types = {"bit", "u16", "s16", "u32", "s32", "u64", "f32"};
constexpr std::array<int, 7> widths = {1, 1, 1, 2, 2, 4, 2};

template <class E, class Words>
std::optional<E> from_word(const Words& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? std::nullopt : std::optional(static_cast<E>(found - words.begin()));
}

std::string_view word_of(safety::Channel channel) {
  return safety::range_of(channel).word;
}

}  // namespace

std::optional<ModbusTable> modbus_table(std::string_view word) {
  return from_word<ModbusTable>(tables, word);
}
std::optional<ModbusType> modbus_type(std::string_view word) {
  return from_word<ModbusType>(types, word);
}
int modbus_width(ModbusType type) {
  return widths[static_cast<size_t>(type)];
}

bool modbus_measures(std::string_view what) {
  if (what == "import_mwh" || what == "power_w") return true;
  for (size_t i = 0; i < safety::channel_count; ++i) {
    if (word_of(static_cast<safety::Channel>(i)) == what) return true;
  }
  return false;
}

Status check(const ModbusMap& map, const std::vector<safety::Channel>& needed) {
  if (map.devices.size() > limits::bay_modbus_devices || map.points.size() > limits::bay_modbus_points) {
    return fail("at most " + std::to_string(limits::bay_modbus_devices) + " devices and " +
                std::to_string(limits::bay_modbus_points) + " points");
  }
  const auto measured = [&](std::string_view what) {
    return std::count_if(map.points.begin(), map.points.end(), [&](const auto& point) { return point.what == what; });
  };
  for (const safety::Channel channel : needed) {
    if (measured(word_of(channel)) == 0) {
      return fail("nothing measures " + std::string(word_of(channel)) + ", and without it there is no power");
    }
  }
  if (measured("import_mwh") == 0) return fail("nothing measures import_mwh, the register that is billed");
  for (const ModbusPoint& point : map.points) {
    if (measured(point.what) > 1) return fail(point.what + " is measured twice");
  }
  if (!map.contactor) return fail("there is no output for the contactor");
  if (!map.watchdog) {
    return fail(
        "there is no output for watchdog_ms: only the relay module itself can open the contactor when this "
        "program is killed or stopped");
  }
  if (!map.pilot_duty) return fail("there is no output for pilot_duty");
  if (!map.lock) return fail("there is no output for the lock");
  return Done{};
}

}  // namespace bayward::bay
