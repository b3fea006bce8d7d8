#include "connectors/fire/sia_frame.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "base/zone.h"

namespace bayward::fire {
namespace {

constexpr size_t block_bytes = 16;
constexpr size_t prefix_bytes = 9;  // LF, CRC, length

template <class Number>
std::optional<Number> number(std::string_view text, int base) {
  Number out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (char c : bytes) {
    out += digits[static_cast<uint8_t>(c) >> 4];
    out += digits[static_cast<uint8_t>(c) & 15];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const auto byte = number<uint8_t>(hex.substr(i, 2), 16);
    if (!byte) return std::nullopt;
    out += static_cast<char>(*byte);
  }
  return out;
}

// AES-CBC with a zero vector (DC-09 5.4.5) and no padding of its own.
std::string aes_cbc(std::string_view key, std::string_view in, bool encrypt) {
  const EVP_CIPHER* cipher = key.size() == 16   ? EVP_aes_128_cbc()
                             : key.size() == 24 ? EVP_aes_192_cbc()
                                                : EVP_aes_256_cbc();
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free);
  const std::array<uint8_t, block_bytes> vector{};
  const auto bytes = [](std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); };
  std::vector<uint8_t> out(in.size() + block_bytes);
  int size = 0;
  int rest = 0;
  const bool done =
      context && EVP_CipherInit_ex(context.get(), cipher, nullptr, bytes(key), vector.data(), encrypt ? 1 : 0) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), out.data(), &size, bytes(in), static_cast<int>(in.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), out.data() + size, &rest) == 1;
  BAYWARD_CHECK(done);  // whole blocks and a key of a right size: it cannot fail
  return {out.begin(), out.begin() + size + rest};
}

}  // namespace

void random_bytes(std::span<uint8_t> out) {
  BAYWARD_CHECK(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

uint16_t sia_crc(std::string_view bytes) {
  unsigned crc = 0;
  for (char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xa001U : crc >> 1;
  }
  return static_cast<uint16_t>(crc);
}

std::string sia_time(Instant wall) {
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const Date date{day};
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(wall - day));
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "_%02d:%02d:%02d,%02u-%02u-%04d", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(date.year()));
  return out.data();
}

std::optional<Instant> parse_sia_time(std::string_view text) {
  if (text.size() != 19 || text[2] != ':' || text[5] != ':' || text[8] != ',' || text[11] != '-' || text[14] != '-') {
    return std::nullopt;
  }
  const auto date = parse_date(std::string(text.substr(15, 4)) + '-' + std::string(text.substr(9, 5)));
  const auto hour = number<uint8_t>(text.substr(0, 2), 10);
  const auto minute = number<uint8_t>(text.substr(3, 2), 10);
  const auto second = number<uint8_t>(text.substr(6, 2), 10);
  if (!date || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return Instant{std::chrono::sys_days{*date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second};
}

std::string sia_frame(std::string_view content) {
  std::array<char, 16> prefix{};
  std::snprintf(prefix.data(), prefix.size(), "\n%04X%04X", unsigned{sia_crc(content)},
                static_cast<unsigned>(content.size()));
  return prefix.data() + std::string(content) + '\r';
}

std::optional<SiaKey> SiaKey::parse(std::string_view hex) {
  auto bytes = from_hex(hex);
  if (!bytes || (bytes->size() != 16 && bytes->size() != 24 && bytes->size() != 32)) return std::nullopt;
  SiaKey key;
  key.bytes_ = std::move(*bytes);
  return key;
}

std::string SiaKey::encrypt(std::string_view text, const RandomBytes& random) const {
  // Never none: what is random at the front makes equal messages look different.
  const size_t padding = block_bytes - (text.size() + 1) % block_bytes;
  std::array<uint8_t, block_bytes> noise{};
  random(noise);
  std::string plain;
  for (size_t i = 0; i < padding; ++i) plain += static_cast<char>('0' + noise[i] % 42);  // '0'..'Y'
  plain += '|';
  plain += text;
  return to_hex(aes_cbc(bytes_, plain, true));
}

std::optional<std::string> SiaKey::decrypt(std::string_view hex) const {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->empty() || bytes->size() % block_bytes != 0) return std::nullopt;
  const std::string plain = aes_cbc(bytes_, *bytes, false);
  const size_t bar = plain.find('|');
  if (bar == std::string::npos) return std::nullopt;
  return plain.substr(bar + 1);
}

std::optional<SiaMessage> parse_sia(std::string_view content) {
  if (content.empty() || content.front() != '"') return std::nullopt;
  const size_t quote = content.find('"', 1);
  if (quote == std::string_view::npos || content.size() < quote + 5) return std::nullopt;
  const auto sequence = number<uint32_t>(content.substr(quote + 1, 4), 10);
  const size_t bracket = content.find('[', quote);
  if (!sequence || bracket == std::string_view::npos) return std::nullopt;
  return SiaMessage{std::string(content.substr(1, quote - 1)), *sequence, std::string(content.substr(bracket + 1))};
}

void SiaReader::reset() {
  buffer_.clear();
  garbage_ = 0;
}

std::optional<SiaMessage> SiaReader::next() {
  const std::string_view bytes(buffer_);
  std::optional<SiaMessage> message;
  size_t at = 0;
  for (;;) {
    const size_t start = std::min(bytes.find('\n', at), bytes.size());
    garbage_ += start - at;
    at = start;
    if (bytes.size() < at + prefix_bytes) break;
    const auto crc = number<uint16_t>(bytes.substr(at + 1, 4), 16);
    const auto length = number<uint16_t>(bytes.substr(at + 5, 4), 16);
    if (crc && length && *length <= limits::sia_message_bytes) {
      const size_t end = at + prefix_bytes + *length;
      if (bytes.size() <= end) break;
      const std::string_view content = bytes.substr(at + prefix_bytes, *length);
      if (bytes[end] == '\r' && sia_crc(content) == *crc) message = parse_sia(content);
      if (message) {
        at = end + 1;
        garbage_ = 0;
        break;
      }
    }
    ++at;
    ++garbage_;
  }
  buffer_.erase(0, at);
  return message;
}

}  // namespace bayward::fire
