#include "connectors/cap/cap_desk.h"

#include <sodium.h>

#include <utility>

#include "base/limits.h"
#include "ports/http_util.h"
#include "ports/log.h"

namespace bayward::cap {
namespace {

constexpr std::string_view root = "/cap/";

HttpResponse answer(int status, std::string_view type, std::string body) {
  HttpResponse response;
  response.status = status;
  response.content_type = type;
  response.body = std::move(body);
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

CapDesk::CapDesk(StreamLoop& loop, const Clock& clock, CapDeskConfig config)
    : loop_(loop), clock_(clock), config_(std::move(config)), feed_(config_.cap) {}

void CapDesk::send(const AlarmMessage& message, SendDone done) {
  if (message.kind == core::IncidentKind::watch_list) return done(SendResult::impossible, "never in a feed");
  loop_.post([this, message = message, done = std::move(done)]() mutable { tell(message, std::move(done)); });
}

void CapDesk::tell(const AlarmMessage& message, SendDone done) {
  feed_.tell(message);
  const auto newest = feed_.newest_of(message.incident);
  if (!newest) return done(SendResult::failed, "there is no alert that this belongs to");
  if (const auto known = fetched_.find(message.incident); known != fetched_.end() && known->second == *newest) {
    return done(SendResult::delivered, "fetched");
  }
  if (waiting_.size() >= limits::cap_alerts) return done(SendResult::failed, "too many wait to be fetched");
  waiting_.emplace(message.incident, Waiting{std::move(done), loop_.steady() + config_.fetch_limit});
  loop_.after(config_.fetch_limit, [this] { end_overdue(); });
}

void CapDesk::end_overdue() {
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    if (it->second.until > loop_.steady()) {
      ++it;
      continue;
    }
    it->second.done(SendResult::failed, "nobody has fetched it yet");
    it = waiting_.erase(it);
  }
}

void CapDesk::fetched(const std::string& identifier) {
  const auto incident = feed_.incident_of(identifier);
  if (!incident) return;
  if (fetched_.size() >= 2 * limits::cap_alerts) fetched_.clear();  // what is asked again is fetched again
  fetched_[*incident] = identifier;
  const auto [first, last] = waiting_.equal_range(*incident);
  for (auto it = first; it != last; ++it) it->second.done(SendResult::delivered, "fetched");
  waiting_.erase(first, last);
}

bool CapDesk::allowed(const HttpRequest& request) const {
  const auto token = parse_bearer_authorization(request.headers.get("Authorization"));
  return token && token->size() == config_.token.size() &&
         sodium_memcmp(token->data(), config_.token.data(), config_.token.size()) == 0;
}

void CapDesk::handle(HttpRequest request, Responder responder) {
  if (!allowed(request)) {
    HttpResponse response = problem_response(401, "Send the token that the operator has given you as a bearer token.");
    response.headers.add("WWW-Authenticate", "Bearer");
    log::warn("cap.reader_refused", {{"peer", request.peer}});
    return responder.send(std::move(response));
  }
  if (request.method != HttpMethod::get) return responder.send(problem_response(405, "Only GET."));
  if (request.path == root) {
    return responder.send(answer(200, "application/atom+xml", feed_.atom(config_.base_url, clock_.now())));
  }
  if (!request.path.starts_with(root)) return responder.send(problem_response(404, "The feed is at /cap/."));
  const std::string identifier = request.path.substr(root.size());
  auto document = feed_.document(identifier);
  if (!document) return responder.send(problem_response(404, "No such document is in force; read the feed at /cap/."));
  responder.send(answer(200, "application/cap+xml", *std::move(document)));
  fetched(identifier);
}

}  // namespace bayward::cap
