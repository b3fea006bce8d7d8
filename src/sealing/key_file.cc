#include "sealing/key_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/check.h"

namespace bayward {
namespace {

constexpr size_t digits = 2 * SecretKey::size();
constexpr size_t line_bytes_max = 128;

// "mark 0123..ef\n", wiped when done with.
class Line {
 public:
  explicit Line(std::string_view text = {}) : text_(text) {}
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { sodium_memzero(text_.data(), text_.size()); }
  std::string& text() { return text_; }

 private:
  std::string text_;
};

Failure<Error> failed(const char* what, const KeyFile& file) {
  return fail(std::string("cannot ") + what + " " + std::string(file.name) + " " + file.path.string() + ": " +
              std::strerror(errno) + ". This program's user must own it and may read and write its directory.");
}

Result<SecretKey> parse(std::string_view line, const KeyFile& file) {
  SecretKey key;
  size_t size = 0;
  const bool well_formed =
      line.size() == file.mark.size() + 1 + digits + 1 && line.starts_with(file.mark) &&
      line[file.mark.size()] == ' ' && line.back() == '\n' &&
      sodium_hex2bin(key.data(), key.size(), line.data() + file.mark.size() + 1, digits, nullptr, &size, nullptr) == 0;
  if (!well_formed || size != key.size()) {
    return fail(std::string(file.name) + " " + file.path.string() +
                " is damaged. Restore it from its backup. Without one: " + std::string(file.when_lost));
  }
  return key;
}

Result<SecretKey> read_key(int fd, const KeyFile& file) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return failed("look at", file);
  if ((status.st_mode & 077) != 0) {
    return fail(std::string(file.name) + " " + file.path.string() +
                " may be read or written by others. Run: chmod 600 " + file.path.string());
  }
  Line line(std::string(line_bytes_max, '\0'));
  const ssize_t size = ::read(fd, line.text().data(), line.text().size());
  if (size < 0) return failed("read", file);
  return parse(std::string_view(line.text()).substr(0, static_cast<size_t>(size)), file);
}

bool sync_directory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

// Under another name first: a key file is whole or absent, and one that is there is never overwritten.
Result<SecretKey> make_key(const KeyFile& file) {
  SecretKey key;
  randombytes_buf(key.data(), key.size());
  std::array<char, digits + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), key.data(), key.size());
  Line line(std::string(file.mark) + " " + hex.data() + "\n");
  sodium_memzero(hex.data(), hex.size());

  const std::filesystem::path temporary = file.path.string() + ".tmp";
  ::unlink(temporary.c_str());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return failed("create", file);
  const auto size = static_cast<ssize_t>(line.text().size());
  const bool written = ::write(fd, line.text().data(), line.text().size()) == size && ::fsync(fd) == 0;
  ::close(fd);
  const bool placed = written && ::link(temporary.c_str(), file.path.c_str()) == 0;
  const int error = errno;
  ::unlink(temporary.c_str());
  errno = error;
  if (!placed || !sync_directory(file.path.parent_path())) return failed("write", file);
  return key;
}

}  // namespace

SecretKey::~SecretKey() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

Result<SecretKey> load_key(const KeyFile& file, bool create) {
  BAYWARD_CHECK(sodium_init() >= 0);
  BAYWARD_CHECK(file.mark.size() + digits + 2 < line_bytes_max);
  const int fd = ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) {
    if (create) return make_key(file);
    return fail(std::string(file.name) + " " + file.path.string() +
                " is missing. Restore it from its backup. Without one: " + std::string(file.when_lost));
  }
  if (fd < 0) return failed("open", file);
  auto key = read_key(fd, file);
  ::close(fd);
  return key;
}

SecretKey derived_key(const SecretKey& master, std::string_view context, uint64_t number) {
  BAYWARD_CHECK(context.size() == crypto_kdf_CONTEXTBYTES);
  SecretKey out;
  BAYWARD_CHECK(crypto_kdf_derive_from_key(out.data(), out.size(), number, context.data(), master.data()) == 0);
  return out;
}

}  // namespace bayward
