// A fake vault for tests: in memory, nothing sealed, fingerprints and hashes that anybody can make. Any thread.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/prng.h"
#include "ports/vault.h"

namespace bayward {

class FakeVault final : public Vault {
 public:
  Status put_all(const std::vector<VaultRow>& rows) override {
    const std::lock_guard lock(mutex_);
    for (const VaultRow& row : rows) rows_[row.key] = row;
    return Done{};
  }
  Result<std::optional<std::string>> get(const VaultKey& key) override {
    const std::lock_guard lock(mutex_);
    const auto found = rows_.find(key);
    return found == rows_.end() ? std::optional<std::string>{} : found->second.text;
  }
  Result<std::vector<VaultKey>> find(VaultKind kind, const Fingerprint& fingerprint) override {
    const std::lock_guard lock(mutex_);
    std::vector<VaultKey> found;
    for (const auto& [key, row] : rows_) {
      if (fingerprint && key.kind == kind && row.fingerprint == fingerprint) found.push_back(key);
    }
    return found;
  }
  Result<std::vector<VaultRow>> all_of(AccountId subject) override {
    const std::lock_guard lock(mutex_);
    std::vector<VaultRow> found;
    for (const auto& [key, row] : rows_) {
      if (key.subject == subject) found.push_back(row);
    }
    return found;
  }
  Status remove(const VaultKey& key) override {
    const std::lock_guard lock(mutex_);
    rows_.erase(key);
    return Done{};
  }
  Status erase_subject(AccountId subject) override {
    if (!subject) return fail("an account is needed");
    const std::lock_guard lock(mutex_);
    std::erase_if(rows_, [subject](const auto& entry) { return entry.first.subject == subject; });
    return Done{};
  }
  Fingerprint fingerprint(VaultKind kind, std::string_view normalised) const override {
    uint64_t hash = 0xcbf29ce484222325ULL + static_cast<uint64_t>(kind);
    for (const char c : normalised) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3ULL;
    Prng mixed(hash);
    Fingerprint out;
    for (uint8_t& byte : out.bytes) byte = static_cast<uint8_t>(mixed.next());
    out.bytes[0] |= 1;
    return out;
  }

 private:
  std::mutex mutex_;
  std::map<VaultKey, VaultRow> rows_;
};

class FakePasswords final : public Passwords {
 public:
  Result<std::string> hash_password(std::string_view password) const override {
    return "fake-password:" + std::string(password);
  }
  bool verify_password(const std::string& hash, std::string_view password) const override {
    return hash == "fake-password:" + std::string(password);
  }
  std::string digest_secret(std::string_view secret) const override { return "fake-secret:" + std::string(secret); }
  bool verify_secret(std::string_view digest, std::string_view secret) const override {
    return digest == "fake-secret:" + std::string(secret);
  }
  std::string new_secret() const override {
    const std::lock_guard lock(mutex_);
    std::string out;
    while (out.size() < 32) out += "0123456789abcdef"[prng_.below(16)];
    return out;
  }

 private:
  mutable std::mutex mutex_;
  mutable Prng prng_{1};
};

}  // namespace bayward
