#include "ports/plate_prints.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bayward {
namespace {

// GA 36-2018 table 1: the provinces, and what stands in their place on old or misread plates.
struct Province {
  std::string_view character;
  std::string_view others;  // one after the other
};
constexpr std::array<Province, 31> provinces = {{
    {"京", "亰"},   {"津", "律"},   {"冀", "翼"},   {"晋", "晉普"}, {"蒙", "濛家"}, {"辽", "遼"},   {"吉", "古"},
    {"黑", "墨"},   {"沪", "滬护"}, {"苏", "蘇办"}, {"浙", "淅"},   {"皖", "院"},   {"闽", "閩闵"}, {"赣", "贛"},
    {"鲁", "魯鱼"}, {"豫", "像"},   {"鄂", "鄠"},   {"湘", "相"},   {"粤", "粵奥"}, {"桂", "挂"},   {"琼", "瓊"},
    {"渝", "输偷"}, {"川", "州"},   {"贵", "貴责"}, {"云", "雲去"}, {"藏", "臧"},   {"陕", "陝峡"}, {"甘", "廿"},
    {"青", "清"},   {"宁", "寧丁"}, {"新", "亲"},
}};

constexpr size_t chinese_bytes = 3;  // U+4E00..U+9FFF in UTF-8

char alike(char c) {
  static constexpr std::array<std::pair<std::string_view, char>, 6> groups = {
      {{"OQD0", '0'}, {"IL1", '1'}, {"Z2", '2'}, {"S5", '5'}, {"B8", '8'}, {"G6", '6'}}};
  for (const auto& [members, one] : groups) {
    if (members.find(c) != std::string_view::npos) return one;
  }
  return c;
}

std::string_view province_of(std::string_view character) {
  for (const Province& one : provinces) {
    if (one.character == character || one.others.find(character) != std::string_view::npos) return one.character;
  }
  return {};
}

}  // namespace

PlateSpelling plate_spelling(std::string_view normalised) {
  PlateSpelling out;
  std::string_view province;
  if (normalised.size() > chinese_bytes && (static_cast<uint8_t>(normalised[0]) & 0xf0) == 0xe0) {
    province = province_of(normalised.substr(0, chinese_bytes));
    if (!province.empty()) normalised.remove_prefix(chinese_bytes);
  }
  for (const char c : normalised) out.bare += alike(c);
  out.province = !province.empty();
  out.alike = std::string(province) + out.bare;
  return out;
}

core::PlatePrints plate_prints(const Vault& vault, std::string_view normalised) {
  const PlateSpelling spelling = plate_spelling(normalised);
  return {vault.fingerprint(VaultKind::watch_plate_exact, normalised),
          vault.fingerprint(VaultKind::watch_plate_alike, spelling.alike),
          vault.fingerprint(VaultKind::watch_plate_bare, spelling.bare), spelling.province};
}

}  // namespace bayward
