#include "connectors/cap/words.h"

namespace bayward::cap {
namespace {

constexpr std::string_view leave_en = "Leave the building. Do not start or move vehicles near the bay.";
constexpr std::string_view leave_zh = "请撤离建筑，不要启动或移动附近的车辆。";
constexpr std::string_view away_en = "Stay away from the bay until it has been inspected.";
constexpr std::string_view away_zh = "检查完成之前请远离该车位。";
constexpr std::string_view watch_en = "The property office looks after it.";
constexpr std::string_view watch_zh = "物业正在处理。";

CapWords fire(std::string_view en, std::string_view zh) {
  return {"Fire", "Evacuate", "Immediate", "Likely", en, zh, leave_en, leave_zh};
}
CapWords electric(std::string_view en, std::string_view zh) {
  return {"Infra", "Avoid", "Immediate", "Observed", en, zh, away_en, away_zh};
}
CapWords other(std::string_view category, std::string_view en, std::string_view zh) {
  return {category, "Monitor", "Expected", "Observed", en, zh, watch_en, watch_zh};
}

}  // namespace

std::string_view severity_of(core::Severity severity) {
  switch (severity) {
    case core::Severity::danger:
      return "Severe";
    case core::Severity::warning:
      return "Moderate";
    case core::Severity::notice:
      break;
  }
  return "Minor";
}

CapWords words_of(core::IncidentKind kind) {
  using Kind = core::IncidentKind;
  switch (kind) {
    case Kind::smoke:
      return fire("Smoke", "烟雾报警");
    case Kind::thermal_danger:
      return fire("Overheated charging equipment", "充电设备过热");
    case Kind::thermal_rising:
      return fire("Temperature still rising after power-off", "断电后温度仍在上升");
    case Kind::thermal_warning:
      return electric("High temperature at charging equipment", "充电设备温度偏高");
    case Kind::voltage:
      return electric("Voltage out of limits", "电压异常");
    case Kind::overcurrent:
      return electric("Overcurrent", "过电流");
    case Kind::residual_current:
      return electric("Residual current", "漏电");
    case Kind::emergency_stop:
      return electric("Emergency stop pressed", "急停按钮被按下");
    case Kind::mains_lost:
      return other("Infra", "Mains lost", "市电中断");
    case Kind::panic_button:
      return other("Security", "Panic button pressed", "紧急求助");
    case Kind::break_in:
      return other("Security", "Break-in", "非法侵入");
    case Kind::tamper:
      return other("Security", "Tampering", "设备被破坏");
    case Kind::station_silent:
      return other("Infra", "Charging station silent", "充电桩失联");
    case Kind::link_down:
      return other("Infra", "Link to the site lost", "站点通信中断");
    default:
      return other("Other", "Irregularity at a parking bay", "车位异常");
  }
}

}  // namespace bayward::cap
