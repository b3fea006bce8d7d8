// bayward-server init: a data directory with its journal, its keys and the first operator.
#include <fmt/format.h>

#include <cstdio>

#include "commands.h"
#include "engine/engine.h"
#include "journal/sqlite/sqlite_journal.h"
#include "journal/vault/sodium_passwords.h"
#include "journal/vault/sqlite_vault.h"
#include "net/io.h"
#include "ports/normalise.h"

namespace bayward {
namespace {

constexpr size_t password_min_chars = 10;

int failed(const std::string& message) {
  fmt::print(stderr, "bayward-server: {}\n", message);
  return 1;
}

// One command, durably, without the threads of a running server.
Outcome run_durably(Engine& engine, Journal& journal, Instant now, core::Command command) {
  Outcome answer = Failure{core::Refusal::storage_unavailable};
  engine.submit({core::Actor{}, std::move(command), std::nullopt}, [&](const Outcome& outcome) { answer = outcome; });
  Batch batch = engine.prepare(now);
  const auto appended = journal.append(batch.expected_last, batch.records);
  appended ? engine.committed(batch) : engine.failed(batch);
  return answer;
}

}  // namespace

int init(const ServerConfig& config, const InitRequest& request) {
  const auto phone = normalise_phone(request.phone);
  if (!phone) return failed("--operator-phone must be an international number, for example +4915112345678");
  if (!request.password.empty() && request.password.size() < password_min_chars) {
    return failed(fmt::format("the password must have at least {} characters", password_min_chars));
  }
  auto journal = sqlite::SqliteJournal::open(config.data_directory);
  if (!journal) return failed(journal.error().message);
  auto vault = SqliteVault::open(config.data_directory);
  if (!vault) return failed(vault.error().message);
  Engine engine(**journal);
  const auto recovered = engine.recover();
  if (!recovered) return failed(recovered.error().message);

  const SodiumPasswords passwords((*vault)->keys());
  const std::string password = request.password.empty() ? passwords.new_secret() : request.password;
  const auto hash = passwords.hash_password(password);
  if (!hash) return failed(hash.error().message);
  const Fingerprint fingerprint = (*vault)->fingerprint(VaultKind::phone, *phone);
  const auto opened = run_durably(engine, **journal, net::SystemClock().now(),
                                  core::OpenAccount{fingerprint, core::role_driver | core::role_operator});
  if (!opened && opened.error() == core::Refusal::already_exists) {
    return failed("an account with this phone number exists already in " + config.data_directory.string());
  }
  if (!opened) return failed(fmt::format("the account could not be opened: {}", core::to_text(opened.error())));
  const AccountId account{opened->subject};
  const auto kept = (*vault)->put_all({{{account, VaultKind::name, 0}, request.name, {}},
                                       {{account, VaultKind::phone, 0}, *phone, fingerprint},
                                       {{account, VaultKind::password_hash, 0}, *hash, {}}});
  if (!kept) return failed(kept.error().message);
  fmt::print("{} is ready. Operator {} ({})", config.data_directory.string(), *phone, to_text(account));
  if (request.password.empty()) fmt::print(", password {} (shown only now)", password);
  fmt::print("\n");
  return 0;
}

}  // namespace bayward
