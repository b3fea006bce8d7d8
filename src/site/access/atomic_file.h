// Small files that are whole or as they were: written beside, made durable, renamed over. Any thread; two writers of
// one file agree among themselves.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bayward::site {

// Owner-only when `secret`. A failure names the file and the system's reason ("No space left on device").
struct FileMode {
  bool secret = false;
};
Status write_file(const std::filesystem::path& path, std::string_view content, FileMode mode = {});

// At most `bytes_max`; longer, missing or unreadable is a failure.
Result<std::string> read_file(const std::filesystem::path& path, size_t bytes_max);

}  // namespace bayward::site
