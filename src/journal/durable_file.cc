#include "journal/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "journal/sqlite/store.h"

namespace bayward {
namespace {

bool write_and_sync(const std::filesystem::path& path, std::string_view content) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  size_t done = 0;
  while (done < content.size()) {
    const ssize_t written = ::write(file, content.data() + done, content.size() - done);
    if (written <= 0) break;
    done += static_cast<size_t>(written);
  }
  const bool good = done == content.size() && ::fsync(file) == 0;
  return ::close(file) == 0 && good;
}

}  // namespace

bool write_file_durably(const std::filesystem::path& path, std::string_view content) {
  const std::filesystem::path part = path.string() + std::string(unfinished_file);
  std::error_code error;
  bool good = write_and_sync(part, content);
  if (good) std::filesystem::rename(part, path, error);
  good = good && !error;
  if (!good) std::filesystem::remove(part, error);
  return good && sqlite::sync_directory(path.parent_path());
}

}  // namespace bayward
