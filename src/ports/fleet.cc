#include "ports/fleet.h"

#include <algorithm>

namespace bayward {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

template <class T>
bool empty_or_has(const std::vector<T>& some, T one) {
  return some.empty() || std::find(some.begin(), some.end(), one) != some.end();
}

}  // namespace

bool fits(const StationGroup& group, const KnownStation& station) {
  return empty_or_has(group.sites, site_of(station.station)) && empty_or_has(group.stations, station.station) &&
         (group.vendor.empty() || same_word(group.vendor, station.vendor)) &&
         (group.model.empty() || same_word(group.model, station.model));
}

std::string_view to_text(CampaignPhase phase) {
  switch (phase) {
    case CampaignPhase::running:
      return "running";
    case CampaignPhase::paused:
      return "paused";
    case CampaignPhase::cancelled:
      return "cancelled";
    case CampaignPhase::done:
      return "done";
  }
  return "";
}

std::string_view to_text(CampaignStep step) {
  switch (step) {
    case CampaignStep::waiting:
      return "waiting";
    case CampaignStep::asking:
      return "asking";
    case CampaignStep::working:
      return "working";
    case CampaignStep::installed:
      return "installed";
    case CampaignStep::failed:
      return "failed";
    case CampaignStep::unreachable:
      return "unreachable";
  }
  return "";
}

}  // namespace bayward
