#include "connectors/fire/frame.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "base/check.h"
#include "base/limits.h"
#include "base/zone.h"

namespace bayward::fire {
namespace {

constexpr std::string_view head = "@@";
constexpr std::string_view tail = "##";
constexpr size_t head_bytes = 2;
constexpr size_t control_bytes = 25;  // serial through command
constexpr size_t tail_bytes = 3;      // sum and end
constexpr size_t length_at = 24;
constexpr size_t command_at = 26;

uint8_t byte_at(std::string_view bytes, size_t index) {
  return static_cast<uint8_t>(bytes[index]);
}
uint16_t word_at(std::string_view bytes, size_t index) {
  return static_cast<uint16_t>(byte_at(bytes, index) | byte_at(bytes, index + 1) << 8);
}
void put(std::string& out, uint8_t byte) {
  out += static_cast<char>(byte);
}
void put_word(std::string& out, size_t word) {
  put(out, static_cast<uint8_t>(word & 0xff));
  put(out, static_cast<uint8_t>(word >> 8 & 0xff));
}
char sum_of(std::string_view bytes) {
  return static_cast<char>(std::accumulate(bytes.begin(), bytes.end(), 0U,
                                           [](unsigned sum, char byte) { return sum + static_cast<uint8_t>(byte); }) &
                           0xff);
}
FireAddress address_at(std::string_view bytes, size_t index) {
  FireAddress out{};
  for (size_t i = 0; i < out.size(); ++i) out[i] = byte_at(bytes, index + i);
  return out;
}

// `whole` is one frame with a good sum.
Frame decode(std::string_view whole) {
  Frame frame;
  frame.serial = word_at(whole, 2);
  frame.version_main = byte_at(whole, 4);
  frame.version_user = byte_at(whole, 5);
  frame.time = {byte_at(whole, 6), byte_at(whole, 7),  byte_at(whole, 8),
                byte_at(whole, 9), byte_at(whole, 10), byte_at(whole, 11)};
  frame.source = address_at(whole, 12);
  frame.destination = address_at(whole, 18);
  frame.command = static_cast<FrameCommand>(byte_at(whole, command_at));
  frame.data = whole.substr(head_bytes + control_bytes, word_at(whole, length_at));
  return frame;
}

}  // namespace

std::optional<FireAddress> parse_fire_address(std::string_view text) {
  FireAddress out{};
  if (text.size() != 2 * out.size()) return std::nullopt;
  for (size_t i = 0; i < out.size(); ++i) {
    const char* const from = text.data() + 2 * i;
    const auto [end, error] = std::from_chars(from, from + 2, out[i], 16);
    if (error != std::errc{} || end != from + 2) return std::nullopt;
  }
  return out;
}

FireTime fire_time(Instant at, std::chrono::seconds utc_offset) {
  const Instant wall = at + utc_offset;
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const Date date{day};
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(wall - day));
  return {static_cast<uint8_t>(clock.seconds().count()), static_cast<uint8_t>(clock.minutes().count()),
          static_cast<uint8_t>(clock.hours().count()),   static_cast<uint8_t>(unsigned{date.day()}),
          static_cast<uint8_t>(unsigned{date.month()}),  static_cast<uint8_t>(static_cast<int>(date.year()) % 100)};
}

std::optional<Instant> parse_fire_time(const FireTime& time, std::chrono::seconds utc_offset) {
  const Date date{std::chrono::year{2000 + time.year}, std::chrono::month{time.month}, std::chrono::day{time.day}};
  if (!date.ok() || time.year > 99 || time.hour > 23 || time.minute > 59 || time.second > 59) return std::nullopt;
  const Instant wall = std::chrono::sys_days{date} + std::chrono::hours{time.hour} + std::chrono::minutes{time.minute} +
                       std::chrono::seconds{time.second};
  return wall - utc_offset;
}

std::string encode(const Frame& frame) {
  BAYWARD_CHECK(frame.data.size() <= limits::fire_unit_bytes);
  std::string out(head);
  put_word(out, frame.serial);
  put(out, frame.version_main);
  put(out, frame.version_user);
  for (uint8_t byte :
       {frame.time.second, frame.time.minute, frame.time.hour, frame.time.day, frame.time.month, frame.time.year}) {
    put(out, byte);
  }
  for (uint8_t byte : frame.source) put(out, byte);
  for (uint8_t byte : frame.destination) put(out, byte);
  put_word(out, frame.data.size());
  put(out, static_cast<uint8_t>(frame.command));
  out += frame.data;
  out += sum_of(std::string_view(out).substr(head_bytes));
  out += tail;
  return out;
}

void FrameReader::reset() {
  buffer_.clear();
  garbage_ = 0;
}

FrameReader::Look FrameReader::look(std::string_view bytes) {
  if (bytes.size() < head_bytes + control_bytes) return {Look::need_more, 0};
  const size_t length = word_at(bytes, length_at);
  const uint8_t command = byte_at(bytes, command_at);
  if (length > limits::fire_unit_bytes || command < 1 || command > 6) return {Look::garbage, 0};
  const size_t sum_at = head_bytes + control_bytes + length;
  if (bytes.size() < sum_at + tail_bytes) return {Look::need_more, 0};
  const bool good = bytes[sum_at] == sum_of(bytes.substr(head_bytes, control_bytes + length)) &&
                    bytes.substr(sum_at + 1, tail.size()) == tail;
  return good ? Look{Look::good, sum_at + tail_bytes} : Look{Look::garbage, 0};
}

std::optional<Frame> FrameReader::next() {
  std::optional<Frame> frame;
  const std::string_view bytes(buffer_);
  size_t at = 0;  // everything before it is done with
  for (;;) {
    const size_t start = bytes.find(head, at);
    if (start == std::string_view::npos) {
      // The last byte may be the first half of a start.
      const size_t end = bytes.size() - (bytes.ends_with(head.front()) ? 1 : 0);
      garbage_ += std::max(end, at) - at;
      at = std::max(end, at);
      break;
    }
    garbage_ += start - at;
    at = start;
    const Look found = look(bytes.substr(at));
    if (found.what == Look::need_more) break;
    if (found.what == Look::good) {
      frame = decode(bytes.substr(at, found.bytes));
      at += found.bytes;
      garbage_ = 0;
      break;
    }
    ++garbage_;
    ++at;
  }
  buffer_.erase(0, at);
  return frame;
}

}  // namespace bayward::fire
