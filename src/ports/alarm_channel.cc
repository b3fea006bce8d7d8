#include "ports/alarm_channel.h"

#include <array>

namespace bayward {
namespace {

using core::DeliveryStep;
using core::IncidentFamily;

constexpr size_t text_chars = 140;  // one SMS with room to spare; two where letters are Chinese
constexpr size_t label_chars = 16;
constexpr size_t level_chars = 8;

struct Words {
  std::string_view english;
  std::string_view chinese;
};
// By kind.
constexpr std::array<Words, core::incident_kinds> kind_words = {{
    {"Wrong car", "车位被占用"},
    {"Unauthorised charging", "未经授权充电"},
    {"Car stays too long", "超时停车"},
    {"Charger silent", "充电桩失联"},
    {"Cable or plug too warm", "充电枪线偏热"},
    {"Smoke", "烟雾报警"},
    {"Overheated cable or plug", "充电枪线过热"},
    {"FIRE DANGER, heat still rising", "起火危险，断电后仍在升温"},
    {"Voltage fault", "电压异常"},
    {"Overcurrent", "过电流"},
    {"Residual current", "漏电"},
    {"Emergency stop", "紧急停止"},
    {"Call for help", "紧急求助"},
    {"Break-in", "车辆遭撬"},
    {"Police matter", "警务信息"},
    {"Charging pod astray", "移动充电舱离群"},
    {"Charging pod outside its area", "移动充电舱越界"},
    {"Mains lost", "市电中断"},
    {"Tampering", "设备被拆动"},
    {"Site has lost the platform", "场站与平台断联"},
}};

// What to do, for those who are there.
constexpr Words keep_away = {"Keep away from it and leave the building.", "请远离并撤离该建筑。"};
constexpr Words hands_off = {"Do not touch charger or cable.", "请勿触碰充电桩和电缆。"};

bool is_person(core::Party party) {
  return party == core::Party::driver || party == core::Party::owner || party == core::Party::nearby;
}

Words advice(const AlarmMessage& message) {
  if (message.severity != core::Severity::danger || message.step == DeliveryStep::all_clear) return {};
  if (!is_person(message.to.party)) return {};
  switch (core::group_of(message.kind).family) {
    case IncidentFamily::fire:
      return keep_away;
    case IncidentFamily::electric:
      return hands_off;
    default:
      return {};
  }
}

bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

size_t characters(std::string_view text) {
  size_t count = 0;
  for (const char byte : text) count += begins_character(byte) ? 1 : 0;
  return count;
}

// At most so many characters, the last one a full stop when something is left out.
std::string cut(std::string_view text, size_t most) {
  if (characters(text) <= most) return std::string(text);
  if (most == 0) return {};
  size_t end = 0;
  for (size_t count = 0; end < text.size(); ++end) {
    if (begins_character(text[end]) && ++count == most) break;
  }
  return std::string(text.substr(0, end)) + ".";
}

std::string clock_text(Instant at, int32_t utc_offset_s) {
  const int64_t second = (unix_s(at) + utc_offset_s) % 86'400;
  const auto two = [](int64_t number) {
    return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  };
  return two(second / 3600) + ":" + two(second / 60 % 60) + ":" + two(second % 60);
}

// With the name of the site cut to `site_chars`; 0: without it.
std::string english(const AlarmMessage& message, size_t site_chars) {
  const AlarmPlace& place = message.place;
  const std::string_view what = kind_words[static_cast<size_t>(message.kind)].english;
  std::string out;
  if (message.step == DeliveryStep::reminder) out = "Nobody has answered: ";
  if (message.step == DeliveryStep::all_clear) out = "All clear: ";
  out += what;
  if (place.bay) out += " at bay " + cut(place.bay_label, label_chars);
  const std::string site = cut(place.site_name, site_chars);
  const std::string level = place.bay && !place.level.empty() ? "level " + cut(place.level, level_chars) : "";
  if (!site.empty() || !level.empty()) {
    out += " (" + site + (site.empty() || level.empty() ? "" : ", ") + level + ")";
  }
  const bool over = message.step == DeliveryStep::all_clear;
  if (over) out += " is over";
  out += ", " + clock_text(over ? message.at : message.opened_at, message.utc_offset_s) + ".";
  if (const Words words = advice(message); !words.english.empty()) out += " " + std::string(words.english);
  return out;
}

std::string chinese(const AlarmMessage& message, size_t site_chars) {
  const AlarmPlace& place = message.place;
  const bool over = message.step == DeliveryStep::all_clear;
  std::string out;
  if (message.step == DeliveryStep::reminder) out = "尚无人处理：";
  if (over) out = "警报解除：";
  out += cut(place.site_name, site_chars);
  if (place.bay && !place.level.empty()) out += cut(place.level, level_chars) + "层";
  if (place.bay) out += cut(place.bay_label, label_chars) + "车位";
  if (out.empty() || !out.ends_with("：")) out += "，";
  out += kind_words[static_cast<size_t>(message.kind)].chinese;
  if (over) out += "已结束";
  out += "，" + clock_text(over ? message.at : message.opened_at, message.utc_offset_s) + "。";
  out += advice(message).chinese;
  return out;
}

}  // namespace

std::string alarm_text(const AlarmMessage& message) {
  const auto write = message.chinese ? chinese : english;
  std::string whole = write(message, text_chars);
  const size_t length = characters(whole);
  if (length <= text_chars) return whole;
  const size_t over = length - text_chars;
  const size_t site = characters(message.place.site_name);
  return write(message, site > over ? site - over : 0);
}

}  // namespace bayward
