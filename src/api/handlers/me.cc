// What belongs to the caller: profile, vehicles, cards, wallet, and lists of what happened.
#include <array>

#include "api/access/email_check.h"
#include "api/handlers/handlers.h"
#include "api/handlers/lists.h"
#include "api/handlers/people.h"
#include "api/views/views.h"
#include "core/account/account.h"
#include "ports/normalise.h"

namespace bayward::api {

using namespace core;

namespace {

Seen<Account> account_in(const State& state, AccountId id) {
  const Account* account = state.account(id);
  if (!account) return Failure{Refusal::unknown_account};
  return *account;
}

void write_vehicle(JsonOut& out, const CallPtr& call, const Vehicle& vehicle) {
  out.object().field("vehicle", vehicle.id);
  out.field("plate", personal(call, {call->account(), VaultKind::plate, vehicle.id.value}));
  out.field("connector", vehicle.connector).field("battery_wh", vehicle.battery_wh);
  out.field("power_max_w", vehicle.power_max_w).end();
}

void write_balances(JsonOut& out, std::string_view name, const Balances& balances, LedgerAccount account) {
  out.name(name).array();
  for (const auto& [key, minor] : balances) {
    if (key.second == account) out.value(Money{minor, key.first});
  }
  out.end();
}

void write_wallet(JsonOut& out, const Balances& balances) {
  out.object();
  write_balances(out, "available", balances, LedgerAccount::user_available);
  write_balances(out, "held", balances, LedgerAccount::user_held);
  write_balances(out, "payable", balances, LedgerAccount::owner_payable);
  out.end();
}

// The account from the state, then the rest on a worker, because the vault is read.
void with_account(const CallPtr& call, void (*write)(JsonOut&, const CallPtr&, const Account&)) {
  ask(
      call, [id = call->account()](const State& state, Instant) { return account_in(state, id); },
      [write](Call& answer, Account account) {
        answer.services().workers.finish([call = answer.shared_from_this(), account = std::move(account), write] {
          JsonOut out;
          write(out, call, account);
          call->reply(200, std::move(out));
        });
      });
}

}  // namespace

void show_me(const CallPtr& call) {
  with_account(call, [](JsonOut& out, const CallPtr& from, const Account& account) {
    out.object().field("account", account.id);
    out.field("name", personal(from, {account.id, VaultKind::name, 0}));
    out.field("phone", personal(from, {account.id, VaultKind::phone, 0}));
    out.field("email", personal(from, {account.id, VaultKind::email, 0}));
    const auto pending = personal(from, {account.id, VaultKind::email_pending, 0});
    const auto asked = pending ? parse_pending(*pending) : std::nullopt;
    out.field("email_pending",
              asked && asked->good_at(from->services().clock.now()) ? std::optional(asked->email) : std::nullopt);
    write_roles(out, account.roles);
    out.name("property_of").array();
    for (const SiteId site : account.property_of) out.value(site);
    out.end().name("vehicles").array();
    for (const Vehicle& vehicle : account.vehicles) write_vehicle(out, from, vehicle);
    out.end().field("tokens_count", account.tokens.size()).name("balances");
    write_wallet(out, account.balances);
    out.end();
  });
}

void list_vehicles(const CallPtr& call) {
  with_account(call, [](JsonOut& out, const CallPtr& from, const Account& account) {
    out.object().name("items").array();
    for (const Vehicle& vehicle : account.vehicles) write_vehicle(out, from, vehicle);
    out.end();
    write_next(out, std::nullopt);
    out.end();
  });
}

void add_vehicle(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const std::string written = in.text("plate", 1, 32);
  const auto plate = normalise_plate(written);
  if (!plate && !written.empty()) {
    in.refuse("plate", "must be a number plate: letters, digits or Chinese characters", "必须是车牌：字母、数字或汉字");
  }
  Vehicle vehicle;
  vehicle.connector = in.maybe_word("connector", connector_words).value_or(ConnectorType::none);
  vehicle.battery_wh = static_cast<int32_t>(in.maybe_integer("battery_wh", {0, 2'000'000}).value_or(0));
  vehicle.power_max_w = static_cast<int32_t>(in.maybe_integer("power_max_w", {0, 1'000'000}).value_or(0));
  in.finish();
  if (call->refused_by(body)) return;
  Vault& vault = call->services().vault;
  vehicle.plate = vault.fingerprint(VaultKind::plate, *plate);
  submit(call, call->person(), AddVehicle{call->account(), vehicle},
         [plate = *plate, print = vehicle.plate](Call& answer, const Accepted& accepted) {
           const VehicleId id{accepted.subject};
           answer.services().workers.finish([call = answer.shared_from_this(), plate, print, id] {
             const VaultKey key{call->account(), VaultKind::plate, id.value};
             if (auto put = call->services().vault.put({key, plate, print}); !put) {
               return call->unavailable("plate", put.error());
             }
             JsonOut out;
             call->reply(201, std::move(out.object().field("vehicle", id).field("plate", plate).end()));
           });
         });
}

void remove_vehicle(const CallPtr& call) {
  const auto vehicle = path_id<VehicleId>(call, 0, Refusal::unknown_vehicle);
  if (!vehicle) return;
  submit(call, call->person(), RemoveVehicle{*vehicle}, [id = *vehicle](Call& answer, const Accepted&) {
    answer.services().workers.finish([call = answer.shared_from_this(), id] {
      const auto gone = call->services().vault.remove({call->account(), VaultKind::plate, id.value});
      if (!gone) return call->unavailable("plate", gone.error());
      call->no_content();
    });
  });
}

namespace {

// Cards compare without case (OCPP 2.0.1 C01): 36 characters are the longest idToken of 2.0.1, 20 of 1.6.
std::optional<std::string> card_text(std::string_view written) {
  std::string upper;
  for (const char c : written) {
    if (c <= 0x20 || c >= 0x7f) return std::nullopt;
    upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  if (upper.empty() || upper.size() > 36) return std::nullopt;
  return upper;
}

// Its text is kept for the local lists of stations (A4: stations/calls.cc); tokens have no number but their
// fingerprint.
VaultKey token_row(AccountId account, const Fingerprint& print) {
  uint64_t item = 0;
  for (size_t i = 0; i < sizeof item; ++i) item = item << 8 | print.bytes[i];
  return {account, VaultKind::token, item >> 1};  // a signed column
}

}  // namespace

void add_token(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const auto token = card_text(in.text("token", 1, 36));
  if (!token) in.refuse("token", "must be 1 to 36 visible ASCII characters", "必须是1至36个可见ASCII字符");
  in.finish();
  if (call->refused_by(body)) return;
  const Fingerprint print = call->services().vault.fingerprint(VaultKind::token, *token);
  submit(call, call->person(), AddToken{call->account(), print},
         [token = *token, print](Call& answer, const Accepted&) {
           answer.services().workers.finish([call = answer.shared_from_this(), token, print] {
             if (auto put = call->services().vault.put({token_row(call->account(), print), token, print}); !put) {
               return call->unavailable("token", put.error());
             }
             JsonOut out;
             call->reply(201, std::move(out.object().field("token", token).end()));
           });
         });
}

void remove_token(const CallPtr& call) {
  const auto token = card_text(call->parameter(0));
  if (!token) return call->refuse(Refusal::unknown_thing);
  const Fingerprint print = call->services().vault.fingerprint(VaultKind::token, *token);
  submit(call, call->person(), RemoveToken{call->account(), print}, [print](Call& answer, const Accepted&) {
    answer.services().workers.finish([call = answer.shared_from_this(), print] {
      const auto gone = call->services().vault.remove(token_row(call->account(), print));
      if (!gone) return call->unavailable("token", gone.error());
      call->no_content();
    });
  });
}

void show_wallet(const CallPtr& call) {
  ask(
      call, [id = call->account()](const State& state, Instant) { return account_in(state, id); },
      [](Call& answer, const Account& account) {
        JsonOut out;
        write_wallet(out, account.balances);
        answer.reply(200, std::move(out));
      });
}

void list_my_ledger(const CallPtr& call) {
  list(call,
       [account = call->account()](ReadModels& lists, const ListQuery& query) { return lists.ledger(account, query); });
}

void list_my_bookings(const CallPtr& call) {
  ReadModels::BookingFilter filter;
  filter.account = call->account();
  list_bookings(call, filter);
}

void list_my_notices(const CallPtr& call) {
  list(call, [account = call->account()](ReadModels& lists, const ListQuery& query) {
    return lists.notices(account, query);
  });
}

}  // namespace bayward::api
