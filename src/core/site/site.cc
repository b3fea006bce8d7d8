#include "core/site/site.h"

#include <array>
#include <cmath>
#include <numbers>

namespace bayward::core {
namespace {

constexpr double metres_per_e6_degree = 0.11119492664455873;  // mean Earth radius 6,371,008.8 m
constexpr double radians_per_e6_degree = std::numbers::pi / 180e6;

constexpr std::array<std::string_view, 7> connector_names = {"none",   "iec_62196_t2", "iec_62196_t2_combo", "gbt_ac",
                                                             "gbt_dc", "chademo",      "iec_62196_t1"};

}  // namespace

double distance_m(GeoPoint a, GeoPoint b) {
  const double middle = (static_cast<double>(a.latitude_e6) + static_cast<double>(b.latitude_e6)) / 2;
  const double north = static_cast<double>(b.latitude_e6) - static_cast<double>(a.latitude_e6);
  const double east = (static_cast<double>(b.longitude_e6) - static_cast<double>(a.longitude_e6)) *
                      std::cos(middle * radians_per_e6_degree);
  return std::sqrt(north * north + east * east) * metres_per_e6_degree;
}

GeoPoint shifted(GeoPoint origin, int32_t east_dm, int32_t north_dm) {
  const double scale = std::cos(static_cast<double>(origin.latitude_e6) * radians_per_e6_degree);
  return {origin.latitude_e6 + static_cast<int32_t>(std::lround(north_dm * 0.1 / metres_per_e6_degree)),
          origin.longitude_e6 + static_cast<int32_t>(std::lround(east_dm * 0.1 / metres_per_e6_degree / scale))};
}

std::string_view to_text(ConnectorType type) {
  return connector_names[static_cast<size_t>(type)];
}

std::optional<ConnectorType> parse_connector_type(std::string_view text) {
  for (size_t i = 0; i < connector_names.size(); ++i) {
    if (connector_names[i] == text) return static_cast<ConnectorType>(i);
  }
  return std::nullopt;
}

std::optional<std::string_view> defect(const SiteRules& rules) {
  const auto share = [](int32_t ppm) { return ppm >= 0 && ppm <= 1'000'000; };
  const auto span = [](Duration length) { return length >= Duration{0} && length <= 24h; };
  const int32_t unit = rules.slot_unit_s;
  if (unit != 300 && unit != 600 && unit != 900 && unit != 1800 && unit != 3600) {
    return "slot_unit_s must be 300, 600, 900, 1800 or 3600";
  }
  if (rules.walk_up_hold < 1min || rules.walk_up_hold > 2h) return "walk_up_hold must be 1 minute to 2 hours";
  if (!span(rules.reserve_lead) || !span(rules.early_arrival) || !span(rules.no_show_grace) ||
      !span(rules.overstay_grace) || !span(rules.reallocation_lead) || !span(rules.free_cancel_before)) {
    return "a lead or grace must be 0 to 24 hours";
  }
  if (!share(rules.late_cancel_ppm) || !share(rules.no_show_ppm) || !share(rules.owner_share_ppm)) {
    return "a share must be 0 to 1000000 parts per million";
  }
  if (rules.displaced_compensation_minor < 0 || rules.displaced_compensation_minor > 100'000'000) {
    return "displaced_compensation_minor must be 0 to 100000000";
  }
  if (rules.wrong_parking_fee_minor < 0 || rules.wrong_parking_fee_minor > 100'000'000) {
    return "wrong_parking_fee_minor must be 0 to 100000000";
  }
  if (!span(rules.wrong_parking_grace)) return "wrong_parking_grace must be 0 to 24 hours";
  if (rules.walk_up_slots < 1 || rules.walk_up_slots > 96) return "walk_up_slots must be 1 to 96";
  if (!span(rules.handover_horizon)) return "handover_horizon must be 0 to 24 hours";
  return std::nullopt;
}

}  // namespace bayward::core
