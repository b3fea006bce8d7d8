// Frames of GB/T 26875.3-2011, 6.6: written, and found again in whatever a far side sends. Pure.
//
// 40 40 | serial 2 | version 2 | time 6 | source 6 | destination 6 | length 2 | command 1 | data 0..1024 | sum 1 | 23
// 23 All numbers least significant byte first; the sum is over everything from the serial through the data.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace bayward::fire {

// 6.6.2, the command byte.
enum class FrameCommand : uint8_t { control = 1, send = 2, acknowledge = 3, request = 4, response = 5, refuse = 6 };

// As on the wire, first byte first; the centre gives it to the device.
using FireAddress = std::array<uint8_t, 6>;
// Twelve hexadecimal digits.
std::optional<FireAddress> parse_fire_address(std::string_view text);

// Second, minute, hour, day, month, year of the century: 7, table 1. The clock of the wall, whatever zone that is.
struct FireTime {
  uint8_t second = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0;
  friend bool operator==(const FireTime&, const FireTime&) = default;
};
FireTime fire_time(Instant at, std::chrono::seconds utc_offset);
// Nothing when it is no date or time of day.
std::optional<Instant> parse_fire_time(const FireTime& time, std::chrono::seconds utc_offset);

struct Frame {
  uint16_t serial = 0;
  uint8_t version_main = 1;
  uint8_t version_user = 0;
  FireTime time;
  FireAddress source{};
  FireAddress destination{};
  FrameCommand command = FrameCommand::send;
  std::string data;  // at most limits::fire_unit_bytes
  friend bool operator==(const Frame&, const Frame&) = default;
};
std::string encode(const Frame& frame);

// Keeps at most one incomplete frame. Whatever isn't part of a good frame is skipped and counted.
class FrameReader {
 public:
  void feed(std::string_view bytes) { buffer_ += bytes; }
  // The next good frame, if a whole one is there.
  std::optional<Frame> next();
  // Bytes skipped since the last good frame.
  size_t garbage_bytes() const { return garbage_; }
  void reset();

 private:
  struct Look {
    enum What : uint8_t { good, need_more, garbage } what;
    size_t bytes;  // of a good frame
  };
  // At bytes that begin with the start characters.
  static Look look(std::string_view bytes);

  std::string buffer_;
  size_t garbage_ = 0;
};

}  // namespace bayward::fire
