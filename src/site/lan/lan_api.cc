#include "site/lan/lan_api.h"

#include <charconv>
#include <system_error>
#include <utility>

#include "ports/http_util.h"
#include "ports/log.h"
#include "ports/normalise.h"
#include "site/access/keyed.h"
#include "site/lan/page.h"
#include "site/lan/qr_code.h"

namespace bayward::site {
namespace {

constexpr std::string_view cookie_name = "bayward_lan";

void guard(HttpResponse& response) {
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Referrer-Policy", "no-referrer");
  response.headers.add("Content-Security-Policy",
                       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

// Every answer leaves with the headers above, whoever gives it.
class Guarded : public HttpExchange {
 public:
  explicit Guarded(Responder inner) : inner_(std::move(inner)) {}
  void respond(HttpResponse response) override {
    guard(response);
    inner_.send(std::move(response));
  }
  std::shared_ptr<EventStream> open_events(std::function<void()> closed) override {
    return inner_.open_event_stream(std::move(closed));
  }

 private:
  const Responder inner_;
};

std::string_view token_of(const HttpRequest& request) {
  if (const auto bearer = parse_bearer_authorization(request.headers.get("authorization"))) return *bearer;
  return cookie(request.headers, cookie_name).value_or(std::string_view{});
}

HttpResponse too_many(Duration wait) {
  HttpResponse out = lan_problem(429, "too_many_requests", "too many requests from this device; wait a moment");
  out.headers.add("Retry-After", std::to_string(wait / 1s + 1));
  return out;
}

boost::json::object bay_json(const BayState& state) {
  boost::json::object out{{"bay", to_text(state.bay)}, {"label", state.label}, {"level", state.level}};
  if (!state.connector.empty()) out["connector"] = state.connector;
  if (state.power_max_w > 0) out["power_max_w"] = state.power_max_w;
  if (state.taken_until) out["until"] = to_rfc3339(*state.taken_until);
  return out;
}

boost::json::object looked_json(const Looked& looked) {
  boost::json::array places;
  for (const BaySeen& seen : looked.bays) {
    boost::json::object one = bay_json(seen.state);
    one["offer"] = to_text(seen.offer);
    if (seen.offer == Offer::unsure) one["doubt"] = to_text(seen.verdict.doubt);
    if (seen.verdict.confidence_percent > 0) one["confidence_percent"] = seen.verdict.confidence_percent;
    if (!seen.reason.empty()) one["reason"] = seen.reason;
    if (!seen.picture.empty()) one["picture"] = "/lan/v1/pictures/" + seen.picture;
    places.push_back(std::move(one));
  }
  boost::json::array others;
  for (const BayState& state : looked.others) {
    boost::json::object one = bay_json(state);
    one["doing"] = to_text(state.doing);
    others.push_back(std::move(one));
  }
  boost::json::object gone;
  for (const auto& [camera, reason] : looked.cameras_gone) gone[camera] = reason;
  return {{"looked_at", to_rfc3339(looked.at)}, {"places", places}, {"others", others}, {"cameras_gone", gone}};
}

struct Words {
  int status;
  std::string_view detail;
};

Words words_of(HoldRefusal refusal) {
  switch (refusal) {
    case HoldRefusal::unknown_bay:
      return {404, "there is no such bay here"};
    case HoldRefusal::taken:
      return {409, "somebody else has this bay; choose another"};
    case HoldRefusal::not_free:
      return {409, "a vehicle stands there, or its charger does not answer; choose another"};
    case HoldRefusal::unknown_account:
      return {403, "no account with this phone number is known here; register first"};
    case HoldRefusal::not_allowed:
      return {403, "this account may not use this bay"};
    case HoldRefusal::too_many:
      return {409, "this account holds a bay already"};
    case HoldRefusal::not_ours_now:
      return {409, "this time belongs to the cloud: book it in the app"};
    case HoldRefusal::unavailable:
      return {503, "the site cannot record a hold now; try again in a minute"};
  }
  return {500, ""};
}

Words words_of(CodeRefusal refusal) {
  switch (refusal) {
    case CodeRefusal::too_often:
      return {429, "this number had its codes; wait a quarter of an hour"};
    case CodeRefusal::busy:
      return {503, "too many codes are being sent; try again in a minute"};
    case CodeRefusal::no_code:
      return {409, "no code is waiting for you; ask for a new one"};
    case CodeRefusal::wrong:
      return {403, "the code is wrong"};
    case CodeRefusal::used_up:
      return {403, "the code is wrong and was the last try; ask for a new one"};
  }
  return {500, ""};
}

// A bay by its id, which the page holds it by.
std::string scanned_name(const QrCode& code) {
  if (code.kind != QrKind::bay) return code.name;
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(code.name.data(), code.name.data() + code.name.size(), number, 16);
  const bool whole = error == std::errc{} && end == code.name.data() + code.name.size();
  return whole ? to_text(site_scoped<BayId>(code.site, number)) : code.name;
}

uint64_t request_number(const LanCall& call, std::string_view bay) {
  const std::string_view key = call.request.headers.get("idempotency-key");
  const std::string once = key.empty() ? random_token() : std::string(key);
  const Digest digest = keyed_digest(call.session->secret, "hold/v1", {once, bay});
  uint64_t out = 0;
  for (size_t i = 0; i < 8; ++i) out = out << 8 | digest[i];
  return out;
}

}  // namespace

LanApi::LanApi(LanOptions options, LookDesk& looks, HoldDesk& holds, SmsSender& sms, std::vector<LanRoutes*> more)
    : options_(std::move(options)), looks_(looks), holds_(holds), sms_(sms), more_(std::move(more)) {}

void LanApi::handle(const HttpRequest& request, const Responder& responder, Instant now) {
  const Responder guarded(std::make_shared<Guarded>(responder));
  Duration wait = rate_.admit(request.peer, now);
  if (wait == Duration{0} && request.method == HttpMethod::post) wait = slow_rate_.admit(request.peer, now);
  if (wait > Duration{0}) return guarded.send(too_many(wait));
  LanCall call{.request = request, .responder = guarded, .now = now, .path = path_segments(request.path)};
  call.session = sessions_.find(token_of(request), now);
  route(call);
}

void LanApi::route(LanCall& call) {
  using enum HttpMethod;
  if (call.is(get, "/")) return page(call);
  if (const PageAsset* asset = page_asset(call.request.path); asset != nullptr && call.request.method == get) {
    HttpResponse out;
    out.content_type = asset->content_type;
    out.body = asset->content;
    return call.responder.send(std::move(out));
  }
  if (call.path.size() == 2 && call.path[0] == "q" && call.request.method == get) return scanned(call);
  if (call.is(post, "/lan/v1/session")) return begin_session(call);
  for (LanRoutes* routes : more_) {
    if (routes->handle(call)) return;
  }
  if (call.path.size() < 3 || call.path[0] != "lan" || call.path[1] != "v1") {
    return call.refuse(404, "not_found", "there is nothing at this address; the page is at /");
  }
  if (call.session == nullptr) {
    return call.refuse(401, "no_session", "begin with POST /lan/v1/session and send its cookie");
  }
  if (call.is(get, "/lan/v1/places")) return places(call);
  if (call.path.size() == 4 && call.path[2] == "pictures" && call.request.method == get) return picture(call);
  if (call.is(post, "/lan/v1/phone")) return ask_phone(call);
  if (call.is(post, "/lan/v1/phone/code")) return prove_phone(call);
  if (call.is(post, "/lan/v1/holds")) return hold(call);
  call.refuse(404, "not_found", "there is no such route");
}

void LanApi::page(const LanCall& call) {
  HttpResponse out;
  out.content_type = "text/html; charset=utf-8";
  out.body = page_html({.site_name = options_.site_name});
  call.responder.send(std::move(out));
}

void LanApi::scanned(const LanCall& call) {
  HttpResponse out;
  out.content_type = "text/html; charset=utf-8";
  const auto code = read_qr_code(call.path[1], options_.site_key, options_.site);
  if (code.ok()) {
    out.body = page_html({.site_name = options_.site_name,
                          .kind = std::string(to_text(code->kind)),
                          .name = scanned_name(*code),
                          .code = std::string(call.path[1])});
  } else {
    const bool other = code.error() == QrRefusal::other_site;
    out.status = 404;
    out.body = other ? other_site_html(options_.site_name, options_.cloud_url) : no_code_html(options_.site_name);
  }
  call.responder.send(std::move(out));
}

void LanApi::begin_session(LanCall& call) {
  LanBody body(call.request);
  if (const auto wrong = body.wrong()) return call.refuse(400, "bad_request", *wrong);
  const LanSession& session = call.session != nullptr ? *call.session : sessions_.begin(call.request.peer, call.now);
  HttpResponse out = lan_json(
      200, {{"session", session.token}, {"place_secret", base64_encode(session.secret)}, {"phone", session.phone}});
  out.headers.add("Set-Cookie", std::string(cookie_name) + '=' + session.token + "; Path=/; HttpOnly; SameSite=Strict" +
                                    (call.request.tls ? "; Secure" : ""));
  call.responder.send(std::move(out));
}

void LanApi::places(const LanCall& call) {
  looks_.ask(call.now, [responder = call.responder](const std::shared_ptr<const Looked>& looked) {
    if (looked) return responder.send(lan_json(200, looked_json(*looked)));
    HttpResponse busy = lan_problem(503, "busy", "too many people are asking; try again in a few seconds");
    busy.headers.add("Retry-After", "5");
    responder.send(std::move(busy));
  });
}

void LanApi::picture(const LanCall& call) {
  const std::string id(call.path[3]);
  const ShownPicture* shown = looks_.picture(id);
  if (shown == nullptr) return call.refuse(404, "not_found", "this picture is no longer kept; ask for the places anew");
  Result<PictureBytes> jpeg = with_place(shown->jpeg, shown->place, call.session->secret, id);
  if (!jpeg.ok()) return call.refuse(500, "picture", jpeg.error().message);
  HttpResponse out;
  out.content_type = "image/jpeg";
  out.body = std::move(*jpeg);
  call.responder.send(std::move(out));
}

void LanApi::ask_phone(const LanCall& call) {
  LanBody body(call.request);
  const std::string text = body.text("phone", 32);
  if (const auto wrong = body.wrong()) return call.refuse(400, "bad_request", *wrong);
  const auto phone = normalise_phone(text);
  if (!phone) return call.refuse(400, "bad_phone", "write the number with its country: +86 138 0013 8000");
  std::string code = random_code();
  const std::string message = options_.site_name + ": " + code + " (10 min)";
  const auto issued = codes_.issue(call.session->token, *phone, std::move(code), call.now);
  if (!issued.ok()) {
    const Words words = words_of(issued.error());
    return call.refuse(words.status, to_text(issued.error()), words.detail);
  }
  sms_.send(*phone, message, [responder = call.responder](const Status& sent) {
    if (sent.ok()) return responder.send(lan_json(202, {{"sent", true}}));
    log::warn("site.sms_failed", {{"reason", sent.error().message}});
    responder.send(lan_problem(503, "sms", "the SMS could not be sent now; try again in a minute"));
  });
}

void LanApi::prove_phone(const LanCall& call) {
  LanBody body(call.request);
  const std::string code = body.text("code", 12);
  if (const auto wrong = body.wrong()) return call.refuse(400, "bad_request", *wrong);
  auto phone = codes_.redeem(call.session->token, code, call.now);
  if (!phone.ok()) {
    const Words words = words_of(phone.error());
    return call.refuse(words.status, to_text(phone.error()), words.detail);
  }
  call.session->phone = *phone;
  call.answer(200, {{"phone", *phone}});
}

void LanApi::hold(const LanCall& call) {
  LanBody body(call.request);
  const std::string text = body.text("bay", 32);
  if (const auto wrong = body.wrong()) return call.refuse(400, "bad_request", *wrong);
  const auto bay = parse_id<BayId>(text);
  if (!bay) return call.refuse(400, "bad_request", "'bay' is an id such as bay-100000001");
  if (call.session->phone.empty()) {
    return call.refuse(403, "no_phone", "prove a phone number first: POST /lan/v1/phone");
  }
  HoldRequest request{.bay = *bay,
                      .phone = call.session->phone,
                      .network_address = call.request.peer,
                      .request = request_number(call, text)};
  holds_.hold(std::move(request), [responder = call.responder](const Result<Hold, HoldRefusal>& held) {
    if (held.ok()) {
      return responder.send(lan_json(201, {{"hold", held->hold}, {"until", to_rfc3339(held->until)}}));
    }
    const Words words = words_of(held.error());
    responder.send(lan_problem(words.status, to_text(held.error()), words.detail));
  });
}

}  // namespace bayward::site
