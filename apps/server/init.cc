// bayward-server init: a data directory with its journal, its keys and the first operator; and, when it is told of one,
// a site that can be booked. Run again it keeps what is there and adds what is missing.
#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "commands.h"
#include "engine/engine.h"
#include "journal/sqlite/sqlite_journal.h"
#include "journal/vault/sodium_passwords.h"
#include "journal/vault/sqlite_vault.h"
#include "net/io.h"
#include "net/time_zones.h"
#include "ports/normalise.h"

namespace bayward {
namespace {

constexpr Instant zones_from = from_unix_s(0);
constexpr Instant zones_to = from_unix_s(2'114'380'800);  // 2037-01-01: what the tz files tell
constexpr int32_t shared_for_days = 3650;

int failed(const std::string& message) {
  fmt::print(stderr, "bayward-server: {}\n", message);
  return 1;
}

struct Person {
  AccountId account;
  std::string password;  // empty: it was there before
};

// The stores without the threads of a running server: every command is durable when it returns.
class Founding {
 public:
  Founding(Journal& journal, SqliteVault& vault)
      : journal_(journal), vault_(vault), engine_(journal), passwords_(vault.keys()) {}

  Status recover() {
    const auto recovered = engine_.recover();
    if (!recovered) return fail(recovered.error().message);
    return Done{};
  }
  const core::State& state() const { return engine_.state(); }

  Outcome run(core::Command command) {
    Outcome answer = Failure{core::Refusal::storage_unavailable};
    engine_.submit({core::Actor{}, std::move(command), std::nullopt},
                   [&](const Outcome& outcome) { answer = outcome; });
    Batch batch = engine_.prepare(clock_.now());
    const auto appended = journal_.append(batch.expected_last, batch.records);
    appended ? engine_.committed(batch) : engine_.failed(batch);
    return answer;
  }
  // The subject, or what could not be done.
  Result<uint64_t> make(const char* what, core::Command command) {
    const Outcome outcome = run(std::move(command));
    if (!outcome) return fail(fmt::format("{} could not be made: {}", what, core::to_text(outcome.error())));
    return outcome->subject;
  }

  // An account with this number, made with a password when there is none.
  Result<Person> person(const std::string& phone_text, const std::string& name, uint32_t roles, std::string password) {
    const std::string phone = *normalise_phone(phone_text);
    const Fingerprint fingerprint = vault_.fingerprint(VaultKind::phone, phone);
    const auto known = state().account_of_phone.find(fingerprint);
    const AccountId there = known == state().account_of_phone.end() ? AccountId{} : known->second;
    const auto has_password = vault_.get({there, VaultKind::password_hash, 0});
    if (there && has_password && *has_password) return add_roles(there, roles);
    if (password.empty()) password = passwords_.new_secret();
    const auto hash = passwords_.hash_password(password);
    if (!hash) return Failure{hash.error()};
    // A crash between the two leaves an account without a person: the next run finishes it.
    const auto opened =
        there ? Result<uint64_t>(there.value) : make("the account", core::OpenAccount{fingerprint, roles});
    if (!opened) return Failure{opened.error()};
    const AccountId account{*opened};
    const auto kept = vault_.put_all({{{account, VaultKind::name, 0}, name, {}},
                                      {{account, VaultKind::phone, 0}, phone, fingerprint},
                                      {{account, VaultKind::password_hash, 0}, *hash, {}}});
    if (!kept) return Failure{kept.error()};
    return Person{account, password};
  }

  // Its password is new with every run: the old one is not kept readable.
  Result<std::string> station_password(StationId station) {
    const std::string secret = passwords_.new_secret();
    const VaultKey key{AccountId{}, VaultKind::station_password_hash, station.value};
    if (auto put = vault_.put({key, passwords_.digest_secret(secret), {}}); !put) return Failure{put.error()};
    return secret;
  }
  Instant now() const { return clock_.now(); }

 private:
  Result<Person> add_roles(AccountId id, uint32_t roles) {
    const core::Account& account = *state().account(id);
    if ((account.roles & roles) == roles) return Person{id, {}};
    const auto changed = make("the role", core::ChangeRoles{id, account.roles | roles, account.property_of});
    if (!changed) return Failure{changed.error()};
    return Person{id, {}};
  }

  Journal& journal_;
  SqliteVault& vault_;
  Engine engine_;
  SodiumPasswords passwords_;
  net::SystemClock clock_;
};

const core::Site* site_named(const core::State& state, const std::string& name) {
  for (uint64_t number = 1; number <= state.site_count(); ++number) {
    if (state.site(SiteId{number})->name == name) return state.site(SiteId{number});
  }
  return nullptr;
}

Result<SiteId> make_site(Founding& founding, const InitRequest& request, AccountId community) {
  SiteId site;
  if (const core::Site* there = site_named(founding.state(), request.site)) {
    site = there->id;
  } else {
    auto zone = net::load_zone(request.time_zone, zones_from, zones_to);
    if (!zone) return fail("--time-zone: " + zone.error().message);
    const auto made =
        founding.make("the site", core::DefineSite{request.site, place_of(request), *parse_currency(request.currency),
                                                   *std::move(zone), core::SiteRules{}, community});
    if (!made) return Failure{made.error()};
    site = SiteId{*made};
  }
  if (!founding.state().site(site)->tariff) {
    const auto tariff = founding.make("the tariff", core::PublishTariff{site, tariff_of(request), true});
    if (!tariff) return Failure{tariff.error()};
  }
  return site;
}

Status share_always(Founding& founding, const core::Site& site, BayId bay) {
  core::Window window;
  window.bay = bay;
  window.week.fill({{0, 1440}});
  window.first_day = to_days(site.zone.local_date(founding.now()));
  window.last_day = window.first_day + shared_for_days;
  const auto made = founding.make("the week of a bay", core::PublishWindow{window});
  if (!made) return Failure{made.error()};
  return Done{};
}

// Bays by number: those that are there already keep everything but a missing charger.
Status make_bays(Founding& founding, const InitRequest& request, SiteId site, AccountId owner, bool shared,
                 StationId station) {
  for (int number = 1; number <= request.bays; ++number) {
    core::BayInfo info;
    info.label = fmt::format("P-{:03}", number);
    info.owner = owner;
    info.east_dm = 27 * ((number - 1) % 20);
    info.north_dm = 110 * ((number - 1) / 20);
    if (station && number <= request.connectors) {
      info.charger = core::Charger{station, static_cast<uint16_t>(number), core::ConnectorType::iec_62196_t2, 11'000};
    }
    const core::Site& now = *founding.state().site(site);
    const auto there = std::find_if(now.bays.begin(), now.bays.end(),
                                    [&](const core::Bay& bay) { return bay.info.label == info.label; });
    if (there != now.bays.end()) {
      if (!info.charger || there->info.charger) continue;
      core::BayInfo with_charger = there->info;
      with_charger.charger = info.charger;
      const auto changed = founding.make("the charger of a bay", core::ChangeBay{there->id, with_charger});
      if (!changed) return Failure{changed.error()};
      continue;
    }
    const auto bay = founding.make("a bay", core::DefineBay{site, info});
    if (!bay) return Failure{bay.error()};
    if (!shared) continue;
    if (auto done = share_always(founding, now, BayId{*bay}); !done) return done;
  }
  return Done{};
}

Result<StationId> make_station(Founding& founding, SiteId site, const std::string& identity) {
  const auto& known = founding.state().station_of_identity;
  const auto there = known.find(identity);
  if (there != known.end() && site_of(there->second) == site) return there->second;
  if (there != known.end()) return fail("--station: another site has a station of that identity");
  const auto made = founding.make("the station", core::RegisterStation{site, identity, false});
  if (!made) return Failure{made.error()};
  return StationId{*made};
}

void print_person(const char* what, const std::string& phone, const Person& person, bool own_password) {
  fmt::print("{} {} ({})", what, phone, to_text(person.account));
  if (person.password.empty()) fmt::print(", there already");
  if (!person.password.empty() && !own_password) fmt::print(", password {} (shown only now)", person.password);
  fmt::print("\n");
}

Status found_site(Founding& founding, const ServerConfig& config, const InitRequest& request, AccountId community) {
  const auto site = make_site(founding, request, community);
  if (!site) return Failure{site.error()};
  AccountId owner = community;
  if (!request.owner_phone.empty()) {
    const auto person =
        founding.person(request.owner_phone, "Owner", core::role_driver | core::role_owner, std::string());
    if (!person) return Failure{person.error()};
    print_person("Owner", request.owner_phone, *person, false);
    owner = person->account;
  }
  StationId station;
  if (!request.station.empty()) {
    const auto made = make_station(founding, *site, request.station);
    if (!made) return Failure{made.error()};
    station = *made;
  }
  auto bays = make_bays(founding, request, *site, owner, request.owner_phone.empty(), station);
  if (!bays) return bays;
  fmt::print("Site \"{}\" ({}): {} bays\n", request.site, to_text(*site), founding.state().site(*site)->bays.size());
  if (!station) return Done{};
  const auto password = founding.station_password(station);
  if (!password) return Failure{password.error()};
  fmt::print("Charging station {}: URL ws://HOST:{}/ocpp/{}, security profile 1, password {} (shown only now)\n",
             request.station, config.port, request.station, *password);
  return Done{};
}

}  // namespace

int init(const ServerConfig& config, InitRequest request) {
  if (request.ask) {
    if (const auto asked = ask_for(request, std::cin, std::cout); !asked) return failed(asked.error().message);
  }
  if (const auto bad = defect(request)) return failed(*bad);
  auto journal = sqlite::SqliteJournal::open(config.data_directory);
  if (!journal) return failed(journal.error().message);
  auto vault = SqliteVault::open(config.data_directory);
  if (!vault) return failed(vault.error().message);
  Founding founding(**journal, **vault);
  if (const auto recovered = founding.recover(); !recovered) return failed(recovered.error().message);
  const auto person =
      founding.person(request.phone, request.name, core::role_driver | core::role_operator, request.password);
  if (!person) return failed(person.error().message);
  fmt::print("{} is ready. ", config.data_directory.string());
  print_person("Operator", *normalise_phone(request.phone), *person, !request.password.empty());
  if (!request.site.empty()) {
    if (const auto made = found_site(founding, config, request, person->account); !made) {
      return failed(made.error().message);
    }
  }
  fmt::print("Next: bayward-server serve, then http://{}:{}/#/setup in a browser.\n", config.address, config.port);
  return 0;
}

}  // namespace bayward
