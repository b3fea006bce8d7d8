#include "api/api.h"

#include <sodium.h>

#include "api/access/accidents.h"
#include "api/call.h"
#include "api/live/feed.h"
#include "api/live/live_index.h"
#include "api/route.h"
#include "base/check.h"
#include "base/limits.h"
#include "core/account/account.h"
#include "ports/http_util.h"
#include "ports/log.h"

namespace bayward::api {
namespace {

uint64_t random_seed() {
  BAYWARD_CHECK(sodium_init() >= 0);
  uint64_t seed = 0;
  randombytes_buf(&seed, sizeof seed);
  return seed;
}

std::string_view route_path(size_t index) {
  return index < all_routes().size() ? all_routes()[index].path : std::string_view("(none)");
}

// Of a password nobody has, so that an unknown phone takes as long as a known one.
std::string dummy_hash(const Passwords& passwords) {
  auto hash = passwords.hash_password(passwords.new_secret());
  return hash ? *hash : std::string();
}

}  // namespace

struct Api::Impl {
  explicit Impl(ApiParts parts);

  void handle(HttpRequest request, Responder responder);
  void authenticate(const CallPtr& call, const Route& route);
  void look_up_token(const CallPtr& call, const Route& route);
  void look_up_roles(const CallPtr& call, const Route& route, const TokenInfo& info);
  void authorise(const CallPtr& call, const Route& route);
  void refuse_path(const CallPtr& call, const std::string& allowed);
  void committed(const CommittedRecord& record);

