// OCPP-J frames: [2,id,action,payload], [3,id,payload], [4,id,code,description,details] (OCPP-J 1.6, 4.2; OCPP 2.0.1
// part 4, 4.2), and of 2.1 [5,id,code,description,details] and [6,id,action,payload] (part 4, 4.2.3, 4.2.4). Text in,
// value out, and back. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "ocpp/rpc/dialect.h"
#include "ocpp/rpc/json.h"

namespace bayward::ocpp {

inline constexpr size_t message_id_chars = 36;
inline constexpr size_t error_description_chars = 255;
// Answers a frame whose own id cannot be read (OCPP 2.0.1 part 4, 4.2.3).
inline constexpr std::string_view unreadable_id = "-1";

struct CallFrame {
  std::string id;
  std::string action;
  Json payload;  // an object; null, which both versions allow for "no fields", reads as an empty one
};
struct ResultFrame {
  std::string id;
  Json payload;
};
struct ErrorFrame {
  std::string id;
  CallError error;
  std::string code_word;  // as the station spelt it
};
// CALLRESULTERROR: the station cannot read our answer to its call `id`.
struct ResultErrorFrame {
  std::string id;
  CallError error;
};
// SEND: never answered.
struct SendFrame {
  std::string id;
  std::string action;
  Json payload;  // as in CallFrame
};
using Frame = std::variant<CallFrame, ResultFrame, ErrorFrame, ResultErrorFrame, SendFrame>;

// A text that is no frame.
struct FrameFault {
  enum class Kind : uint8_t {
    unreadable,      // no JSON, no array, or no message id: nobody can be answered by name
    unknown_type,    // a message type this layer does not know
    broken_call,     // a call with an id, but not [2,id,action,{}]
    broken_result,   // a CALLRESULT with an id, but not as it should be
    broken_error,    // a CALLERROR, the same
    broken_unasked,  // a SEND or CALLRESULTERROR, the same: neither is ever answered
  };
  Kind kind{};
  std::string id;  // when it could be read
  std::string message;
};

// At most limits::ocpp_message_bytes. A CALLERROR may lack description and details, and both may be null: devices do
// so.
Result<Frame, FrameFault> parse_frame(std::string_view text);

// `payload` is JSON text, as encode() gives it.
std::string call_text(std::string_view id, std::string_view action, std::string_view payload);
std::string result_text(std::string_view id, std::string_view payload);
std::string error_text(const Dialect& dialect, std::string_view id, const CallError& error);
// CALLRESULTERROR.
std::string result_error_text(const Dialect& dialect, std::string_view id, const CallError& error);

}  // namespace bayward::ocpp
