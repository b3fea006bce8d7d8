#include "api/metrics.h"

#include <algorithm>

namespace bayward::api {
namespace {

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
  out.append(name).append(" ").append(type).append("\n");
}

std::string labels(const Metrics::RouteName& route) {
  return "method=\"" + std::string(route.method) + "\",route=\"" + std::string(route.path) + "\"";
}

}  // namespace

void Metrics::answered(size_t route, int status, Duration took) {
  Row& row = rows_[route];
  const auto digit = static_cast<size_t>(std::clamp(status / 100, 0, 5));
  row.by_class[digit].fetch_add(1, std::memory_order_relaxed);
  const int64_t ms = std::max<int64_t>(took.count(), 0);
  const auto bucket = std::lower_bound(bounds_ms.begin(), bounds_ms.end(), ms) - bounds_ms.begin();
  row.buckets[static_cast<size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  row.sum_ms.fetch_add(static_cast<uint64_t>(ms), std::memory_order_relaxed);
}

void Metrics::write(std::string& out, RouteName (*name_of)(size_t)) const {
  head(out, "bayward_http_requests_total", "counter", "Requests answered, by route and class of status.");
  for (size_t i = 0; i < rows_.size(); ++i) {
    for (size_t digit = 1; digit <= 5; ++digit) {
      const uint64_t count = rows_[i].by_class[digit].load(std::memory_order_relaxed);
      if (count == 0) continue;
      out += "bayward_http_requests_total{" + labels(name_of(i)) + ",status=\"" + std::to_string(digit) + "xx\"} " +
             std::to_string(count) + "\n";
    }
  }
  head(out, "bayward_http_request_seconds", "histogram", "Time from the request to its answer.");
  for (size_t i = 0; i < rows_.size(); ++i) {
    uint64_t total = 0;
    std::string lines;
    const std::string of_route = labels(name_of(i));
    for (size_t b = 0; b < rows_[i].buckets.size(); ++b) {
      total += rows_[i].buckets[b].load(std::memory_order_relaxed);
      std::string bound = "+Inf";
      if (b < bounds_ms.size()) {
        bound = std::to_string(static_cast<double>(bounds_ms[b]) / 1000.0);
        bound.erase(bound.find_last_not_of('0') + 1);
        if (bound.back() == '.') bound.pop_back();
      }
      lines +=
          "bayward_http_request_seconds_bucket{" + of_route + ",le=\"" + bound + "\"} " + std::to_string(total) + "\n";
    }
    if (total == 0) continue;
    const double sum_s = static_cast<double>(rows_[i].sum_ms.load(std::memory_order_relaxed)) / 1000.0;
    out += lines + "bayward_http_request_seconds_sum{" + of_route + "} " + std::to_string(sum_s) + "\n" +
           "bayward_http_request_seconds_count{" + of_route + "} " + std::to_string(total) + "\n";
  }
}

void write_metric(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                  uint64_t value) {
  head(out, name, type, help);
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

namespace {

std::string labels_of(const StationCallCount& count) {
  return "{version=\"" + count.protocol + "\",action=\"" + count.action + "\",outcome=\"" + count.outcome + "\",by=\"" +
         (count.ours ? "platform" : "station") + "\"} ";
}

std::string seconds(uint64_t microseconds) {
  std::string fraction = std::to_string(microseconds % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return std::to_string(microseconds / 1'000'000) + "." + fraction;
}

}  // namespace

void write_station_metrics(std::string& out, const StationCounters& counters) {
  write_metric(out, "bayward_stations_online", "gauge", "Stations with a link.", counters.connected);
  write_metric(out, "bayward_stations_pending", "gauge", "Connected stations that nobody has registered.",
               counters.pending);
  write_metric(out, "bayward_ocpp_connections_total", "counter", "Sockets opened.", counters.connections);
  write_metric(out, "bayward_ocpp_replaced_total", "counter", "Sockets that gave way to a newer one.",
               counters.replaced);
  write_metric(out, "bayward_ocpp_logins_failed_total", "counter", "Wrong names or passwords.", counters.logins_failed);
  write_metric(out, "bayward_ocpp_unreadable_frames_total", "counter", "Frames that are no OCPP.",
               counters.unreadable_frames);
  write_metric(out, "bayward_ocpp_repeated_calls_total", "counter", "Calls that came again and changed nothing.",
               counters.repeated_calls);
  write_metric(out, "bayward_ocpp_orphans_total", "counter", "Messages about transactions that nobody knows.",
               counters.orphans);
  write_metric(out, "bayward_security_events_dropped_total", "counter", "Too many from one station for the audit log.",
               counters.security_events_dropped);
  write_metric(out, "bayward_ocpp_unanswered_calls_total", "counter", "Calls to stations without an answer.",
               unanswered_calls(counters));
  head(out, "bayward_ocpp_calls_total", "counter", "Calls that have ended.");
  for (const StationCallCount& count : counters.calls) {
    out += "bayward_ocpp_calls_total" + labels_of(count) + std::to_string(count.calls) + "\n";
  }
  head(out, "bayward_ocpp_call_seconds_total", "counter", "How long they took, together.");
  for (const StationCallCount& count : counters.calls) {
    out += "bayward_ocpp_call_seconds_total" + labels_of(count) + seconds(count.latency_us_sum) + "\n";
  }
}

}  // namespace bayward::api
