// A file written so that it is there whole or not at all, also after a loss of power. Any thread; waits for the disk.
#pragma once

#include <filesystem>
#include <string_view>

namespace bayward {

// What a file that was not finished is called: whoever finds one may delete it.
inline constexpr std::string_view unfinished_file = ".part";

// Replaces `path`. False: it can't be written, and what was there still is.
bool write_file_durably(const std::filesystem::path& path, std::string_view content);

}  // namespace bayward
