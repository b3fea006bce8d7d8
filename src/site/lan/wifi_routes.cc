#include "site/lan/wifi_routes.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "site/access/keyed.h"

namespace bayward::site {
namespace {

std::string words_of(const std::vector<Unusual>& reasons) {
  std::string out;
  for (const Unusual reason : reasons) out += (out.empty() ? "" : " ") + std::string(to_text(reason));
  return out;
}

}  // namespace

bool WifiRoutes::handle(LanCall& call) {
  if (call.is(HttpMethod::get, "/captive/api")) {
    captive(call);
    return true;
  }
  if (!call.is(HttpMethod::post, "/lan/v1/wifi") || call.session == nullptr) return false;
  give(call);
  return true;
}

void WifiRoutes::give(const LanCall& call) {
  LanBody body(call.request);
  const std::string text = body.text("code", 96);
  if (const auto wrong = body.wrong()) return call.refuse(400, "bad_request", *wrong);
  if (call.session->phone.empty())
    return call.refuse(403, "no_phone", "prove a phone number first: POST /lan/v1/phone");
  const auto code = read_pod_code(text, options_.site_key, options_.site);
  if (!code) return call.refuse(404, to_text(code.error()), explain(code.error()));
  const auto network = options_.networks.find(code->name);
  if (network == options_.networks.end()) return call.refuse(404, "unavailable_here", "this pod has no network");

  const std::string& phone = call.session->phone;
  const int hour = options_.zone.local(call.now).minute / 60;
  const std::vector<Unusual> reasons = habits_.judge(phone, code->name, hour);
  const Instant slot = call.now - call.now.time_since_epoch() % passphrase_slot;
  const auto booking = people_.booking_of(phone, call.now);
  // Without a booking the visit is the session's.
  const std::string visit = booking ? to_text(*booking) : "visit-" + call.session->token.substr(0, 12);
  WifiTerms terms{.device = code->name, .phone = phone, .booking = visit, .time = {slot, slot + wifi_life(reasons)}};
  const std::string id = visit + '-' + random_token().substr(0, 6);
  const auto grant = grants_.give(id.substr(0, 32), std::move(terms), reasons, call.request.peer, call.now);
  if (!grant.ok())
    return call.refuse(503, to_text(grant.error()), "too many passwords live now; try again in a minute");
  if (grant->id == id.substr(0, 32)) {
    habits_.note(phone, code->name, hour, call.now);
    record_.note({.at = call.now,
                  .what = "wifi.given",
                  .facts = {{"id", grant->id},
                            {"pod", code->name},
                            {"phone", phone},
                            {"address", call.request.peer},
                            {"until", to_rfc3339(grant->terms.time.end)},
                            {"shortened", words_of(grant->shortened)}}});
  }
  boost::json::array shortened;
  for (const Unusual reason : grant->shortened) shortened.emplace_back(to_text(reason));
  call.answer(201, {{"network", network->second},
                    {"password", grants_.passphrase(*grant)},
                    {"until", to_rfc3339(grant->terms.time.end)},
                    {"shortened", shortened}});
}

void WifiRoutes::captive(const LanCall& call) const {
  const auto mine = std::ranges::find_if(
      grants_.all(), [&](const WifiGrant& one) { return one.network_address == call.request.peer; });
  const bool inside = mine != grants_.all().end() && mine->terms.time.contains(call.now);
  boost::json::object body{{"captive", !inside}, {"user-portal-url", options_.portal_url}};
  if (inside) body["seconds-remaining"] = (mine->terms.time.end - call.now) / 1s;
  HttpResponse out = lan_json(200, body);
  out.content_type = "application/captive+json";  // RFC 8908 5
  call.responder.send(std::move(out));
}

}  // namespace bayward::site
