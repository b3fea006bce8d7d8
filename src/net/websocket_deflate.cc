#include "net/websocket_deflate.h"

#include <zlib.h>

#include <array>
#include <charconv>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "ports/http_util.h"

namespace bayward::net {
namespace {

constexpr int window_bits_max = 15;
constexpr int window_bits_min = 9;  // zlib makes 9 of 8, which the peer would not have room for
constexpr int raw = -1;             // zlib's way to ask for no header
constexpr int memory_level = 5;
constexpr std::string_view tail("\x00\x00\xff\xff", 4);  // taken off each message, 7.2.1

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const size_t end = text.find(at);
    out.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

// 7.1.2: 8 to 15, perhaps in quotes.
std::optional<int> bits_of(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  int bits = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool number = end.ec == std::errc{} && end.ptr == text.data() + text.size() && !text.starts_with('0');
  return number && bits >= 8 && bits <= window_bits_max ? std::optional(bits) : std::nullopt;
}

// Of one offer. Whatever is unknown, wrong or there twice declines it (7.1).
struct Offer {
  bool server_alone = false;  // server_no_context_takeover
  bool client_alone = false;
  std::optional<int> server_bits;
  bool client_bits = false;

  bool take(std::string_view parameter) {
    const size_t equals = parameter.find('=');
    const std::string_view name = trimmed(parameter.substr(0, equals));
    const bool has_value = equals != std::string_view::npos;
    const auto bits = has_value ? bits_of(trimmed(parameter.substr(equals + 1))) : std::nullopt;
    if (name == "server_no_context_takeover") return !has_value && !std::exchange(server_alone, true);
    if (name == "client_no_context_takeover") return !has_value && !std::exchange(client_alone, true);
    if (name == "client_max_window_bits") return (!has_value || bits) && !std::exchange(client_bits, true);
    if (name != "server_max_window_bits" || server_bits || !bits) return false;
    server_bits = bits;
    return *bits >= window_bits_min;
  }
};

// What zlib allocates is used again and again by its thread.
struct Stream {
  z_stream z{};
  int (*const end)(z_streamp);

  explicit Stream(int (*how)(z_streamp)) : end(how) {}
  ~Stream() { (void)end(&z); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void read_from(std::string_view text) {
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // NOLINT: zlib does not write there
    z.avail_in = static_cast<uInt>(text.size());
  }
  void write_to(char* room, size_t bytes) {
    z.next_out = reinterpret_cast<Bytef*>(room);
    z.avail_out = static_cast<uInt>(bytes);
  }
};

Stream& deflater(int window_bits) {
  static thread_local std::array<std::unique_ptr<Stream>, window_bits_max + 1> all;
  auto& one = all.at(static_cast<size_t>(window_bits));
  if (one) {
    BAYWARD_CHECK(deflateReset(&one->z) == Z_OK);
  } else {
    one = std::make_unique<Stream>(deflateEnd);
    BAYWARD_CHECK(
        deflateInit2(&one->z, Z_BEST_SPEED, Z_DEFLATED, raw * window_bits, memory_level, Z_DEFAULT_STRATEGY) == Z_OK);
  }
  return *one;
}

Stream& inflater() {
  static thread_local std::unique_ptr<Stream> one;
  if (one) {
    BAYWARD_CHECK(inflateReset(&one->z) == Z_OK);
  } else {
    one = std::make_unique<Stream>(inflateEnd);
    BAYWARD_CHECK(inflateInit2(&one->z, raw * window_bits_max) == Z_OK);
  }
  return *one;
}

}  // namespace

std::optional<DeflateAgreement> agree_on_deflate(std::string_view offers) {
  for (const std::string_view text : split(offers, ',')) {
    const auto parts = split(text, ';');
    if (!equal_without_case(parts.front(), "permessage-deflate")) continue;
    Offer offer;
    bool kept = true;
    for (size_t i = 1; kept && i < parts.size(); ++i) kept = offer.take(parts[i]);
    if (!kept) continue;
    DeflateAgreement out;
    out.answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    out.window_bits = offer.server_bits.value_or(window_bits_max);
    if (offer.server_bits) out.answer += "; server_max_window_bits=" + std::to_string(out.window_bits);
    return out;
  }
  return std::nullopt;
}

std::optional<std::string> deflated(std::string_view text, int window_bits) {
  Stream& stream = deflater(window_bits);
  // As long as the text and its tail: whatever does not fit is not worth it.
  std::string out(text.size() + tail.size(), '\0');
  stream.read_from(text);
  stream.write_to(out.data(), out.size());
  if (deflate(&stream.z, Z_SYNC_FLUSH) != Z_OK || stream.z.avail_in > 0 || stream.z.avail_out == 0) return std::nullopt;
  out.resize(out.size() - stream.z.avail_out);
  if (!std::string_view(out).ends_with(tail)) return std::nullopt;
  out.resize(out.size() - tail.size());
  return out;
}

Inflated inflate_into(std::string& out, std::string_view payload, size_t most) {
  Stream& stream = inflater();
  std::array<char, 8192> room;  // NOLINT: written before it is read
  for (const std::string_view part : {payload, tail}) {
    stream.read_from(part);
    for (;;) {
      stream.write_to(room.data(), room.size());
      const int told = inflate(&stream.z, Z_SYNC_FLUSH);
      const size_t got = room.size() - stream.z.avail_out;
      if (got > most - out.size()) return Inflated::too_big;
      out.append(room.data(), got);
      if (told == Z_STREAM_END) {  // a last block, 7.2.3.4: what follows it begins anew
        BAYWARD_CHECK(inflateReset(&stream.z) == Z_OK);
        if (stream.z.avail_in == 0) break;
        continue;
      }
      if (told == Z_BUF_ERROR && stream.z.avail_in == 0) break;
      if (told != Z_OK) return Inflated::broken;
      if (stream.z.avail_in == 0 && stream.z.avail_out > 0) break;
    }
  }
  return Inflated::whole;
}

}  // namespace bayward::net
