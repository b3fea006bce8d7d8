#include "sim/town/drills/drill_desk.h"

#include <cstdio>

#include "net/http_client.h"
#include "sim/town/api_client.h"
#include "sim/town/site/field_door.h"

namespace bayward::town {
namespace {

constexpr Duration drill_patience{20min};  // of the machine: at the town's slowest speed they take long
constexpr size_t label_chars = 16;

HttpResponse answer(int status, const Json& json) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = to_text(json);
  return response;
}

HttpResponse refuse(int status, std::string_view why) {
  return answer(status, object({{"error", text(why)}}));
}

Json list() {
  Json::Array items;
  for (const DrillInfo& info : drill_list())
    items.push_back(object({{"drill", text(info.name)}, {"what", text(info.what)}}));
  return Json::array(std::move(items));
}

// A page in somebody's browser must not be able to drill: it can't send JSON here without being asked for permission,
// and its name for this machine is another.
bool from_this_machine(const HttpRequest& request) {
  const auto host = request.headers.find("Host");
  return host && (host->starts_with("127.0.0.1") || host->starts_with("localhost"));
}

bool is_json(const HttpRequest& request) {
  const auto type = request.headers.find("Content-Type");
  return type && type->starts_with("application/json");
}

}  // namespace

void DrillDesk::handle(HttpRequest request, Responder responder) {
  if (!from_this_machine(request)) return responder.send(refuse(403, "ask from this machine, as 127.0.0.1"));
  constexpr std::string_view cameras = "/cameras/";
  if (request.method == HttpMethod::get && request.target.starts_with(cameras))
    return answer_camera(look_, std::string_view(request.target).substr(cameras.size()), responder);
  if (request.target != "/drills") return responder.send(refuse(404, "there are /drills and /cameras/<bay>.jpg"));
  if (request.method == HttpMethod::get) return responder.send(answer(200, list()));
  if (request.method != HttpMethod::post) return responder.send(refuse(405, "GET or POST"));
  if (!is_json(request)) return responder.send(refuse(415, "Content-Type must be application/json"));
  const auto json = ocpp::parse_json(request.body);
  if (!json) return responder.send(refuse(400, json.error().message));
  DrillOrder order{text_of(*json, "drill"), text_of(*json, "bay")};
  if (!is_drill(order.name)) return responder.send(refuse(400, "no such drill; GET /drills lists them"));
  if (order.bay.size() > label_chars) return responder.send(refuse(400, "no bay has such a long label"));
  if (closed_) return responder.send(refuse(503, "the demo is ending, or has not opened yet"));
  if (running_) return responder.send(refuse(409, "a drill is running; wait for its end"));
  running_ = true;
  scope_.start(drill(std::move(order), std::move(responder)));
}

Task<> DrillDesk::drill(DrillOrder order, Responder responder) {
  const DrillReport report = co_await run_(std::move(order));
  running_ = false;
  Json json = report.to_json();
  json.as_object()->push_back({"text", text(report.for_people())});
  responder.send(answer(200, json));
}

int call_drill(const DrillCall& call) {
  net::IoContext io;
  io.start("drill");
  net::HttpClientConfig config;
  config.port = call.port;
  config.timeout = drill_patience;
  net::HttpClient client(io, config);
  const Json body = object({{"drill", text(call.order.name)}, {"bay", text(call.order.bay)}});
  const auto response = client.fetch(net::http_request(HttpMethod::post, "/drills", to_text(body)));
  if (!response) {
    std::fprintf(stderr,
                 "bayward-sim: no demo answers at 127.0.0.1 port %u (%s); start one with `bayward-sim demo`, it "
                 "prints its port for drills\n",
                 unsigned{call.port}, response.error().message.c_str());
    return 1;
  }
  const auto json = ocpp::parse_json(response->body);
  if (!json || response->status != 200) {
    const std::string why = json ? text_of(*json, "error") : response->body.substr(0, 200);
    std::fprintf(stderr, "bayward-sim: the demo refuses: %s\n", why.c_str());
    return 1;
  }
  if (call.json) {
    std::printf("%s\n", to_text(*json).c_str());
  } else {
    std::fputs(text_of(*json, "text").c_str(), stdout);
  }
  const bool* ok = member(*json, "ok").as_boolean();
  return ok && *ok ? 0 : 1;
}

}  // namespace bayward::town
