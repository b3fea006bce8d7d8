#include "connectors/wire/gb18030.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "base/utf8.h"

namespace bayward::wire {
namespace {

class Converter {
 public:
  Converter() : handle_(iconv_open("GB18030", "UTF-8")) {}
  ~Converter() {
    if (usable()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // Of one character.
  std::optional<std::string> convert(std::string character) const {
    if (!usable()) return std::nullopt;
    std::array<char, 8> out{};
    char* in = character.data();
    char* end = out.data();
    size_t in_left = character.size();
    size_t out_left = out.size();
    if (iconv(handle_, &in, &in_left, &end, &out_left) == size_t(-1)) return std::nullopt;
    return std::string(out.data(), out.size() - out_left);
  }

 private:
  // iconv_open() fails with the value -1 (POSIX), which a machine without the GB18030 table gives.
  bool usable() const { return reinterpret_cast<intptr_t>(handle_) != -1; }
  iconv_t handle_;
};

size_t character_bytes(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

}  // namespace

std::string to_gb18030(std::string_view utf8, size_t bytes) {
  std::string out;
  if (!is_utf8(utf8)) {
    out = utf8.substr(0, bytes);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
  }
  const Converter converter;
  while (!utf8.empty()) {
    const size_t size = character_bytes(static_cast<unsigned char>(utf8.front()));
    std::string next(utf8.substr(0, size));
    utf8.remove_prefix(size);
    if (size > 1) {
      next = converter.convert(std::move(next)).value_or("?");
    } else if (next.front() < ' ' || next.front() == 0x7f) {
      next = "?";
    }
    if (out.size() + next.size() > bytes) break;
    out += next;
  }
  return out;
}

}  // namespace bayward::wire
