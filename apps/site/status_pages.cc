#include "status_pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.h"
#include "ports/http_util.h"

namespace bayward {
namespace {

using uplink::StationLine;

std::string_view word(const StationLine& line) {
  if (!line.upstream_connected) return "alone";
  return line.mode == uplink::StationRelay::Mode::passing ? "passing" : "catching_up";
}

struct Sums {
  int64_t stations = 0;
  int64_t upstream = 0;
  uint64_t waiting = 0, set_aside = 0, shed = 0;
  uplink::RelayCounters counters;
};

Sums sums_of(const std::vector<StationLine>& lines) {
  Sums out;
  for (const StationLine& line : lines) {
    out.stations += line.station_connected ? 1 : 0;
    out.upstream += line.upstream_connected ? 1 : 0;
    out.waiting += line.backlog.messages;
    out.set_aside += line.backlog.set_aside;
    out.shed += line.backlog.shed;
    out.counters.passed += line.counters.passed;
    out.counters.answered_here += line.counters.answered_here;
    out.counters.forwarded += line.counters.forwarded;
    out.counters.storage_failures += line.counters.storage_failures;
    out.counters.unmatched_answers += line.counters.unmatched_answers;
  }
  return out;
}

HttpResponse text(std::string body, std::string_view type) {
  HttpResponse response;
  response.body = std::move(body);
  response.content_type = type;
  response.headers.add("Cache-Control", "no-store");
  return response;
}

std::string escaped(std::string_view in) {
  std::string out;
  for (const char c : in) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string mesh_json(const SiteMesh* mesh) {
  if (!mesh) return "null";
  const MeshStatus now = mesh->status();
  std::string alarms;
  for (const mesh::Alarm& alarm : now.alarms) {
    if (!alarms.empty()) alarms += ',';
    alarms += "{\"bay\":";
    append_json_string(alarms, alarm.content.bay);
    alarms += ",\"device\":";
    append_json_string(alarms, alarm.content.device);
    alarms += fmt::format(",\"kind\":\"{}\",\"level\":\"{}\",\"growing\":{}}}", mesh::to_text(alarm.content.kind),
                          mesh::to_text(alarm.content.level), alarm.content.growing_after_cut);
  }
  return fmt::format("{{\"acting_controller\":{},\"gateways\":{},\"alarms\":[{}]}}", now.acting, now.gateways, alarms);
}

std::string mesh_page(const SiteMesh* mesh) {
  if (!mesh) return "";
  const MeshStatus now = mesh->status();
  std::string out = fmt::format("<h2>Mesh</h2><p>{} other gateways{}</p>", now.gateways,
                                now.acting ? "; this one acts as the controller" : "");
  for (const mesh::Alarm& alarm : now.alarms) {
    out += fmt::format("<p><b>{}</b> {} at {} ({}){}</p>", mesh::to_text(alarm.content.level),
                       mesh::to_text(alarm.content.kind), escaped(alarm.content.bay), escaped(alarm.content.device),
                       alarm.content.growing_after_cut ? ", growing" : "");
  }
  return out;
}

std::string age(const StationLine& line, Instant now) {
  if (!line.backlog.oldest) return "";
  return fmt::format("{} s", std::max<int64_t>(0, unix_s(now) - unix_s(*line.backlog.oldest)));
}

}  // namespace

void StatusPages::handle(HttpRequest request, Responder responder) {
  const bool ours = request.path == "/health" || request.path == "/metrics" || request.path == "/status";
  if (!ours && next_) return next_->handle(std::move(request), std::move(responder));
  if (!ours) return responder.send(problem_response(404, "try /status, /health or /metrics"));
  if (request.method != HttpMethod::get) return responder.send(problem_response(405, "only GET is served here"));
  if (request.path == "/health") return responder.send(text(health(), "application/json"));
  if (request.path == "/metrics") return responder.send(text(metrics(), "text/plain; version=0.0.4; charset=utf-8"));
  responder.send(text(page(), "text/html; charset=utf-8"));
}

std::string StatusPages::health() {
  const auto lines = uplink_.lines();
  const Sums sums = sums_of(lines);
  std::string stations;
  for (const StationLine& line : lines) {
    if (!stations.empty()) stations += ',';
    stations += "{\"station\":";
    append_json_string(stations, line.station);
    stations += fmt::format(",\"connected\":{},\"mode\":\"{}\",\"waiting\":{},\"set_aside\":{}}}",
                            line.station_connected, word(line), line.backlog.messages, line.backlog.set_aside);
  }
  const bool well =
      sums.upstream >= sums.stations && sums.set_aside == 0 && sums.counters.storage_failures == 0 && time_.sure();
  std::string controller = "null";
  if (controller_) {
    const authority::ControllerStatus now = controller_->status();
    controller = fmt::format(
        "{{\"connected\":{},\"lost_memory\":{},\"slots_until\":\"{}\",\"told\":{},\"claims\":{},\"waiting\":{}}}",
        now.connected, now.lost_memory, to_rfc3339(now.watermark), now.told, now.claims, now.waiting);
  }
  return fmt::format(
      "{{\"status\":\"{}\",\"time\":\"{}\",\"time_sure\":{},\"waiting\":{},\"set_aside\":{},\"controller\":{},\"mesh\":"
      "{},\"stations\":[{}]}}\n",
      well ? "ok" : "degraded", to_rfc3339(time_.clock().now()), time_.sure(), sums.waiting, sums.set_aside, controller,
      mesh_json(mesh_), stations);
}

std::string StatusPages::metrics() {
  const Sums sums = sums_of(uplink_.lines());
  std::string out;
  const auto line = [&](const char* name, const char* type, const char* help, auto value) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type, value);
  };
  line("bayward_site_stations_connected", "gauge", "Stations with a socket to this site controller", sums.stations);
  line("bayward_site_upstream_connected", "gauge", "Stations with their own socket to the platform", sums.upstream);
  line("bayward_site_kept_messages", "gauge", "Messages on disk that the platform has not taken yet", sums.waiting);
  line("bayward_site_set_aside_messages", "gauge", "Messages on disk that the platform will never take",
       sums.set_aside);
  line("bayward_site_shed_messages_total", "counter", "Samples and statuses dropped for want of room", sums.shed);
  line("bayward_site_calls_passed_total", "counter", "Calls that the platform answered", sums.counters.passed);
  line("bayward_site_calls_answered_total", "counter", "Calls that the site answered", sums.counters.answered_here);
  line("bayward_site_messages_forwarded_total", "counter", "Kept messages that the platform has taken",
       sums.counters.forwarded);
  line("bayward_site_storage_failures_total", "counter", "Messages that could not be kept: the station was told",
       sums.counters.storage_failures);
  line("bayward_site_unmatched_answers_total", "counter", "Answers that were late, repeated or invented",
       sums.counters.unmatched_answers);
  if (mesh_) {
    const MeshStatus now = mesh_->status();
    line("bayward_site_mesh_gateways", "gauge", "Other gateways on the local mesh", now.gateways);
    line("bayward_site_mesh_alarms", "gauge", "Alarms on the local mesh that have no all-clear yet", now.alarms.size());
  }
  if (!controller_) return out;
  const authority::ControllerStatus now = controller_->status();
  line("bayward_site_controller_connected", "gauge", "The site's own connection to the platform",
       now.connected ? 1 : 0);
  line("bayward_site_controller_waiting", "gauge", "Decisions that are not in the platform's books yet", now.waiting);
  line("bayward_site_controller_given_total", "counter", "Holds and consents given", now.given);
  line("bayward_site_controller_watermark_seconds", "gauge", "Slots that begin before this time are decided here",
       unix_s(now.watermark));
  return out;
}

std::string StatusPages::page() {
  const Instant now = time_.clock().now();
  std::string rows;
  for (const StationLine& line : uplink_.lines()) {
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        escaped(line.station), line.station_connected ? "connected" : "away", word(line),
                        line.backlog.messages, age(line, now), line.backlog.set_aside);
  }
  return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\">"
         "<meta http-equiv=\"refresh\" content=\"5\"><title>Site controller</title>"
         "<style>body{font:16px sans-serif;margin:1em}td,th{padding:.3em .8em .3em 0;text-align:left}</style>"
         "<h1>Site controller</h1><p>" +
         to_rfc3339(now) + (time_.sure() ? "" : " (this machine's clock can't be believed)") +
         "</p><table><tr><th>Station</th><th>Here</th><th>Platform</th><th>Waiting</th><th>Oldest</th>"
         "<th>Set aside</th></tr>\n" +
         rows + "</table>" + mesh_page(mesh_) + "</html>\n";
}

}  // namespace bayward
