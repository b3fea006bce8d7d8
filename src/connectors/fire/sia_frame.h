// Frames of ANSI/SIA DC-09: written, encrypted, and found again in whatever a receiver sends. Pure but for the random
// padding, which is given.
//
// LF | CRC 4 hex | length 4 hex | "id" sequence L line #account [data]_time | CR
// Encrypted: the id begins with *, and what follows [ is AES-CBC in hexadecimal over padding, |, data, ], time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"

namespace bayward::fire {

using RandomBytes = std::function<void(std::span<uint8_t> out)>;
// From OpenSSL.
void random_bytes(std::span<uint8_t> out);

// CRC-16 with the polynomial 0xA001, from 0.
uint16_t sia_crc(std::string_view bytes);

// "_HH:MM:SS,MM-DD-YYYY" in UTC.
std::string sia_time(Instant wall);
// Without the underscore.
std::optional<Instant> parse_sia_time(std::string_view text);

// Puts LF, CRC, length and CR round it.
std::string sia_frame(std::string_view content);

// 16, 24 or 32 bytes.
class SiaKey {
 public:
  static std::optional<SiaKey> parse(std::string_view hex);
  // Upper-case hexadecimal of the padded text; the padding is random and has none of "[|]".
  std::string encrypt(std::string_view text, const RandomBytes& random) const;
  // What follows the padding's "|". Nothing when it isn't whole blocks or has no "|".
  std::optional<std::string> decrypt(std::string_view hex) const;

 private:
  std::string bytes_;
};

struct SiaMessage {
  std::string id;  // ACK, *ACK, NAK, DUH, ...
  uint32_t sequence = 0;
  std::string data;  // after "["; up to the end of the frame
  friend bool operator==(const SiaMessage&, const SiaMessage&) = default;
};
// The content of a frame; nothing when it has another form.
std::optional<SiaMessage> parse_sia(std::string_view content);

// Keeps at most one incomplete frame. Whatever isn't part of a good frame is skipped and counted.
class SiaReader {
 public:
  void feed(std::string_view bytes) { buffer_ += bytes; }
  std::optional<SiaMessage> next();
  size_t garbage_bytes() const { return garbage_; }
  void reset();

 private:
  std::string buffer_;
  size_t garbage_ = 0;
};

}  // namespace bayward::fire
