#include "secret_file.h"

#include <fmt/format.h>

#include <fstream>

namespace bayward {
namespace {

constexpr size_t secret_max_chars = 4096;

}  // namespace

Result<std::string> read_secret(const std::filesystem::path& file, size_t min_chars) {
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line)) return fail(fmt::format("{}: can't be read, or is empty", file.string()));
  if (line.ends_with('\r')) line.pop_back();
  if (line.size() < min_chars || line.size() > secret_max_chars) {
    return fail(
        fmt::format("{}: its first line must have {} to {} characters", file.string(), min_chars, secret_max_chars));
  }
  return line;
}

}  // namespace bayward
