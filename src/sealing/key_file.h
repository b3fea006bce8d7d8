// A master key in a file that only its owner may read, made on first start. Whoever copies the data without it has
// nothing, and without it the data is lost: it belongs in the backup, apart from the data. Any thread.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "sealing/secret_key.h"

namespace bayward {

struct KeyFile {
  std::filesystem::path path;
  std::string_view mark;       // the file is one line: this word, a space and 64 hexadecimal digits
  std::string_view name;       // for people: "the vault's key file"
  std::string_view when_lost;  // for people: what to do without it
};

// Reads it, or makes it when it isn't there and `create` says so. Fails when others may read it, it is damaged or
// missing, and says what to do.
Result<SecretKey> load_key(const KeyFile& file, bool create);

// A key of its own for each use of a master key. `context` has 8 characters.
SecretKey derived_key(const SecretKey& master, std::string_view context, uint64_t number);

}  // namespace bayward
