// What is open to everybody: the feed (which shows each reader no more than is theirs to see), health, metrics, pages.
#include "api/handlers/handlers.h"
#include "api/live/feed.h"
#include "api/route.h"
#include "api/web_assets.h"
#include "ports/http_util.h"

namespace bayward::api {

void open_feed(const CallPtr& call) {
  Feed::Wanted wanted;
  wanted.who = call->who();
  if (const auto site = call->request().parameter("site")) {
    const auto id = parse_id<SiteId>(*site);
    if (!id) return call->refuse(core::Refusal::unknown_site);
    wanted.site = *id;
  }
  if (const auto last = call->request().headers.find("last-event-id")) wanted.last_event = std::string(*last);
  const bool taken = call->services().feed.open(std::move(wanted), [&](std::function<void()> closed) {
    return call->open_stream(std::move(closed)).value_or(nullptr);
  });
  if (!taken) call->refuse(Trouble::busy);
}

void show_health(const CallPtr& call) {
  const PlatformHealth health = call->services().health();
  const auto lag = call->services().lists.lag_records();
  const bool well = health.engine_healthy && health.journal_writable;
  JsonOut out;
  out.object().field("status", well ? "ok" : "failing").field("engine", health.engine_healthy);
  out.field("journal_writable", health.journal_writable).field("journal_position", health.journal_position);
  out.field("projection_lag", lag).field("stations_online", call->services().stations.counters().connected);
  call->reply(well ? 200 : 503, std::move(out.end()));
}

namespace {

Metrics::RouteName route_name(size_t index) {
  if (index >= all_routes().size()) return {"?", "(none)"};
  return {to_text(all_routes()[index].method), all_routes()[index].path};
}

}  // namespace

void show_metrics(const CallPtr& call) {
  Services& services = call->services();
  const PlatformHealth health = services.health();
  std::string out;
  services.metrics.write(out, route_name);
  write_metric(out, "bayward_engine_healthy", "gauge", "1 when commands can be decided and stored.",
               health.engine_healthy ? 1 : 0);
  write_metric(out, "bayward_journal_position", "gauge", "Records in the journal.", health.journal_position);
  write_metric(out, "bayward_journal_commits_total", "counter", "Durable commits.", health.commits);
  write_metric(out, "bayward_inbox_commands", "gauge", "Commands and questions that wait.", health.inbox_commands);
  write_metric(out, "bayward_commands_shed_total", "counter", "Refused because the inbox was full.",
               health.commands_shed);
  if (const auto lag = services.lists.lag_records()) {
    write_metric(out, "bayward_projection_lag_records", "gauge", "Records that are not in the tables yet.", *lag);
  }
  write_metric(out, "bayward_http_connections", "gauge", "Open HTTP connections.", health.http_connections);
  write_metric(out, "bayward_websockets", "gauge", "Open WebSockets.", health.websockets);
  write_station_metrics(out, services.stations.counters());
  write_metric(out, "bayward_feed_readers", "gauge", "Open live feeds.", services.feed.readers());
  write_metric(out, "bayward_feed_messages_total", "counter", "Messages of the live feed.", services.feed.messages());
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = std::move(out);
  call->reply(std::move(response));
}

// Pages and their parts, as the build put them into the program: compressed, with a hash as ETag.
void show_page(const CallPtr& call) {
  const WebAsset* asset = find_asset(call->request().path);
  if (!asset) return call->refuse(Trouble::not_found);
  HttpResponse response;
  response.headers.add("ETag", asset->etag);
  response.headers.add("Cache-Control", "no-cache");
  response.headers.add("Vary", "Accept-Encoding");
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Referrer-Policy", "no-referrer");
  response.headers.add("Content-Security-Policy",
                       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                       "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
                       "frame-ancestors 'none'");
  for (const std::string_view known : header_list(call->request().headers, "if-none-match")) {
    if (known != asset->etag && known != "*") continue;
    response.status = 304;
    return call->reply(std::move(response));
  }
  bool takes_gzip = false;
  for (const std::string_view coding : header_list(call->request().headers, "accept-encoding")) {
    takes_gzip = takes_gzip || (coding.starts_with("gzip") && coding.find("q=0") == std::string_view::npos);
  }
  response.content_type = asset->content_type;
  if (takes_gzip) response.headers.add("Content-Encoding", "gzip");
  response.shared_body = takes_gzip ? asset->gzip : asset->plain;
  call->reply(std::move(response));
}

}  // namespace bayward::api
