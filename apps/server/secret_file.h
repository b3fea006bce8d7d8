// A secret that the configuration names by its file.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace bayward {

inline constexpr size_t secret_min_chars = 16;  // of one that signs

// The first line of a file that only the server reads.
Result<std::string> read_secret(const std::filesystem::path& file, size_t min_chars);

}  // namespace bayward
