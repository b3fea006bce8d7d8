// The commands of bayward-server. Each returns the process's exit code: 0 done, 1 failed (said on standard error).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "config.h"
#include "init_request.h"

namespace bayward {

int serve(const ServerConfig& config);

// Safe to repeat: keeps what is there and adds what is missing.
int init(const ServerConfig& config, InitRequest request);

struct JournalQuery {
  std::filesystem::path directory;
  uint64_t after = 0;
  uint64_t count = ~0ULL;
  std::string stream;  // "site-1": only records that touch it
};
int journal_verify(const JournalQuery& query);
int journal_show(const JournalQuery& query);
int journal_export(const JournalQuery& query);
int journal_replay(const JournalQuery& query);

}  // namespace bayward
