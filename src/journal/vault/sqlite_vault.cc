#include "journal/vault/sqlite_vault.h"

#include <sodium.h>

#include <algorithm>
#include <system_error>

#include "base/check.h"
#include "base/limits.h"
#include "journal/sqlite/store.h"
#include "journal/vault/row_sealing.h"

namespace bayward {

namespace {

using sqlite::Blob;

constexpr sqlite::StoreFormat format{
    .what = "vault",
    .application_id = 0x42415956,  // "BAYV"
    .version = 1,
    .schema =
        "CREATE TABLE sealed_row(subject INTEGER NOT NULL, kind INTEGER NOT NULL, item INTEGER NOT NULL, "
        "fingerprint BLOB, sealed BLOB NOT NULL, PRIMARY KEY(subject, kind, item)) STRICT, WITHOUT ROWID;"
        "CREATE INDEX by_fingerprint ON sealed_row(kind, fingerprint) WHERE fingerprint IS NOT NULL;"
        "CREATE TABLE key_check(only INTEGER PRIMARY KEY CHECK(only = 1), fingerprint BLOB NOT NULL) STRICT",
    .secure_delete = true,
};

Blob blob_of(std::string_view bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

std::optional<Blob> blob_of(const Fingerprint& fingerprint) {
  if (!fingerprint) return std::nullopt;
  return Blob(fingerprint.bytes);
}

Fingerprint keyed_hash(const SecretKey& key, VaultKind kind, std::string_view text) {
  crypto_generichash_state state;
  Fingerprint out;
  const auto kind_byte = static_cast<uint8_t>(kind);
  crypto_generichash_init(&state, key.data(), key.size(), out.bytes.size());
  crypto_generichash_update(&state, &kind_byte, 1);
  crypto_generichash_update(&state, reinterpret_cast<const uint8_t*>(text.data()), text.size());
  crypto_generichash_final(&state, out.bytes.data(), out.bytes.size());
  BAYWARD_CHECK(static_cast<bool>(out));  // 2^-128
  return out;
}

// A vault opened with another vault's key would look empty or damaged row by row: said once, at the start.
Status check_key(sqlite::Database& database, const VaultKeys& keys, const std::filesystem::path& path) {
  const Fingerprint ours = keyed_hash(keys.fingerprint, VaultKind{}, "key check");
  auto stored = database.run("INSERT OR IGNORE INTO key_check VALUES (1, ?1)", Blob(ours.bytes));
  if (!stored.ok()) return fail(sqlite::explain(stored.error(), "open the vault", path).message);
  auto same = database.query_integer("SELECT fingerprint = ?1 FROM key_check", Blob(ours.bytes));
  if (!same.ok()) return fail(sqlite::explain(same.error(), "open the vault", path).message);
  if (*same == 1) return Done{};
  return fail("the key file vault.key does not belong to " + path.string() +
              ". Restore the key file and the vault from the same backup.");
}

}  // namespace

Result<std::unique_ptr<SqliteVault>> SqliteVault::open(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "vault.db";
  std::error_code ignored;
  const bool first_start = !std::filesystem::exists(path, ignored);
  auto keys = load_vault_keys(directory / "vault.key", first_start);
  if (!keys.ok()) return Failure{keys.error()};
  auto database = sqlite::open_store(path, format, {.mode = sqlite::OpenMode::create});
  if (!database.ok()) return fail(database.error().message);
  auto checked = check_key(*database, *keys, path);
  if (!checked.ok()) return Failure{checked.error()};
  return std::unique_ptr<SqliteVault>(new SqliteVault(path, std::move(database).value(), *keys));
}

Failure<Error> SqliteVault::failed(const sqlite::SqlError& error, const char* doing) const {
  return fail(sqlite::explain(error, doing, path_).message);
}

sqlite::SqlResult<Done> SqliteVault::put_sealed(const VaultRow& row) {
  const std::string sealed = seal(keys_.seal, row.key, row.text);
  return database_.run("INSERT OR REPLACE INTO sealed_row VALUES (?1, ?2, ?3, ?4, ?5)", row.key.subject.value,
                       row.key.kind, row.key.item, blob_of(row.fingerprint), blob_of(sealed));
}

Status SqliteVault::put_all(const std::vector<VaultRow>& rows) {
  for (const VaultRow& row : rows) {
    const size_t most =
        row.key.kind == VaultKind::plate_picture ? limits::vault_picture_bytes : limits::vault_text_bytes;
    if (row.text.size() > most) {
      return fail("a text of " + std::to_string(row.text.size()) + " bytes is too long for the vault, which keeps " +
                  std::to_string(most));
    }
  }
  const std::lock_guard lock(mutex_);
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction.ok()) return failed(transaction.error(), "write to the vault");
  for (const VaultRow& row : rows) {
    auto stored = put_sealed(row);
    if (!stored.ok()) return failed(stored.error(), "write to the vault");
  }
  auto committed = transaction->commit();
  if (!committed.ok()) return failed(committed.error(), "write to the vault");
  return Done{};
}

Result<std::optional<std::string>> SqliteVault::get(const VaultKey& key) {
  const std::lock_guard lock(mutex_);
  auto rows = database_.query("SELECT sealed FROM sealed_row WHERE subject=?1 AND kind=?2 AND item=?3",
                              key.subject.value, key.kind, key.item);
  if (!rows.ok()) return failed(rows.error(), "read the vault");
  auto more = rows->next();
  if (!more.ok()) return failed(more.error(), "read the vault");
  if (!*more) return std::optional<std::string>{};
  auto text = unseal(keys_.seal, key, (*rows)->blob(0));
  if (!text) return fail("a row of the vault " + path_.string() + " is damaged. Restore the vault from a backup.");
  return text;
}

Result<std::vector<VaultKey>> SqliteVault::find(VaultKind kind, const Fingerprint& fingerprint) {
  std::vector<VaultKey> found;
  if (!fingerprint) return found;
  const std::lock_guard lock(mutex_);
  auto rows =
      database_.query("SELECT subject, item FROM sealed_row WHERE kind=?1 AND fingerprint=?2 ORDER BY subject, item",
                      kind, Blob(fingerprint.bytes));
  if (!rows.ok()) return failed(rows.error(), "search the vault");
  while (true) {
    auto more = rows->next();
    if (!more.ok()) return failed(more.error(), "search the vault");
    if (!*more) return found;
    const auto subject = static_cast<uint64_t>((*rows)->integer(0));
    found.push_back({AccountId{subject}, kind, static_cast<uint64_t>((*rows)->integer(1))});
  }
}

Result<std::vector<VaultRow>> SqliteVault::all_of(AccountId subject) {
  std::vector<VaultRow> found;
  const std::lock_guard lock(mutex_);
  auto rows = database_.query("SELECT kind, item, fingerprint, sealed FROM sealed_row WHERE subject=?1", subject.value);
  if (!rows.ok()) return failed(rows.error(), "read the vault");
  while (true) {
    auto more = rows->next();
    if (!more.ok()) return failed(more.error(), "read the vault");
    if (!*more) return found;
    VaultRow row;
    row.key = {subject, static_cast<VaultKind>((*rows)->integer(0)), static_cast<uint64_t>((*rows)->integer(1))};
    const Blob fingerprint = (*rows)->blob(2);
    if (fingerprint.size() == row.fingerprint.bytes.size()) {
      std::copy(fingerprint.begin(), fingerprint.end(), row.fingerprint.bytes.begin());
    }
    auto text = unseal(keys_.seal, row.key, (*rows)->blob(3));
    if (!text) return fail("a row of the vault " + path_.string() + " is damaged. Restore the vault from a backup.");
    row.text = std::move(*text);
    found.push_back(std::move(row));
  }
}

Status SqliteVault::remove(const VaultKey& key) {
  const std::lock_guard lock(mutex_);
  return erased(database_.run("DELETE FROM sealed_row WHERE subject=?1 AND kind=?2 AND item=?3", key.subject.value,
                              key.kind, key.item));
}

Status SqliteVault::erase_subject(AccountId subject) {
  if (!subject) return fail("only what belongs to an account can be erased as a whole");
  const std::lock_guard lock(mutex_);
  return erased(database_.run("DELETE FROM sealed_row WHERE subject=?1", subject.value));
}

// The log would keep the pages as they were before: it is emptied at once.
Status SqliteVault::erased(const sqlite::SqlResult<Done>& outcome) {
  if (!outcome.ok()) return failed(outcome.error(), "erase from the vault");
  auto emptied = database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!emptied.ok()) return failed(emptied.error(), "empty the log of the vault after erasing");
  return Done{};
}

Fingerprint SqliteVault::fingerprint(VaultKind kind, std::string_view normalised) const {
  return keyed_hash(keys_.fingerprint, kind, normalised);
}

}  // namespace bayward
