// Accounts, sessions and API tokens. Passwords are hashed and checked on the workers.
#include "api/handlers/handlers.h"
#include "api/handlers/people.h"
#include "core/account/account.h"
#include "ports/log.h"
#include "ports/normalise.h"

namespace bayward::api {
namespace {

std::string phone_in(Fields& in) {
  const std::string written = in.text("phone", 1, 40);
  const auto phone = normalise_phone(written);
  if (!phone && !written.empty()) {
    in.refuse("phone", "must be a phone number with country code such as \"+4915112345678\"",
              "必须是带国家代码的电话号码，例如\"+8613800138000\"");
  }
  return phone.value_or("");
}

// Gives the caller a session. On a worker.
void open_session(const CallPtr& call, AccountId account) {
  auto made = call->services().tokens.create(account, TokenKind::session, "", call->begun());
  if (!made) return call->unavailable("session", made.error());
  ask(
      call,
      [account](const core::State& state, Instant) -> Seen<uint32_t> {
        const core::Account* found = state.account(account);
        if (!found) return Failure{core::Refusal::unknown_account};
        return found->roles;
      },
      [made = *made](Call& answer, uint32_t roles) {
        JsonOut out;
        out.object().field("token", made.token).field("account", made.info.account);
        write_roles(out, roles);
        out.field("expires_at", made.info.expires_at).end();
        answer.reply(200, std::move(out));
      });
}

// The same work and the same answer whether the phone is known or not.
void check_login(const CallPtr& call, const std::string& phone, const std::string& password) {
  Services& services = call->services();
  auto found = services.vault.find(VaultKind::phone, services.vault.fingerprint(VaultKind::phone, phone));
  if (!found) return call->unavailable("login", found.error());
  const AccountId account = found->empty() ? AccountId{} : found->front().subject;
  auto hash = services.vault.get({account, VaultKind::password_hash, 0});
  if (!hash) return call->unavailable("login", hash.error());
  const bool known = account && hash->has_value();
  const bool right = services.passwords.verify_password(known ? **hash : services.dummy_password_hash, password);
  if (!known || !right) {
    log::info("login.refused", {{"peer", call->request().peer}});
    return call->refuse(Trouble::wrong_login);
  }
  log::info("login.accepted", {{"account", to_text(account)}});
  open_session(call, account);
}

}  // namespace

NewPerson person_in(Fields& in) {
  NewPerson person;
  person.phone = phone_in(in);
  person.password = in.text("password", 8, 128);
  person.name = in.text("name", 1, 64);
  return person;
}

void register_account(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  NewPerson person = person_in(in);
  in.finish();
  if (call->refused_by(body)) return;
  Services& services = call->services();
  const Duration wait = services.register_by_peer.admit(call->request().peer, call->begun());
  if (wait > Duration{0}) return call->refuse_for(wait);
  open_person(call, std::move(person), {}, [](Call& answer, AccountId account) {
    JsonOut out;
    out.object().field("account", account).end();
    answer.reply(201, std::move(out));
  });
}

void log_in(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const std::string phone = phone_in(in);
  const std::string password = in.text("password", 1, 128);
  in.finish();
  if (call->refused_by(body)) return;
  Services& services = call->services();
  const Duration wait = std::max(services.login_by_peer.admit(call->request().peer, call->begun()),
                                 services.login_by_phone.admit(phone, call->begun()));
  if (wait > Duration{0}) return call->refuse_for(wait);
  call->on_worker([call, phone, password] { check_login(call, phone, password); });
}

void log_out(const CallPtr& call) {
  call->on_worker([call] {
    auto gone = call->services().tokens.revoke(call->account(), call->who()->token);
    if (!gone) return call->unavailable("logout", gone.error());
    call->services().close_feeds(call->account());
    call->no_content();
  });
}

void create_api_token(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const std::string name = in.text("name", 1, 64);
  in.finish();
  if (call->refused_by(body)) return;
  call->on_worker([call, name] {
    auto made = call->services().tokens.create(call->account(), TokenKind::api, name, call->begun());
    if (!made) return call->unavailable("api token", made.error());
    JsonOut out;
    out.object().field("id", token_name(made->info.item)).field("name", name).field("token", made->token).end();
    call->reply(201, std::move(out));
  });
}

void list_api_tokens(const CallPtr& call) {
  call->on_worker([call] {
    auto known = call->services().tokens.list(call->account(), call->begun());
    if (!known) return call->unavailable("api tokens", known.error());
    JsonOut out;
    out.object().name("items").array();
    for (const TokenInfo& info : *known) {
      if (info.kind != TokenKind::api) continue;
      out.object().field("id", token_name(info.item)).field("name", info.name);
      out.field("made_at", info.made_at).field("used_at", info.used_at).end();
    }
    out.end();
    write_next(out, std::nullopt);
    call->reply(200, std::move(out.end()));
  });
}

void revoke_api_token(const CallPtr& call) {
  const auto item = parse_token_name(call->parameter(0));
  if (!item) return call->refuse(core::Refusal::unknown_thing);
  call->on_worker([call, item = *item] {
    auto gone = call->services().tokens.revoke(call->account(), item);
    if (!gone) return call->unavailable("api token", gone.error());
    if (!*gone) return call->refuse(core::Refusal::unknown_thing);
    call->services().close_feeds(call->account());
    call->no_content();
  });
}

}  // namespace bayward::api
