#include "journal/sqlite/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace bayward::sqlite {

namespace {

using Kind = JournalError::Kind;

constexpr const char* lock_file = "server.lock";

std::string holder(int fd) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size() - 1, 0);
  const std::string pid(text.data(), size > 0 ? static_cast<size_t>(size) : 0);
  return pid.empty() ? std::string("another process") : "process " + pid;
}

}  // namespace

JournalResult<DirectoryLock> DirectoryLock::acquire(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / lock_file;
  DirectoryLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.fd_ < 0) {
    return Failure{JournalError{Kind::unavailable, "cannot write to the data directory " + directory.string() + ": " +
                                                       std::strerror(errno) +
                                                       ". Give the server's user a directory it may write to."}};
  }
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Failure{JournalError{Kind::unavailable, "cannot lock " + path.string() + ": " + std::strerror(errno) +
                                                         ". The file system must support flock."}};
    }
    return Failure{JournalError{Kind::fenced, "the data directory " + directory.string() + " is in use by " +
                                                  holder(lock.fd_) +
                                                  ". Stop that server first, or choose another data directory."}};
  }
  // For the message above only; the lock holds whether or not this can be written.
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(lock.fd_, 0) == 0) (void)!::pwrite(lock.fd_, pid.data(), pid.size(), 0);
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace bayward::sqlite
