// What differs between OCPP versions for the layer below the messages, as a value: v16/ and v201/ each define one.
// Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ocpp/rpc/json.h"
#include "ocpp/rpc/schema.h"

namespace bayward::ocpp {

// The error codes of all versions; each spells them in its own way (and two versions spell "occurrence" differently).
enum class ErrorCode : uint8_t {
  generic_error,
  internal_error,
  not_implemented,  // we have never heard of this action
  not_supported,    // the version has it, we don't serve it
  protocol_error,
  security_error,
  formation_violation,
  occurrence_constraint_violation,
  type_constraint_violation,
  property_constraint_violation,
  message_type_not_supported,
  rpc_framework_error,
};
inline constexpr size_t error_code_count = 12;

// The content of a CALLERROR.
struct CallError {
  ErrorCode code = ErrorCode::generic_error;
  std::string description;  // cut at 255 code points when sent
  Json details = Json::object();
};

struct Action {
  std::string_view name;
  const Schema* request = nullptr;
  const Schema* response = nullptr;  // null: a SEND, which is never answered
};

struct Dialect {
  std::string_view subprotocol;                                  // Sec-WebSocket-Protocol
  std::span<const Action> actions;                               // sorted by name
  std::array<std::string_view, error_code_count> error_words{};  // as this version spells them, by ErrorCode
  // Whether a frame whose message id cannot be read is answered at all (with id "-1").
  bool answers_unreadable = false;
  // Whether it has SEND and CALLRESULTERROR (OCPP 2.1 part 4, 4.2.3 and 4.2.4). What breaks its schema in an answer of
  // the station's is told so; without them it is read as far as it goes.
  bool has_sends = false;
};

// Null when the version has no such action.
const Action* find_action(const Dialect& dialect, std::string_view name);
// Of an action that the version has and that is answered.
const Schema& request_schema(const Dialect& dialect, std::string_view action);
const Schema& response_schema(const Dialect& dialect, std::string_view action);
std::string_view error_word(const Dialect& dialect, ErrorCode code);
// In any version's spelling, whoever uses which; generic_error when it is none.
ErrorCode error_code_from_text(std::string_view text);
// What a station is told about a payload of its that we cannot take.
CallError refusal_of(const Violation& violation);

}  // namespace bayward::ocpp
