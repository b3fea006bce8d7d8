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
  return what == "import_mwh" || what == "power_w" || safety::channel_from_word(what);
}

Status check(const ModbusMap& map) {
  if (map.supply_trip && !map.contactor) {
    return fail("supply_trip goes with the contactor: both by output, or both by gpio_output");
  }
  if (map.devices.size() <= limits::bay_modbus_devices && map.points.size() <= limits::bay_modbus_points) return Done{};
  return fail("at most " + std::to_string(limits::bay_modbus_devices) + " devices and " +
              std::to_string(limits::bay_modbus_points) + " points");
}

void cover(const ModbusMap& map, Coverage& out) {
  for (const ModbusPoint& point : map.points) out.measured.push_back(point.what);
  if (map.contactor) out.driven.push_back("contactor");
  if (map.pilot_duty) out.driven.push_back("pilot_duty");
  if (map.lock) out.driven.push_back("lock");
  if (map.supply_trip) out.driven.push_back("supply_trip");
  if (map.contactor && !map.watchdog) {
    out.unwatched =
        "there is no output for watchdog_ms: only the relay module itself can open the contactor when this program is "
        "killed or stopped";
  }
}

}  // namespace bayward::bay
