// The vault in a SQLite file of its own (`vault.db`, key in `vault.key`). Each text is sealed with XChaCha20-Poly1305
// under a key derived for its row, with the row's identity as associated data: rows can't be read, swapped or moved
// without the key. Subject, kind and fingerprint stand in the clear: they say nothing without the key either. Deleted
// rows are overwritten, in the log as well.
//
// Any thread: a mutex serialises. It guards no business state, only the connection.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "journal/sqlite/database.h"
#include "journal/vault/key_file.h"
#include "ports/vault.h"

namespace bayward {

class SqliteVault final : public Vault {
 public:
  // Creates database and key file on first start. The directory exists and is locked by the journal.
  static Result<std::unique_ptr<SqliteVault>> open(const std::filesystem::path& directory);

  Status put_all(const std::vector<VaultRow>& rows) override;
  Result<std::optional<std::string>> get(const VaultKey& key) override;
  Result<std::vector<VaultKey>> find(VaultKind kind, const Fingerprint& fingerprint) override;
  Result<std::vector<VaultRow>> all_of(AccountId subject) override;
  Status remove(const VaultKey& key) override;
  Status erase_subject(AccountId subject) override;
  Fingerprint fingerprint(VaultKind kind, std::string_view normalised) const override;

  const VaultKeys& keys() const { return keys_; }

 private:
  SqliteVault(std::filesystem::path path, sqlite::Database database, VaultKeys keys)
      : path_(std::move(path)), database_(std::move(database)), keys_(std::move(keys)) {}

  sqlite::SqlResult<Done> put_sealed(const VaultRow& row);
  Status erased(const sqlite::SqlResult<Done>& outcome);
  Failure<Error> failed(const sqlite::SqlError& error, const char* doing) const;

  const std::filesystem::path path_;
  std::mutex mutex_;
  sqlite::Database database_;
  const VaultKeys keys_;
};

}  // namespace bayward
