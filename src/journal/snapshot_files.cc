#include "journal/snapshot_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>

#include "base/limits.h"
#include "journal/chain.h"
#include "journal/sqlite/store.h"

namespace bayward {

namespace {

// magic, position (8 bytes little endian), chain hash (32), body, SHA-256 of all before (32).
constexpr std::string_view magic = "BAYWSNP1";
constexpr size_t head_bytes = 8 + 8 + 32;
constexpr size_t footer_bytes = 32;
constexpr std::string_view prefix = "snapshot-";
constexpr size_t name_digits = 20;

std::string encode(const StoredSnapshot& stored) {
  std::string bytes(magic);
  bytes.reserve(head_bytes + stored.snapshot.body.size() + footer_bytes);
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(stored.snapshot.position >> (8 * i));
  bytes.append(reinterpret_cast<const char*>(stored.after.data()), stored.after.size());
  bytes += stored.snapshot.body;
  const ChainHash footer = sha256(bytes);
  bytes.append(reinterpret_cast<const char*>(footer.data()), footer.size());
  return bytes;
}

std::optional<StoredSnapshot> decode(std::string bytes) {
  if (bytes.size() < head_bytes + footer_bytes || !bytes.starts_with(magic)) return std::nullopt;
  const std::string_view covered(bytes.data(), bytes.size() - footer_bytes);
  const ChainHash footer = sha256(covered);
  if (std::memcmp(footer.data(), bytes.data() + covered.size(), footer.size()) != 0) return std::nullopt;

  StoredSnapshot stored;
  for (size_t i = 0; i < 8; ++i) {
    stored.snapshot.position |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[8 + i])) << (8 * i);
  }
  std::memcpy(stored.after.data(), bytes.data() + 16, stored.after.size());
  bytes.resize(covered.size());
  bytes.erase(0, head_bytes);
  stored.snapshot.body = std::move(bytes);
  return stored;
}

bool write_durably(const std::filesystem::path& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  bool written = true;
  while (written && !bytes.empty()) {
    const ssize_t size = ::write(fd, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    written = size > 0;
    if (written) bytes.remove_prefix(static_cast<size_t>(size));
  }
  written = written && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  errno = error;
  return written;
}

}  // namespace

std::filesystem::path SnapshotFiles::path_of(Position position) const {
  std::string digits = std::to_string(position);
  digits.insert(0, name_digits - digits.size(), '0');
  return directory_ / (std::string(prefix) + digits);
}

std::vector<Position> SnapshotFiles::positions() const {
  std::vector<Position> found;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.size() != prefix.size() + name_digits || !name.starts_with(prefix)) continue;
    Position position = 0;
    const char* last = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + prefix.size(), last, position);
    if (parsed.ec == std::errc{} && parsed.ptr == last) found.push_back(position);
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

std::optional<StoredSnapshot> SnapshotFiles::load(Position position) const {
  std::ifstream file(path_of(position), std::ios::binary | std::ios::ate);
  if (!file) return std::nullopt;
  std::string bytes(static_cast<size_t>(file.tellg()), '\0');
  if (!file.seekg(0).read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return std::nullopt;
  auto stored = decode(std::move(bytes));
  if (!stored || stored->snapshot.position != position) return std::nullopt;
  return stored;
}

JournalResult<Done> SnapshotFiles::save(const StoredSnapshot& stored) {
  const std::filesystem::path path = path_of(stored.snapshot.position);
  const std::filesystem::path temporary = directory_ / "snapshot.tmp";
  const bool saved = write_durably(temporary, encode(stored)) && ::rename(temporary.c_str(), path.c_str()) == 0 &&
                     sqlite::sync_directory(directory_);
  if (!saved) {
    const std::string reason = std::strerror(errno);
    ::unlink(temporary.c_str());
    return Failure{
        JournalError{JournalError::Kind::unavailable, "cannot write the snapshot " + path.string() + ": " + reason +
                                                          ". Nothing is lost, the next start only takes longer."}};
  }
  prune();
  return Done{};
}

void SnapshotFiles::prune() const {
  const std::vector<Position> found = positions();
  std::error_code ignored;  // what can't be deleted now is deleted with the next snapshot
  for (size_t i = limits::snapshots_kept; i < found.size(); ++i) std::filesystem::remove(path_of(found[i]), ignored);
}

}  // namespace bayward
