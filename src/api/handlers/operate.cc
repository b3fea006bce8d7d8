// What the operator of the platform does: sites, stations, accounts, money by hand, and the figures over all.
#include "api/handlers/handlers.h"
#include "api/handlers/people.h"
#include "api/live/live_index.h"
#include "api/views/views.h"
#include "base/limits.h"
#include "core/account/account.h"
#include "ports/log.h"
#include "ports/normalise.h"

namespace bayward::api {

using namespace core;

namespace {

// A new secret of a station, stored as its digest; on a worker. Shown once, in this answer.
void answer_station(const CallPtr& call, StationId station, const std::string& identity, int status) {
  Services& services = call->services();
  const std::string secret = services.passwords.new_secret();
  const VaultKey key{AccountId{}, VaultKind::station_password_hash, station.value};
  if (auto put = services.vault.put({key, services.passwords.digest_secret(secret), {}}); !put) {
    return call->unavailable("station", put.error());
  }
  log::info("station.password_set", {{"station", to_text(station)}, {"by", to_text(call->account())}});
  JsonOut out;
  out.object().field("station", station);
  if (!identity.empty()) out.field("identity", identity);
  call->reply(status, std::move(out.field("password", secret).end()));
}

Seen<Account> account_by_id(const State& state, AccountId id) {
  const Account* account = state.account(id);
  if (!account) return Failure{Refusal::unknown_account};
  return *account;
}

void write_account(JsonOut& out, const CallPtr& call, const Account& account) {
  out.object().field("account", account.id).field("name", personal(call, {account.id, VaultKind::name, 0}));
  out.field("phone", personal(call, {account.id, VaultKind::phone, 0}));
  write_roles(out, account.roles);
  out.name("property_of").array();
  for (const SiteId site : account.property_of) out.value(site);
  out.end().end();
}

// {amount, reference}: money that moved outside, entered by hand.
template <class Command>
void record_money(const CallPtr& call) {
  const auto id = path_id<AccountId>(call, 0, Refusal::unknown_account);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const Money amount = in.money("amount");
  const std::string reference = in.text("reference", 1, 64);
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at({}), Command{*id, amount, reference},
         [id = *id, amount, reference](Call& answer, const Accepted&) {
           JsonOut out;
           out.object().field("account", id).field("amount", amount).field("reference", reference);
           answer.reply(201, std::move(out.end()));
         });
}

}  // namespace

void define_site(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  DefineSite command;
  command.name = in.text("name", 1, limits::label_chars);
  command.place = place_in(in, "place");
  command.currency = in.currency("currency");
  const std::string zone = in.text("time_zone", 1, 64);
  if (auto rules = in.maybe_object("rules")) {
    command.rules = rules_in(*rules);
    rules->finish();
  }
  command.community = in.id<AccountId>("community");
  in.finish();
  if (call->refused_by(body)) return;
  auto loaded = call->services().zones(zone);
  if (!loaded) {
    return call->refuse(Trouble::bad_field, {"Field \"time_zone\" can't be used: " + loaded.error().message + ".",
                                             "字段“time_zone”无法使用：" + loaded.error().message + "。"});
  }
  command.zone = *std::move(loaded);
  submit(call, call->actor_at({}), std::move(command), [](Call& answer, const Accepted& accepted) {
    JsonOut out;
    answer.reply(201, std::move(out.object().field("site", SiteId{accepted.subject}).end()));
  });
}

void register_station(const CallPtr& call) {
  const auto site = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!site) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const std::string identity = in.text("identity", 1, 48);
  const bool controller = in.maybe_flag("controller").value_or(false);
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at(*site), RegisterStation{*site, identity, controller},
         [identity](Call& answer, const Accepted& accepted) {
           answer.services().workers.finish([call = answer.shared_from_this(), identity, accepted] {
             answer_station(call, StationId{accepted.subject}, identity, 201);
           });
         });
}

void renew_station_password(const CallPtr& call) {
  const auto id = path_id<StationId>(call, 0, Refusal::unknown_station);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<std::string> {
        const Site* site = state.site(site_of(id));
        const Station* station = site ? site->station(id) : nullptr;
        if (!station) return Failure{Refusal::unknown_station};
        return station->identity;
      },
      [id = *id](Call& answer, const std::string& identity) {
        answer.services().workers.finish(
            [call = answer.shared_from_this(), id, identity] { answer_station(call, id, identity, 200); });
      });
}

