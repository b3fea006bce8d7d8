// The station's calls to us: which are new, which are repeats of one that is being served or was answered. A repeat
// gets the same answer and has no second effect. Belongs to one connection and is used by one thread; time is an
// argument.
//
// A repeat has the same message id and the same text. The same id with another text is a new call: some devices count
// from 1 again, or always say "1". For the same reason an answer is remembered only for limits::ocpp_repeat_seconds.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace bayward::ocpp {

// Names one admitted call, also when the station gives two of them one message id.
using CallSerial = uint64_t;

class IncomingCalls {
 public:
  struct Admission {
    enum class Kind : uint8_t {
      fresh,            // serve it, then answered()
      being_served,     // a repeat: the answer will come, do nothing
      answered_before,  // a repeat: send `answer` again
      too_many,         // limits::ocpp_open_calls are being served: refuse it
    };
    Kind kind{};
    CallSerial serial = 0;
    std::string answer;
  };

  Admission admit(std::string_view id, std::string_view frame, Instant now);
  // The message id of a call that is being served; nothing when it is not (any more).
  std::optional<std::string> open_id(CallSerial serial);
  // Remembers the frame it was answered with.
  void answered(CallSerial serial, std::string frame, Instant now);
  size_t open() const { return open_; }

 private:
  struct Entry {
    CallSerial serial;
    std::string id;
    std::optional<std::string> answer;
    Instant answered_at;
  };

  using Place = std::deque<Entry>::iterator;

  Place find(CallSerial serial);
  Place find_repeated(std::string_view id, size_t content, Instant now);
  void forget_oldest();

  CallSerial last_serial_ = 0;
  size_t open_ = 0;
  std::deque<Entry> entries_;     // by serial; at most ocpp_open_calls + ocpp_remembered_answers
  std::vector<size_t> contents_;  // hashes of their frames: mostly a glance at them tells that a call is new
};

}  // namespace bayward::ocpp
