#include "core/incident/incident.h"

#include <algorithm>

namespace bayward::core {
namespace {

constexpr std::array<std::string_view, incident_kinds> kind_words = {"wrong_vehicle",    "unauthorised_charging",
                                                                     "overstay",         "station_silent",
                                                                     "thermal_warning",  "smoke",
                                                                     "thermal_danger",   "thermal_rising",
                                                                     "voltage",          "overcurrent",
                                                                     "residual_current", "emergency_stop",
                                                                     "panic_button",     "break_in",
                                                                     "watch_list",       "pod_stray",
                                                                     "pod_outside",      "mains_lost",
                                                                     "tamper",           "link_down"};

}  // namespace

std::string_view to_text(IncidentKind kind) {
  return kind_words[static_cast<size_t>(kind)];
}

std::optional<IncidentKind> parse_incident_kind(std::string_view text) {
  const auto found = std::find(kind_words.begin(), kind_words.end(), text);
  if (found == kind_words.end()) return std::nullopt;
  return static_cast<IncidentKind>(found - kind_words.begin());
}

std::string_view to_text(Severity severity) {
  static constexpr std::array<std::string_view, 3> words = {"notice", "warning", "danger"};
  return words[static_cast<size_t>(severity)];
}

std::string_view to_text(IncidentEnd end) {
  static constexpr std::array<std::string_view, 4> words = {"none", "subsided", "closed", "false_alarm"};
  return words[static_cast<size_t>(end)];
}

const IncidentSource* Incident::source(BayId at, IncidentKind of) const {
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const IncidentSource& one) { return one.bay == at && one.kind == of; });
  return found == sources.end() ? nullptr : &*found;
}

bool Incident::any_active() const {
  return std::any_of(sources.begin(), sources.end(), [](const IncidentSource& one) { return one.active; });
}

}  // namespace bayward::core
