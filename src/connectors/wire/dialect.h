// A protocol to a far side, as the link (link.h) sees it: what is said in bytes, and what was heard. Pure; one dialect
// belongs to one link. How often, how long and to whom is the link's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ports/alarm_channel.h"

namespace bayward::wire {

// What a link says by itself.
struct Supervision {};
struct RollCallAnswer {
  uint8_t operator_number = 0;
};
using Saying = std::variant<AlarmMessage, Supervision, RollCallAnswer>;

enum class HeardKind : uint8_t {
  acknowledged,
  refused,         // it may be said again
  not_understood,  // saying it again doesn't help
  asked,           // `reply` is to be sent back
  roll_call,       // `reply` as well, and a person is to answer within `answer_within`
  nothing,         // a good frame that nobody asked for
};
struct Heard {
  HeardKind kind{};
  std::optional<uint32_t> serial;  // of what was said; none: of everything that waits for an answer
  std::string reply;
  Duration answer_within{0};
};

class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual uint32_t first_serial() const = 0;
  virtual uint32_t last_serial() const = 0;
  // How many sayings may wait for their answers at a time.
  virtual size_t window() const = 0;
  // Alarms may be said. Until then only Supervision is, which is what opens the way (a registration).
  virtual bool ready() const { return true; }
  // A new connection: what was half heard on the last one is forgotten.
  virtual void begin() = 0;
  // Nothing: this protocol has no words for it.
  virtual std::optional<std::string> say(const Saying& saying, uint32_t serial, Instant wall) = 0;
  virtual std::vector<Heard> hear(std::string_view bytes, Instant wall) = 0;
  // Bytes in a row that were no frame.
  virtual size_t garbage_bytes() const = 0;
};

}  // namespace bayward::wire
