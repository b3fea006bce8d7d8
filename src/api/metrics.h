// Counters of the API's own, in the text format of Prometheus (version 0.0.4). Any thread, no locks on the hot path:
// one row of atomics per route.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "ports/station_link.h"

namespace bayward::api {

class Metrics {
 public:
  static constexpr std::array<int64_t, 9> bounds_ms = {1, 2, 5, 10, 25, 100, 250, 1000, 5000};

  explicit Metrics(size_t routes) : rows_(routes) {}

  void answered(size_t route, int status, Duration took);
  // `name_of` gives method and template of a route: {"GET", "/api/v1/me"}.
  struct RouteName {
    std::string_view method;
    std::string_view path;
  };
  void write(std::string& out, RouteName (*name_of)(size_t route)) const;

 private:
  struct Row {
    std::array<std::atomic<uint64_t>, 6> by_class{};  // 1xx .. 5xx at their first digit
    std::array<std::atomic<uint64_t>, bounds_ms.size() + 1> buckets{};
    std::atomic<uint64_t> sum_ms{0};
  };
  std::vector<Row> rows_;
};

void write_metric(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                  uint64_t value);

// OCPP: connections, refusals, and the calls in both directions by version, action and outcome with their latency.
void write_station_metrics(std::string& out, const StationCounters& counters);

}  // namespace bayward::api
