// Our CAP documents and the list of them, for cap.test.mjs: one file each into the folder given.
#include <fstream>
#include <iostream>
#include <string>

#include "connectors/cap/cap_feed.h"

using namespace bayward;

namespace {

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  std::cout << path << '\n';
}

AlarmMessage message(uint32_t number, core::IncidentKind kind, core::DeliveryStep step) {
  const SiteId site{7};
  AlarmMessage out;
  out.incident = site_scoped<IncidentId>(site, number);
  out.kind = kind;
  out.step = step;
  out.severity = core::Severity::danger;
  out.place.site_name = "Rosenhof <\"&'> 玫瑰园\x01";
  out.place.bay_label = "B1-017";
  out.place.level = "-1";
  out.place.point = {31'230'400, 121'473'700};
  out.opened_at = *parse_rfc3339("2026-03-29T01:00:00Z");
  out.at = out.opened_at + std::chrono::seconds{3};
  out.chinese = number % 2 == 0;
  out.utc_offset_s = number % 3 == 0 ? 0 : number % 3 == 1 ? 8 * 3600 : -(3 * 3600 + 1800);
  return out;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: cap_writer FOLDER\n";
    return 2;
  }
  const std::string folder = std::string(arguments[1]) + '/';
  cap::CapFeed feed({"bayward.rosenhof.example", "Rosenhof", "https://rosenhof.example/incidents", false});
  const auto show = [&](const AlarmMessage& told, const std::string& suffix) {
    feed.tell(told);
    const std::string file = std::string(to_text(told.kind)) + '-' + suffix + ".xml";
    write(folder + file, feed.document(to_text(told.incident) + ".r1" + suffix).value());
  };
  for (uint32_t i = 0; i < core::incident_kinds; ++i) {
    const auto kind = static_cast<core::IncidentKind>(i);
    AlarmMessage told = message(i + 1, kind, core::DeliveryStep::alarm);
    told.severity = core::Severity::warning;
    show(told, '.' + std::string(to_text(kind)) + ".warning");
    told.severity = core::Severity::danger;
    show(told, '.' + std::string(to_text(kind)) + ".danger");
    told.step = core::DeliveryStep::all_clear;
    if (i % 2 == 0) show(told, ".over");
  }
  write(folder + "atom.xml", feed.atom("https://rosenhof.example/cap/", *parse_rfc3339("2026-03-29T02:00:00Z")));
  return 0;
}
