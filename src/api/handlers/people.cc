#include "api/handlers/people.h"

#include <array>

#include "core/account/account.h"
#include "ports/log.h"

namespace bayward::api {
namespace {

constexpr std::array<Word<uint32_t>, 4> role_words = {{{"driver", core::role_driver},
                                                       {"owner", core::role_owner},
                                                       {"property", core::role_property},
                                                       {"operator", core::role_operator}}};

using Done = std::function<void(Call&, AccountId)>;

void store(const CallPtr& call, const NewPerson& person, const std::string& hash, AccountId account, const Done& done) {
  Vault& vault = call->services().vault;
  auto stored =
      vault.put_all({{{account, VaultKind::name, 0}, person.name, {}},
                     {{account, VaultKind::phone, 0}, person.phone, vault.fingerprint(VaultKind::phone, person.phone)},
                     {{account, VaultKind::password_hash, 0}, hash, {}}});
  if (!stored) return call->unavailable("account", stored.error());
  log::info("account.opened", {{"account", to_text(account)}});
  done(*call, account);
}

// After a crash between the account's event and its row in the vault nobody can sign in: the same person trying again
// gets the account, which nothing has happened to yet.
void take_up(const CallPtr& call, const Fingerprint& phone, std::function<void(AccountId)> found) {
  ask(
      call,
      [phone](const core::State& state, Instant) -> Seen<AccountId> {
        const auto known = state.account_of_phone.find(phone);
        const core::Account* account = known == state.account_of_phone.end() ? nullptr : state.account(known->second);
        const bool fresh =
            account && account->vehicles.empty() && account->balances.empty() && account->roles == core::role_driver;
        if (!fresh) return Failure{core::Refusal::already_exists};
        return account->id;
      },
      [found = std::move(found)](Call& answer, AccountId account) {
        answer.services().workers.finish([call = answer.shared_from_this(), account, found] {
          auto hash = call->services().vault.get({account, VaultKind::password_hash, 0});
          if (!hash) return call->unavailable("account", hash.error());
          if (*hash) return call->refuse(core::Refusal::already_exists);
          found(account);
        });
      });
}

// What comes after OpenAccount, on a worker.
void opened(const CallPtr& call, const NewPerson& person, const std::string& hash, const NewRoles& roles,
            AccountId account, const Done& done) {
  if (roles.property_of.empty()) return store(call, person, hash, account, done);
  submit(call, call->actor_at({}), core::ChangeRoles{account, roles.roles, roles.property_of},
         [person, hash, account, done](Call& answer, const Accepted&) {
           answer.services().workers.finish([call = answer.shared_from_this(), person, hash, account, done] {
             store(call, person, hash, account, done);
           });
         });
}

void open_hashed(const CallPtr& call, const NewPerson& person, const std::string& hash, const NewRoles& roles,
                 const Done& done) {
  const Fingerprint phone = call->services().vault.fingerprint(VaultKind::phone, person.phone);
  call->services().engine.submit(
      {call->actor_at({}), core::OpenAccount{phone, roles.roles}, std::nullopt},
      [call, person, hash, roles, done, phone](const Outcome& outcome) {
        if (!outcome && outcome.error() == core::Refusal::already_exists) {
          return take_up(call, phone, [=](AccountId account) { opened(call, person, hash, roles, account, done); });
        }
        if (!outcome) return call->refuse(outcome.error());
        const AccountId account{outcome->subject};
        call->services().workers.finish([=] { opened(call, person, hash, roles, account, done); });
      });
}

}  // namespace

NewRoles roles_in(Fields& in) {
  NewRoles out;
  out.roles = 0;
  for (const boost::json::value& element : in.array("roles", role_words.size())) {
    const auto* text = element.if_string();
    uint32_t role = 0;
    for (const auto& [word, bit] : role_words) {
      if (text && word == std::string_view(text->data(), text->size())) role = bit;
    }
    if (role == 0)
      in.refuse("roles", "must be a list of driver, owner, property, operator",
                "必须是driver、owner、property、operator的列表");
    out.roles |= role;
  }
  if (out.roles == 0) in.refuse("roles", "must name at least one role", "必须至少包含一个角色");
  for (const boost::json::value& element : in.array("property_of", 1000)) {
    const auto* text = element.if_string();
    const auto site = text ? parse_id<SiteId>({text->data(), text->size()}) : std::nullopt;
    if (!site)
      in.refuse("property_of", "must be a list of site ids such as \"site-1\"", "必须是小区编号列表，例如\"site-1\"");
    if (site) out.property_of.push_back(*site);
  }
  return out;
}

void open_person(const CallPtr& call, NewPerson person, NewRoles roles, Done done) {
  call->on_worker([call, person = std::move(person), roles = std::move(roles), done = std::move(done)] {
    auto hash = call->services().passwords.hash_password(person.password);
    if (!hash) return call->unavailable("password", hash.error());
    NewPerson known = person;
    known.password.clear();
    open_hashed(call, known, *hash, roles, done);
  });
}

void write_roles(JsonOut& out, uint32_t roles) {
  out.name("roles").array();
  for (const auto& [word, bit] : role_words) {
    if ((roles & bit) != 0) out.value(word);
  }
  out.end();
}

std::optional<std::string> personal(const CallPtr& call, const VaultKey& key) {
  log::info("vault.read", {{"reader", to_text(call->account())},
                           {"subject", to_text(key.subject)},
                           {"kind", static_cast<int>(key.kind)},
                           {"route", call->services().route_path(call->route())}});
  auto text = call->services().vault.get(key);
  if (!text) {
    log::error("vault.unreadable", {{"reason", text.error().message}});
    return std::nullopt;
  }
  return *text;
}

}  // namespace bayward::api
