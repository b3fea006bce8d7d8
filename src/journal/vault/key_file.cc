#include "journal/vault/key_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/check.h"
#include "journal/sqlite/store.h"

namespace bayward {

namespace {

// One line: "bayward-vault-key-1 " and 64 hexadecimal digits.
constexpr std::string_view prefix = "bayward-vault-key-1 ";
constexpr size_t line_bytes = prefix.size() + 2 * SecretKey::size() + 1;

VaultKeys derive(const SecretKey& master) {
  constexpr char context[crypto_kdf_CONTEXTBYTES + 1] = "BAYVAULT";
  VaultKeys keys;
  uint64_t number = 0;
  for (SecretKey* key : {&keys.seal, &keys.fingerprint, &keys.digest}) {
    BAYWARD_CHECK(crypto_kdf_derive_from_key(key->data(), key->size(), ++number, context, master.data()) == 0);
  }
  return keys;
}

Failure<Error> failed(const char* what, const std::filesystem::path& path) {
  return fail(std::string("cannot ") + what + " the vault's key file " + path.string() + ": " + std::strerror(errno) +
              ". The server's user must own it and may read and write its directory.");
}

Result<SecretKey> parse(std::string_view line, const std::filesystem::path& path) {
  SecretKey key;
  size_t size = 0;
  const bool well_formed =
      line.size() == line_bytes && line.starts_with(prefix) && line.back() == '\n' &&
      sodium_hex2bin(key.data(), key.size(), line.data() + prefix.size(), 2 * key.size(), nullptr, &size, nullptr) == 0;
  if (!well_formed || size != key.size()) {
    return fail("the vault's key file " + path.string() + " is damaged. Restore it from its backup.");
  }
  return key;
}

// Reads from an open file; wipes what it read.
Result<SecretKey> read_key(int fd, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return failed("look at", path);
  if ((status.st_mode & 077) != 0) {
    return fail("the vault's key file " + path.string() + " may be read or written by others. Run: chmod 600 " +
                path.string());
  }
  std::array<char, line_bytes + 1> line{};
  const ssize_t size = ::read(fd, line.data(), line.size());
  if (size < 0) return failed("read", path);
  auto key = parse(std::string_view(line.data(), static_cast<size_t>(size)), path);
  sodium_memzero(line.data(), line.size());
  return key;
}

// Under another name first: a key file is whole or absent, and one that is there is never overwritten.
Result<SecretKey> make_key(const std::filesystem::path& path) {
  SecretKey key;
  randombytes_buf(key.data(), key.size());
  std::array<char, line_bytes + 1> line{};
  std::memcpy(line.data(), prefix.data(), prefix.size());
  sodium_bin2hex(line.data() + prefix.size(), 2 * key.size() + 1, key.data(), key.size());
  line[line_bytes - 1] = '\n';

  const std::filesystem::path temporary = path.string() + ".tmp";
  ::unlink(temporary.c_str());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return failed("create", path);
  const bool written = ::write(fd, line.data(), line_bytes) == static_cast<ssize_t>(line_bytes) && ::fsync(fd) == 0;
  sodium_memzero(line.data(), line.size());
  ::close(fd);
  const bool placed = written && ::link(temporary.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::unlink(temporary.c_str());
  errno = error;
  if (!placed || !sqlite::sync_directory(path.parent_path())) return failed("write", path);
  return key;
}

}  // namespace

SecretKey::~SecretKey() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

Result<VaultKeys> load_vault_keys(const std::filesystem::path& path, bool create) {
  BAYWARD_CHECK(sodium_init() >= 0);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) {
    if (!create) {
      return fail("the vault's key file " + path.string() +
                  " is missing. Restore it from its backup: without it the stored names, phones and plates can't be "
                  "read by anybody.");
    }
    auto made = make_key(path);
    if (!made.ok()) return Failure{made.error()};
    return derive(*made);
  }
  if (fd < 0) return failed("open", path);
  auto key = read_key(fd, path);
  ::close(fd);
  if (!key.ok()) return Failure{key.error()};
  return derive(*key);
}

VaultKeys fake_vault_keys(std::string_view seed) {
  BAYWARD_CHECK(sodium_init() >= 0);
  SecretKey master;
  crypto_generichash(master.data(), master.size(), reinterpret_cast<const uint8_t*>(seed.data()), seed.size(), nullptr,
                     0);
  return derive(master);
}

}  // namespace bayward
