// Helpers of the journal's tests.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/check.h"
#include "ports/journal.h"

namespace bayward::testing_support {

// A new directory, removed with all it holds at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "bayward-test-XXXXXX").string();
    BAYWARD_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// A record whose content follows from its position, so that a reader can tell whether it is the right one.
inline JournalRecord record_at(Position position, size_t bytes = 100) {
  JournalRecord record;
  record.position = position;
  record.at = from_unix_ms(1'700'000'000'000 + static_cast<int64_t>(position) * 7);
  record.body = "record " + std::to_string(position) + " ";
  while (record.body.size() < bytes) record.body += static_cast<char>(record.body.size() * position);
  return record;
}

inline std::vector<JournalRecord> batch_after(Position last, size_t count, size_t bytes = 100) {
  std::vector<JournalRecord> records;
  for (size_t i = 1; i <= count; ++i) records.push_back(record_at(last + i, bytes));
  return records;
}

inline bool same(const JournalRecord& a, const JournalRecord& b) {
  return a.position == b.position && a.at == b.at && a.body == b.body;
}

// Runs `work` in a child process and gives its exit code, or -1 when it ended otherwise.
inline int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  BAYWARD_CHECK(child >= 0);
  if (child == 0) ::_exit(work());
  int status = 0;
  BAYWARD_CHECK(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace bayward::testing_support