void list_pending_stations(const CallPtr& call) {
  call->services().stations.pending([call](const std::vector<PendingStation>& waiting) {
    JsonOut out;
    out.object().name("items").array();
    for (const PendingStation& station : waiting) {
      out.object().field("identity", station.identity).field("address", station.peer);
      out.field("protocol", station.protocol).field("vendor", station.vendor).field("model", station.model);
      out.field("serial_number", station.serial_number).field("first_seen", station.first_seen);
      out.field("last_seen", station.last_seen).end();
    }
    out.end();
    write_next(out, std::nullopt);
    call->reply(200, std::move(out.end()));
  });
}

void create_account(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  NewPerson person = person_in(in);
  NewRoles roles = roles_in(in);
  in.finish();
  if (call->refused_by(body)) return;
  open_person(call, std::move(person), std::move(roles), [](Call& answer, AccountId account) {
    JsonOut out;
    answer.reply(201, std::move(out.object().field("account", account).end()));
  });
}

void find_account(const CallPtr& call) {
  const auto phone = normalise_phone(call->request().parameter("phone").value_or(""));
  if (!phone) {
    return call->refuse(Trouble::bad_field, {"Say whose: ?phone=%2B4915112345678, with country code.",
                                             "请指定号码：?phone=%2B8613800138000，含国家代码。"});
  }
  const Fingerprint print = call->services().vault.fingerprint(VaultKind::phone, *phone);
  ask(
      call,
      [print](const State& state, Instant) -> Seen<std::optional<Account>> {
        const auto found = state.account_of_phone.find(print);
        if (found == state.account_of_phone.end()) return std::optional<Account>{};
        return std::optional(*state.account(found->second));
      },
      [](Call& answer, std::optional<Account> account) {
        answer.services().workers.finish([call = answer.shared_from_this(), account = std::move(account)] {
          JsonOut out;
          out.object().name("items").array();
          if (account) write_account(out, call, *account);
          out.end();
          write_next(out, std::nullopt);
          call->reply(200, std::move(out.end()));
        });
      });
}

void change_roles(const CallPtr& call) {
  const auto id = path_id<AccountId>(call, 0, Refusal::unknown_account);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const NewRoles roles = roles_in(in);
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at({}), ChangeRoles{*id, roles.roles, roles.property_of},
         [id = *id](Call& answer, const Accepted&) {
           ask(
               answer.shared_from_this(), [id](const State& state, Instant) { return account_by_id(state, id); },
               [](Call& changed, const Account& account) {
                 JsonOut out;
                 out.object().field("account", account.id);
                 write_roles(out, account.roles);
                 out.name("property_of").array();
                 for (const SiteId site : account.property_of) out.value(site);
                 changed.reply(200, std::move(out.end().end()));
               });
         });
}

void credit_account(const CallPtr& call) {
  record_money<CreditWallet>(call);
}

void pay_out(const CallPtr& call) {
  record_money<RecordPayout>(call);
}

void refund_booking(const CallPtr& call) {
  const auto id = path_id<BookingId>(call, 0, Refusal::unknown_booking);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const Money amount = in.money("amount");
  in.finish();
  if (call->refused_by(body)) return;
  call->on_worker([call, id = *id, amount] {
    AccountId account;
    if (const auto known = call->services().live.known_booking(id)) {
      account = known->account;
    } else {
      auto row = call->services().lists.booking(id);
      if (!row) return call->unavailable("booking", row.error());
      if (*row) account = (*row)->booking.account;
    }
    if (!account) return call->refuse(Refusal::unknown_booking);
    submit(call, call->actor_at({}), RefundBooking{id, account, amount}, [id, amount](Call& answer, const Accepted&) {
      JsonOut out;
      answer.reply(201, std::move(out.object().field("booking", id).field("amount", amount).end()));
    });
  });
}

void show_stats(const CallPtr& call) {
  call->on_worker([call] {
    Services& services = call->services();
    auto totals = services.lists.totals();
    if (!totals) return call->unavailable("stats", totals.error());
    const PlatformHealth health = services.health();
    JsonOut out;
    out.object().field("bookings", totals->bookings).field("visits", totals->visits);
    out.field("charging_sessions", totals->charging_sessions);
    out.field("energy_wh", WattHours{totals->energy_milliwh}).field("billed_minor", totals->billed_minor);
    out.field("ledger_sum", totals->ledger_sum).field("overlaps", totals->overlaps);
    out.field("unanswered_calls", unanswered_calls(services.stations.counters()));
    out.field("journal_position", health.journal_position);
    out.field("projection_lag", services.lists.lag_records());
    out.field("stations_online", services.stations.counters().connected);
    call->reply(200, std::move(out.end()));
  });
}

}  // namespace bayward::api
