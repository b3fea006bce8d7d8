#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "base/limits.h"
#include "journal/testing.h"
#include "journal/vault/row_sealing.h"
#include "journal/vault/sodium_passwords.h"
#include "journal/vault/sqlite_vault.h"
#include "ports/fake_vault.h"

namespace bayward {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::TemporaryDirectory;

constexpr AccountId ann{0x100000001};
constexpr AccountId bob{0x100000002};

std::unique_ptr<SqliteVault> open_or_fail(const std::filesystem::path& directory) {
  auto vault = SqliteVault::open(directory);
  EXPECT_TRUE(vault.ok()) << vault.error().message;
  return std::move(vault).value();
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// What every driver does.
void expect_contract(Vault& vault) {
  const Fingerprint phone = vault.fingerprint(VaultKind::phone, "+4915112345678");
  EXPECT_TRUE(phone);
  EXPECT_EQ(phone, vault.fingerprint(VaultKind::phone, "+4915112345678"));
  EXPECT_NE(phone, vault.fingerprint(VaultKind::phone, "+4915112345679"));
  EXPECT_NE(phone, vault.fingerprint(VaultKind::plate, "+4915112345678"));

  const VaultKey ann_phone{ann, VaultKind::phone, 0};
  EXPECT_EQ(vault.get(ann_phone).value(), std::nullopt);
  ASSERT_TRUE(vault.put({ann_phone, "+4915112345678", phone}).ok());
  ASSERT_TRUE(vault.put_all({{{ann, VaultKind::name, 0}, "Ann", {}}, {{bob, VaultKind::phone, 0}, "+49", phone}}).ok());
  EXPECT_EQ(vault.get(ann_phone).value(), "+4915112345678");
  EXPECT_THAT(vault.find(VaultKind::phone, phone).value(), ElementsAre(ann_phone, VaultKey{bob, VaultKind::phone, 0}));
  EXPECT_THAT(vault.find(VaultKind::plate, phone).value(), IsEmpty());
  EXPECT_THAT(vault.find(VaultKind::name, Fingerprint{}).value(), IsEmpty());

  ASSERT_TRUE(vault.put({ann_phone, "changed", {}}).ok());
  EXPECT_EQ(vault.get(ann_phone).value(), "changed");
  EXPECT_THAT(vault.find(VaultKind::phone, phone).value(), ElementsAre(VaultKey{bob, VaultKind::phone, 0}));

  const auto held = vault.all_of(ann);
  ASSERT_TRUE(held.ok());
  ASSERT_EQ(held->size(), 2u);
  EXPECT_EQ((*held)[0].text, "Ann");

  ASSERT_TRUE(vault.remove({ann, VaultKind::name, 0}).ok());
  EXPECT_EQ(vault.get({ann, VaultKind::name, 0}).value(), std::nullopt);
  ASSERT_TRUE(vault.erase_subject(ann).ok());
  EXPECT_THAT(vault.all_of(ann).value(), IsEmpty());
  EXPECT_EQ(vault.get({bob, VaultKind::phone, 0}).value(), "+49");
  EXPECT_FALSE(vault.erase_subject(AccountId{}).ok());
}

TEST(Vault, KeepsFindsAndErases) {
  TemporaryDirectory directory;
  expect_contract(*open_or_fail(directory.path()));
  FakeVault fake;
  expect_contract(fake);
}

TEST(Vault, IsThereAfterReopeningAndNothingInItsFilesIsReadable) {
  TemporaryDirectory directory;
  const std::string secret = "a name nobody else has 4711";
  Fingerprint fingerprint;
  {
    auto vault = open_or_fail(directory.path());
    fingerprint = vault->fingerprint(VaultKind::name, secret);
    ASSERT_TRUE(vault->put({{ann, VaultKind::name, 0}, secret, fingerprint}).ok());
  }
  auto vault = open_or_fail(directory.path());
  EXPECT_EQ(vault->get({ann, VaultKind::name, 0}).value(), secret);
  EXPECT_EQ(vault->fingerprint(VaultKind::name, secret), fingerprint);
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    EXPECT_EQ(bytes_of(entry.path()).find("4711"), std::string::npos) << entry.path();
  }
}

TEST(Vault, ErasedRowsAreGoneFromTheFilesToo) {
  TemporaryDirectory directory;
  auto vault = open_or_fail(directory.path());
  ASSERT_TRUE(vault->put({{ann, VaultKind::name, 0}, std::string(300, 'n'), {}}).ok());
  ASSERT_TRUE(vault->put({{bob, VaultKind::name, 0}, "stays", {}}).ok());
  std::string sealed;
  {
    auto raw = sqlite::Database::open(directory / "vault.db", {.mode = sqlite::OpenMode::read_only});
    auto rows = raw->query("SELECT sealed FROM sealed_row WHERE subject=?1", ann.value);
    ASSERT_TRUE(rows->next().value());
    const auto blob = (*rows)->blob(0);
    sealed.assign(blob.begin(), blob.end());
  }
  const auto traces = [&] {
    size_t count = 0;
    for (const char* file : {"vault.db", "vault.db-wal"}) {
      count += bytes_of(directory / file).find(sealed.substr(0, 40)) != std::string::npos ? 1 : 0;
    }
    return count;
  };
  EXPECT_GT(traces(), 0u);
  ASSERT_TRUE(vault->erase_subject(ann).ok());
  EXPECT_EQ(traces(), 0u);
  EXPECT_EQ(vault->get({bob, VaultKind::name, 0}).value(), "stays");
}

TEST(Vault, MissingForeignDamagedOrReadableKeyFileIsRefusedWithWhatToDo) {
  TemporaryDirectory directory;
  open_or_fail(directory.path());
  const std::filesystem::path key = directory / "vault.key";
  struct stat status {};
  ASSERT_EQ(::stat(key.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const std::string content = bytes_of(key);

  ASSERT_EQ(::chmod(key.c_str(), 0640), 0);
  EXPECT_THAT(SqliteVault::open(directory.path()).error().message, HasSubstr("chmod 600"));
  std::filesystem::remove(key);
  EXPECT_THAT(SqliteVault::open(directory.path()).error().message, HasSubstr("is missing. Restore it"));
  EXPECT_FALSE(std::filesystem::exists(key)) << "a new key must not hide that the old one is lost";

  const auto write_key = [&](const std::string& text) {
    std::ofstream(key, std::ios::trunc) << text;
    ::chmod(key.c_str(), 0600);
  };
  write_key(content.substr(0, 50));
  EXPECT_THAT(SqliteVault::open(directory.path()).error().message, HasSubstr("is damaged"));
  std::string other = content;
  other[30] = other[30] == '0' ? '1' : '0';
  write_key(other);
  EXPECT_THAT(SqliteVault::open(directory.path()).error().message, HasSubstr("does not belong to"));
  write_key(content);
  EXPECT_TRUE(SqliteVault::open(directory.path()).ok());
}

TEST(Vault, RowPutInAnotherRowsPlaceIsNoticed) {
  TemporaryDirectory directory;
  auto vault = open_or_fail(directory.path());
  ASSERT_TRUE(vault->put_all({{{ann, VaultKind::name, 0}, "Ann", {}}, {{bob, VaultKind::name, 0}, "Bob", {}}}).ok());
  {
    auto raw = sqlite::Database::open(directory / "vault.db", {.mode = sqlite::OpenMode::read_write});
    ASSERT_TRUE(
        raw->run("UPDATE sealed_row SET sealed=(SELECT sealed FROM sealed_row WHERE subject=?1)", bob.value).ok());
  }
  EXPECT_EQ(vault->get({bob, VaultKind::name, 0}).value(), "Bob");
  EXPECT_THAT(vault->get({ann, VaultKind::name, 0}).error().message, HasSubstr("damaged"));
}

TEST(Vault, TextBeyondTheLimitIsRefusedAndNothingOfTheBatchKept) {
  TemporaryDirectory directory;
  auto vault = open_or_fail(directory.path());
  const std::string longest(limits::vault_text_bytes, 'x');
  ASSERT_TRUE(vault->put({{ann, VaultKind::name, 0}, longest, {}}).ok());
  EXPECT_FALSE(
      vault->put_all({{{bob, VaultKind::name, 0}, "b", {}}, {{bob, VaultKind::name, 1}, longest + "x", {}}}).ok());
  EXPECT_THAT(vault->all_of(bob).value(), IsEmpty());
}

TEST(Vault, IsUsableFromSeveralThreads) {
  TemporaryDirectory directory;
  auto vault = open_or_fail(directory.path());
  std::vector<std::thread> threads;
  for (uint64_t t = 1; t <= 4; ++t) {
    threads.emplace_back([&vault, t] {
      for (uint64_t i = 0; i < 50; ++i) {
        EXPECT_TRUE(vault->put({{AccountId{t}, VaultKind::plate, i}, std::to_string(t * i), {}}).ok());
        EXPECT_EQ(vault->get({AccountId{t}, VaultKind::plate, i}).value(), std::to_string(t * i));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Sealing, OpensOnlyForItsRowAndUnchanged) {
  const VaultKeys keys = fake_vault_keys("test");
  const VaultKey row{ann, VaultKind::name, 7};
  for (const std::string& text : {std::string(), std::string("Ann"), std::string(4096, 'x')}) {
    const std::string sealed = seal(keys.seal, row, text);
    const auto bytes = std::span(reinterpret_cast<const uint8_t*>(sealed.data()), sealed.size());
    EXPECT_EQ(unseal(keys.seal, row, bytes), text);
    EXPECT_NE(seal(keys.seal, row, text), sealed);
    EXPECT_EQ(unseal(keys.digest, row, bytes), std::nullopt);
    EXPECT_EQ(unseal(keys.seal, {bob, VaultKind::name, 7}, bytes), std::nullopt);
    EXPECT_EQ(unseal(keys.seal, {ann, VaultKind::phone, 7}, bytes), std::nullopt);
    EXPECT_EQ(unseal(keys.seal, {ann, VaultKind::name, 8}, bytes), std::nullopt);
    EXPECT_EQ(unseal(keys.seal, row, bytes.first(bytes.size() - 1)), std::nullopt);
    for (size_t i = 0; i < std::min<size_t>(sealed.size(), 60); ++i) {
      std::string changed = sealed;
      changed[i] ^= 1;
      EXPECT_EQ(unseal(keys.seal, row, {reinterpret_cast<const uint8_t*>(changed.data()), changed.size()}),
                std::nullopt);
    }
  }
}

TEST(Passwords, OfPeopleAreArgon2idWithTheirOwnSalt) {
  const SodiumPasswords passwords(fake_vault_keys("test"));
  const auto hash = passwords.hash_password("correct horse");
  ASSERT_TRUE(hash.ok());
  EXPECT_THAT(*hash, testing::StartsWith("$argon2id$"));
  EXPECT_NE(*hash, *passwords.hash_password("correct horse"));
  EXPECT_TRUE(passwords.verify_password(*hash, "correct horse"));
  EXPECT_FALSE(passwords.verify_password(*hash, "correct horsf"));
  EXPECT_FALSE(passwords.verify_password("", ""));
  EXPECT_FALSE(passwords.verify_password("not a hash", "x"));
}

TEST(Passwords, MachineSecretsAreDigestedWithTheKey) {
  const SodiumPasswords passwords(fake_vault_keys("test"));
  const SodiumPasswords others(fake_vault_keys("other"));
  const std::string secret = passwords.new_secret();
  EXPECT_EQ(secret.size(), 32u);
  EXPECT_NE(secret, passwords.new_secret());
  const std::string digest = passwords.digest_secret(secret);
  EXPECT_TRUE(passwords.verify_secret(digest, secret));
  EXPECT_FALSE(passwords.verify_secret(digest, secret + "0"));
  EXPECT_FALSE(passwords.verify_secret(digest, ""));
  EXPECT_FALSE(passwords.verify_secret("", secret));
  EXPECT_FALSE(others.verify_secret(digest, secret));
}

}  // namespace
}  // namespace bayward