  const Router router;
  const std::string dummy_password_hash;
  Tokens tokens;
  Metrics metrics;
  LiveIndex live;
  Feed feed;
  RateTable login_by_phone;
  RateTable login_by_peer;
  RateTable register_by_peer;
  RateTable anonymous_by_peer;
  Services services;
  Workers workers;  // last: its jobs use all of the above
};

Api::Impl::Impl(ApiParts parts)
    : dummy_password_hash(dummy_hash(parts.passwords)),
      tokens(parts.vault),
      metrics(all_routes().size() + 1),
      feed(parts.engine, live, parts.clock),
      login_by_phone(parts.rates.login_by_phone, limits::api_rate_places, random_seed()),
      login_by_peer(parts.rates.login_by_peer, limits::api_rate_places, random_seed()),
      register_by_peer(parts.rates.register_by_peer, limits::api_rate_places, random_seed()),
      anonymous_by_peer(parts.rates.anonymous_by_peer, limits::api_rate_places, random_seed()),
      services{parts.engine,
               parts.vault,
               parts.passwords,
               parts.lists,
               parts.stations,
               parts.clock,
               std::move(parts.zones),
               std::move(parts.health),
               workers,
               tokens,
               metrics,
               live,
               feed,
               [this](AccountId account) { feed.close_streams_of(account); },
               login_by_phone,
               login_by_peer,
               register_by_peer,
               anonymous_by_peer,
               parts.rates.by_token,
               dummy_password_hash,
               route_path,
               parts.telemetry,
               parts.security_log,
               parts.payments,
               parts.uploads,
               std::move(parts.uploads_url),
               parts.duty,
               parts.fleet,
               parts.firmware_images,
               std::move(parts.mail_code),
               {}},
      workers(parts.worker_threads) {
  parts.engine.subscribe([this](const CommittedRecord& record) { committed(record); });
}

void Api::Impl::committed(const CommittedRecord& record) {
  for (const StreamEvent& event : record.events) {
    live.learn(event);
    if (const auto* changed = std::get_if<core::RolesChanged>(&event.event)) {
      tokens.roles_changed(event.stream.account(), changed->roles, changed->property_of);
      feed.close_streams_of(event.stream.account());
    } else if (const auto* forgotten = std::get_if<core::AccidentForgotten>(&event.event)) {
      workers.finish([this, account = event.stream.account(), number = forgotten->number] {
        const Status gone = erase_accident(services.vault, account, number);
        if (!gone) log::error("accident.not_erased", {{"why", gone.error().message}});
      });
    }
  }
  feed.committed(record);
}

void Api::Impl::refuse_path(const CallPtr& call, const std::string& allowed) {
  if (allowed.empty()) return call->refuse(Trouble::not_found);
  HttpResponse response = problem(problem_kind(Trouble::method_not_allowed), wanted_language(call->request().headers));
  response.headers.add("Allow", allowed);
  call->reply(std::move(response));
}

void Api::Impl::handle(HttpRequest request, Responder responder) {
  const auto call = std::make_shared<Call>(services, std::move(request), std::move(responder));
  const Matched matched = router.match(call->request().method, call->request().path);
  call->set_route(matched.route ? matched.index : all_routes().size());
  if (!matched.route) return refuse_path(call, matched.allowed);
  call->set_parameters(matched.parameters);
  authenticate(call, *matched.route);
}

void Api::Impl::authenticate(const CallPtr& call, const Route& route) {
  const std::string_view token = call->bearer();
  if (token.empty()) {
    const bool claims = call->request().headers.find("authorization").has_value();
    if (route.access != Access::anyone || claims) return call->refuse(Trouble::unauthenticated);
    const Duration wait = anonymous_by_peer.admit(call->request().peer, call->begun());
    return wait > Duration{0} ? call->refuse_for(wait) : route.handler(call);
  }
  PrincipalPtr who = tokens.cached(token, call->begun());
  if (!who) return look_up_token(call, route);
  const Duration wait = who->use->pace.admit(services.by_token, call->begun());
  if (wait > Duration{0}) return call->refuse_for(wait);
  if (Tokens::use_is_due(*who, call->begun())) {
    const bool posted = workers.post([this, call] { tokens.save_use(call->bearer(), call->begun()); });
    if (!posted) log::warn("tokens.use_not_saved");
  }
  call->set_who(std::move(who));
  authorise(call, route);
}

// The slow way, once per token and start of the program: the vault, then the roles from the state.
void Api::Impl::look_up_token(const CallPtr& call, const Route& route) {
  const Duration wait = anonymous_by_peer.admit(call->request().peer, call->begun());
  if (wait > Duration{0}) return call->refuse_for(wait);
  call->on_worker([this, call, &route] {
    auto info = tokens.look_up(call->bearer(), call->begun());
    if (!info) return call->unavailable("token", info.error());
    if (!*info) return call->refuse(Trouble::unauthenticated);
    look_up_roles(call, route, **info);
  });
}

void Api::Impl::look_up_roles(const CallPtr& call, const Route& route, const TokenInfo& info) {
  const uint64_t version = tokens.version();
  ask(
      call,
      [id = info.account](const core::State& state, Instant) -> Seen<Principal> {
        const core::Account* account = state.account(id);
        if (!account) return Failure{core::Refusal::unknown_account};
        Principal who;
        who.account = id;
        who.roles = account->roles;
        who.property_of = account->property_of;
        return who;
      },
      [this, &route, info, version](Call& answer, Principal who) {
        who.token = info.item;
        who.kind = info.kind;
        who.expires_at = info.expires_at;
        who.use = std::make_shared<TokenUse>();
        who.use->used_ms = unix_ms(answer.begun());
        who.use->saved_ms = unix_ms(info.used_at);
        const auto principal = std::make_shared<const Principal>(std::move(who));
        // When roles changed or a token was revoked meanwhile, the next request looks again.
        if (tokens.version() == version) tokens.remember(answer.bearer(), principal);
        answer.set_who(principal);
        workers.finish([this, call = answer.shared_from_this(), &route] { authorise(call, route); });
      });
}

void Api::Impl::authorise(const CallPtr& call, const Route& route) {
  bool allowed = true;
  if (route.access == Access::operators) allowed = call->who()->operates();
  if (route.access == Access::staff_of_site) allowed = call->staff_of(site_in_path(call->parameter(0)));
  if (!allowed) return call->refuse(Trouble::forbidden);
  route.handler(call);
}

Api::Api(ApiParts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}

Api::~Api() {
  impl_->feed.stop();
}

Status Api::load(const core::State& state, Position last, const CommittedHistory& history) {
  impl_->services.history = history;
  impl_->live.load(state);
  if (Status erased = erase_forgotten_accidents(impl_->services.vault, state); !erased) return erased;
  auto loaded = impl_->feed.load(last, history);
  impl_->feed.start();
  return loaded;
}

void Api::handle(HttpRequest request, Responder responder) {
  impl_->handle(std::move(request), std::move(responder));
}

void Api::stop_feeds() {
  impl_->feed.stop();
}

void Api::finish_work() {
  impl_->workers.stop();
}

}  // namespace bayward::api
