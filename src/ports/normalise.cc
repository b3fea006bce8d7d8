#include "ports/normalise.h"

#include <cstdint>

#include "base/limits.h"

namespace bayward {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes one well-formed UTF-8 character off the front; 0 when there is none.
char32_t take_character(std::string_view& text) {
  const auto first = static_cast<uint8_t>(text[0]);
  size_t size = 1;
  char32_t character = first;
  if (first >= 0xe0 && first < 0xf0) {
    size = 3;
    character = first & 0x0f;
  } else if (first >= 0xc2 && first < 0xe0) {
    size = 2;
    character = first & 0x1f;
  } else if (first >= 0x80) {
    return 0;  // of four bytes, or none: no such character stands on a plate
  }
  if (text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    const auto next = static_cast<uint8_t>(text[i]);
    if ((next & 0xc0) != 0x80) return 0;
    character = (character << 6) | (next & 0x3f);
  }
  text.remove_prefix(size);
  return character;
}

bool is_separator(char32_t c) {
  return c == U' ' || c == U'-' || c == U'.' || c == U'\u00b7' || c == U'\u2022' || c == U'\u3000' || c == U'\u00a0';
}

char32_t upper(char32_t c) {
  const bool latin = c >= U'a' && c <= U'z';
  const bool umlaut = c == U'\u00e4' || c == U'\u00f6' || c == U'\u00fc';
  return latin || umlaut ? c - 0x20 : c;
}

bool stands_on_plates(char32_t c) {
  return (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9') || c == U'\u00c4' || c == U'\u00d6' || c == U'\u00dc' ||
         (c >= 0x4e00 && c <= 0x9fff);
}

// Parts of letters, digits and `marks` with dots between them.
bool is_dotted(std::string_view text, std::string_view marks, size_t part_max) {
  size_t part = 0;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == '.' ? part == 0 : !letter && !is_digit(c) && marks.find(c) == std::string_view::npos) return false;
    part = c == '.' ? 0 : part + 1;
    if (part > part_max) return false;
  }
  return part > 0;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

}  // namespace

// RFC 5321 4.1.2: Dot-string @ Domain; 4.5.3.1: 64 and 254 at most, with 63 a label (RFC 1035).
bool is_email(std::string_view text) {
  const size_t at = text.find('@');
  if (at > 64 || text.size() > 254) return false;  // there is none: npos
  const std::string_view domain = text.substr(at + 1);
  if (!is_dotted(text.substr(0, at), "!#$%&'*+-/=?^_`{|}~", 64)) return false;
  return is_dotted(domain, "-", 63) && domain.find('.') != std::string_view::npos;
}

std::optional<std::string> normalise_phone(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  } else if (text.starts_with("00")) {
    text.remove_prefix(2);
  } else {
    return std::nullopt;
  }
  std::string out = "+";
  for (const char c : text) {
    if (is_digit(c)) {
      out += c;
    } else if (c != ' ' && c != '-' && c != '.' && c != '(' && c != ')' && c != '/') {
      return std::nullopt;
    }
    if (out.size() > 16) return std::nullopt;  // ITU-T E.164 6: at most 15 digits
  }
  // No country code begins with 0; nothing shorter than 7 digits is a subscriber's number.
  if (out.size() < 8 || out[1] == '0') return std::nullopt;
  return out;
}

std::optional<std::string> normalise_plate(std::string_view text) {
  std::string out;
  size_t characters = 0;
  while (!text.empty()) {
    const char32_t character = take_character(text);
    if (character == 0) return std::nullopt;
    if (is_separator(character)) continue;
    const char32_t kept = upper(character);
    if (!stands_on_plates(kept) || ++characters > limits::plate_chars) return std::nullopt;
    append_utf8(out, kept);
  }
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace bayward
