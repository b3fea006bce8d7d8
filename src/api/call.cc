#include "api/call.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "ports/http_util.h"
#include "ports/log.h"

namespace bayward::api {

Call::Call(Services& services, HttpRequest request, Responder responder)
    : services_(services),
      request_(std::move(request)),
      responder_(std::move(responder)),
      language_(wanted_language(request_.headers)),
      begun_(services.clock.now()) {}

core::Actor Call::actor_at(SiteId site) const {
  return {staff_of(site) ? core::Actor::Kind::staff : core::Actor::Kind::person, account()};
}

std::string_view Call::bearer() const {
  return parse_bearer_authorization(request_.headers.get("authorization")).value_or(std::string_view{});
}

void Call::answered(int status) {
  const Duration took = services_.clock.now() - begun_;
  services_.metrics.answered(route_, status, took);
  const log::Level level = status >= 500 ? log::Level::warn : log::Level::debug;
  log::write(level, "http.request",
             {{"method", to_text(request_.method)},
              {"route", services_.route_path(route_)},
              {"status", status},
              {"ms", took.count()},
              {"account", who_ ? to_text(who_->account) : std::string("-")}});
}

void Call::reply(HttpResponse response) {
  answered(response.status);
  responder_.send(std::move(response));
}

void Call::reply(int status, JsonOut out) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = out.take();
  response.headers.add("Cache-Control", "no-store");
  reply(std::move(response));
}

void Call::no_content() {
  HttpResponse response;
  response.status = 204;
  reply(std::move(response));
}

void Call::refuse(core::Refusal refusal, const Detail& detail) {
  reply(problem(problem_kind(refusal), language_, detail));
}

void Call::refuse(Trouble trouble, const Detail& detail) {
  reply(problem(problem_kind(trouble), language_, detail));
}

void Call::refuse_for(Duration wait) {
  ProblemKind kind = problem_kind(Trouble::too_many_requests);
  kind.retry_after_s = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(wait).count());
  reply(problem(kind, language_));
}

bool Call::refused_by(const Body& body) {
  if (!body.readable()) {
    refuse(Trouble::malformed_json, body.wrong() ? *body.wrong() : Detail{});
    return true;
  }
  if (!body.wrong()) return false;
  refuse(Trouble::bad_field, *body.wrong());
  return true;
}

void Call::unavailable(std::string_view what, const Error& error) {
  log::error("api.unavailable", {{"what", what}, {"reason", error.message}});
  refuse(Trouble::unavailable);
}

// The IETF draft "The Idempotency-Key HTTP Header Field" sends a quoted string; a bare one is taken as well.
std::optional<IdempotencyKey> Call::idempotency_key(bool& broken) {
  const auto given = request_.headers.find("idempotency-key");
  if (!given) return std::nullopt;
  const bool visible = std::all_of(given->begin(), given->end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  if (given->empty() || given->size() > 128 || !visible) {
    broken = true;
    refuse(Trouble::bad_field, {"The header Idempotency-Key must have 1 to 128 visible characters.",
                                "标头Idempotency-Key必须为1至128个可见字符。"});
    return std::nullopt;
  }
  const std::string name = "idempotency/" + to_text(account()) + "/" + std::string(*given);
  std::string body(to_text(request_.method));
  body.append(" ").append(request_.path).append("\n").append(request_.body);
  return IdempotencyKey{services_.vault.fingerprint(VaultKind::token, name),
                        services_.vault.fingerprint(VaultKind::token, body)};
}

void Call::on_worker(std::function<void()> job) {
  if (!services_.workers.post(std::move(job))) refuse(Trouble::busy);
}

std::optional<std::shared_ptr<EventStream>> Call::open_stream(std::function<void()> closed) {
  auto stream = responder_.open_event_stream(std::move(closed));
  if (!stream) return std::nullopt;
  answered(200);
  return stream;
}

std::optional<Page> page_of(const CallPtr& call) {
  Page page;
  const auto read = [&](std::string_view name, uint64_t low, uint64_t high) -> std::optional<uint64_t> {
    const auto text = call->request().parameter(name);
    if (!text) return std::nullopt;
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc{} && end == text->data() + text->size() && number >= low && number <= high) return number;
    return UINT64_MAX;
  };
  const auto limit = read("limit", 1, limits::page_items);
  const auto cursor = read("cursor", 0, UINT64_MAX - 1);
  if (limit == UINT64_MAX || cursor == UINT64_MAX) {
    const std::string most = std::to_string(limits::page_items);
    call->refuse(Trouble::bad_field, {"`limit` must be 1 to " + most + ", and `cursor` what `next` said before.",
                                      "limit必须为1至" + most + "，cursor必须取自之前的next。"});
    return std::nullopt;
  }
  if (limit) page.limit = static_cast<size_t>(*limit);
  page.after = cursor;
  return page;
}

bool time_parameter(const CallPtr& call, std::string_view name, std::optional<Instant>& out) {
  const auto text = call->request().parameter(name);
  if (!text || text->empty()) return true;
  out = parse_rfc3339(*text);
  if (out) return true;
  const std::string word(name);
  call->refuse(Trouble::bad_field, {"?" + word + "= must be a time such as 2026-03-02T05:00:00Z.",
                                    "?" + word + "=必须是时间，例如2026-03-02T05:00:00Z。"});
  return false;
}

void write_next(JsonOut& out, const std::optional<uint64_t>& next) {
  out.name("next");
  next ? void(out.value(std::to_string(*next))) : void(out.null());
}

}  // namespace bayward::api
