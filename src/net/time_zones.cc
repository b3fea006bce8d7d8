#include "net/time_zones.h"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace bayward::net {
namespace {

// The compiled files list each change up to here; later ones would silently be missing.
constexpr Instant database_end =
    std::chrono::sys_days{Date{std::chrono::year{2037}, std::chrono::December, std::chrono::day{31}}};

// The directory also holds the same zones with leap seconds counted, and files that are no zones of places.
bool is_zone_name(const std::string& name) {
  return !name.starts_with("right/") && !name.starts_with("posix/") && name != "posixrules" && name != "localtime" &&
         name != "Factory";
}

const date::time_zone* find_zone(std::string_view name) {
  for (const date::time_zone& zone : date::get_tzdb().zones) {
    if (zone.name() == name && is_zone_name(zone.name())) return &zone;
  }
  return nullptr;
}

ZoneRules rules_of(const date::time_zone& zone, Instant from, Instant to) {
  ZoneRules rules;
  rules.name = zone.name();
  date::sys_info info = zone.get_info(std::chrono::floor<std::chrono::seconds>(from));
  rules.base_offset_s = static_cast<int32_t>(info.offset.count());
  int32_t offset_s = rules.base_offset_s;
  while (info.end < to) {
    const auto at = info.end;
    info = zone.get_info(at);
    // A change of the name or of the daylight-saving flag alone moves no clock.
    if (info.offset.count() != offset_s) {
      offset_s = static_cast<int32_t>(info.offset.count());
      rules.transitions.push_back({Instant{at}, offset_s});
    }
  }
  return rules;
}

}  // namespace

Result<ZoneRules> load_zone(std::string_view iana_name, Instant from, Instant to) {
  const std::string name(iana_name);
  if (to <= from) return fail("time zone " + name + ": the interval asked for is empty");
  if (to > database_end) return fail("time zone " + name + ": the tz database tells nothing after 2037");
  try {
    const date::time_zone* zone = find_zone(iana_name);
    if (zone == nullptr) return fail("'" + name + "' is not a time zone: give an IANA name such as Europe/Berlin");
    return rules_of(*zone, from, to);
  } catch (const std::exception& failure) {
    return fail(std::string("the tz database cannot be read, install tzdata: ") + failure.what());
  }
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) {
      if (is_zone_name(zone.name())) names.push_back(zone.name());
    }
  } catch (const std::exception&) {
    names.clear();
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace bayward::net
