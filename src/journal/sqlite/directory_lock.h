// Keeps a data directory to one server: flock on a file in it, held until destroyed or until the process ends, however
// it ends. Any thread.
#pragma once

#include <filesystem>
#include <utility>

#include "ports/journal.h"

namespace bayward::sqlite {

class DirectoryLock {
 public:
  // `fenced` when another process has it; the message names that process and the directory.
  static JournalResult<DirectoryLock> acquire(const std::filesystem::path& directory);

  DirectoryLock(DirectoryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace bayward::sqlite
