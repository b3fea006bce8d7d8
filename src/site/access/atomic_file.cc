#include "site/access/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace bayward::site {
namespace {

Failure<Error> failed(const std::filesystem::path& path, std::string_view what) {
  return fail("cannot " + std::string(what) + " " + path.string() + ": " + std::strerror(errno));
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// The rename itself is durable only when its directory is.
void sync_directory(const std::filesystem::path& directory) {
  const int handle = ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

}  // namespace

Status write_file(const std::filesystem::path& path, std::string_view content, FileMode mode) {
  std::filesystem::path beside = path;
  beside += ".new";
  ::unlink(beside.c_str());
  const int file =
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode.secret ? 0600 : 0644);
  if (file < 0) return failed(beside, "create");
  const bool written = write_all(file, content) && ::fsync(file) == 0;
  const int reason = errno;
  if (::close(file) != 0 || !written) {
    errno = written ? errno : reason;
    const auto failure = failed(beside, "write");
    ::unlink(beside.c_str());
    return failure;
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return failed(path, "replace");
  sync_directory(path.parent_path());
  return Done{};
}

Result<std::string> read_file(const std::filesystem::path& path, size_t bytes_max) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return failed(path, "read");
  std::string out(bytes_max + 1, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<size_t>(in.gcount()));
  if (out.size() > bytes_max) {
    return fail(path.string() + " has more than " + std::to_string(bytes_max) + " bytes: not read");
  }
  return out;
}

}  // namespace bayward::site
