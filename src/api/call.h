// One request on its way through the API: what came in, who sent it, and the one answer it gets. Handlers keep it alive
// (CallPtr) for as long as they work on it; if all let go without an answer, the server says 500.
//
// Written by the io thread before the handler runs; afterwards only the answer, which may come from any thread.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/body.h"
#include "api/json_out.h"
#include "api/problem.h"
#include "api/services.h"
#include "core/command.h"
#include "ports/http.h"

namespace bayward::api {

class Call;
using CallPtr = std::shared_ptr<Call>;

class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(Services& services, HttpRequest request, Responder responder);

  Services& services() const { return services_; }
  const HttpRequest& request() const { return request_; }
  Instant begun() const { return begun_; }
  // Anonymous on routes for everybody only.
  const PrincipalPtr& who() const { return who_; }
  AccountId account() const { return who_ ? who_->account : AccountId{}; }
  bool staff_of(SiteId site) const { return who_ && who_->staff_of(site); }
  // Staff acts as staff on things of its own sites, and as a person anywhere else.
  core::Actor actor_at(SiteId site) const;
  core::Actor person() const { return {core::Actor::Kind::person, account()}; }
  std::string_view parameter(size_t index) const { return parameters_[index]; }

  // Set by the router.
  void set_route(size_t route) { route_ = route; }
  size_t route() const { return route_; }
  void set_who(PrincipalPtr who) { who_ = std::move(who); }
  void set_parameters(std::array<std::string_view, 3> parameters) { parameters_ = parameters; }
  std::string_view bearer() const;

  bool chinese() const { return language_ == Language::chinese; }

  void reply(int status, JsonOut out);
  void reply(HttpResponse response);
  void no_content();
  void refuse(core::Refusal refusal, const Detail& detail = {});
  void refuse(Trouble trouble, const Detail& detail = {});
  // With Retry-After, rounded up to whole seconds.
  void refuse_for(Duration wait);
  // Null: nothing is wrong. True when the call was refused.
  bool refused_by(const Body& body);
  // A failure of the vault or the lists: logged with its reason, told without it.
  void unavailable(std::string_view what, const Error& error);

  // The Idempotency-Key, if there is one. `broken`: it isn't 1..128 visible characters, and the call was refused.
  std::optional<IdempotencyKey> idempotency_key(bool& broken);

  // Runs `job` on the workers; 503 when too many are waiting.
  void on_worker(std::function<void()> job);
  std::optional<std::shared_ptr<EventStream>> open_stream(std::function<void()> closed);

 private:
  void answered(int status);

  Services& services_;
  HttpRequest request_;
  Responder responder_;
  Language language_;
  Instant begun_;
  size_t route_ = 0;
  PrincipalPtr who_;
  std::array<std::string_view, 3> parameters_{};
};

// Asks the state: `look` (const State&, Instant now) -> Result<T, Refusal> on the engine's thread, then
// `done` (Call&, T) when that is durable.
template <class Look, class Done>
void ask(const CallPtr& call, Look look, Done done) {
  using Outcome = std::invoke_result_t<Look, const core::State&, Instant>;
  auto seen = std::make_shared<std::optional<Outcome>>();
  call->services().engine.ask(
      [seen, look = std::move(look)](const core::State& state, Instant now) { seen->emplace(look(state, now)); },
      [seen, call, done = std::move(done)] {
        if (!seen->has_value()) return call->refuse(core::Refusal::storage_unavailable);
        if (!(*seen)->ok()) return call->refuse((*seen)->error());
        done(*call, std::move(**seen).value());
      },
      [call] { call->refuse(core::Refusal::overloaded); });
}

template <class T>
using Seen = Result<T, core::Refusal>;

// Sends a command; `done` (Call&, const Accepted&) when it is durable. Refusals are answered.
template <class Done>
void submit(const CallPtr& call, core::Actor actor, core::Command command, Done done) {
  bool broken = false;
  auto key = call->idempotency_key(broken);
  if (broken) return;
  call->services().engine.submit({actor, std::move(command), key},
                                 [call, done = std::move(done)](const Outcome& outcome) {
                                   if (!outcome) return call->refuse(outcome.error());
                                   done(*call, *outcome);
                                 });
}

// ?limit= and ?cursor=; refuses the call and gives nothing when they can't be read.
struct Page {
  size_t limit = 50;
  std::optional<uint64_t> after;
};
std::optional<Page> page_of(const CallPtr& call);
// A time in the query; `out` stays as it is when there is none. False: it can't be read, and the call was refused.
bool time_parameter(const CallPtr& call, std::string_view name, std::optional<Instant>& out);
// "next" of a list: the cursor, or null.
void write_next(JsonOut& out, const std::optional<uint64_t>& next);

}  // namespace bayward::api
