// The station's calls to us: which are new, which are repeats of one that is being served or was answered. A repeat
// gets the same answer and has no second effect. Belongs to one connection and is used by one thread; time is an
// argument.
//
// A repeat has the same message id and the same text. The same id with another text is a new call: some devices count
// from 1 again, or always say "1". For the same reason an answer is remembered only for limits::ocpp_repeat_seconds.
#pragma once

#include <cstdint>
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
  // The message id of a call that is being served, until the next call of this; null when it is not (any more).
  const std::string* open_id(CallSerial serial);
  // Remembers the frame it was answered with.
  void answered(CallSerial serial, std::string_view frame, Instant now);
  size_t open() const { return open_; }

 private:
  struct Entry {
    CallSerial serial = 0;
    std::string id;
    std::string answer;
    bool open = true;
    Instant answered_at{};
  };

  Entry* find(CallSerial serial);
  std::optional<size_t> find_repeated(std::string_view id, uint32_t content, Instant now) const;
  size_t place_for_new();

  CallSerial last_serial_ = 0;
  size_t open_ = 0;
  // Memory is used again: a call at full rate allocates nothing and gives nothing back.
  std::vector<Entry> entries_;      // at most ocpp_open_calls + ocpp_remembered_answers
  std::vector<uint32_t> contents_;  // hashes of their frames: mostly a glance at them tells that a call is new
  size_t newest_ = 0;               // where the last call was put
};

}  // namespace bayward::ocpp
