#include "ocpp/rpc/frame.h"

#include <optional>

#include "base/json_text.h"
#include "base/limits.h"
#include "ocpp/rpc/text.h"

namespace bayward::ocpp {
namespace {

constexpr int64_t call_type = 2;
constexpr int64_t result_type = 3;
constexpr int64_t error_type = 4;
constexpr int64_t result_error_type = 5;
constexpr int64_t send_type = 6;

Failure<FrameFault> fault(FrameFault::Kind kind, std::string message, std::string id = {}) {
  return {FrameFault{kind, std::move(id), std::move(message)}};
}

// Absent fields are {} or null (OCPP-J 1.6, 4.2.1; OCPP 2.0.1 part 4, 4.1.5).
bool take_object(Json& from, Json& out) {
  if (from.kind() == Json::Kind::null) {
    out = Json::object();
    return true;
  }
  if (from.as_object() == nullptr) return false;
  out = std::move(from);
  return true;
}

// CALL and SEND: [type,id,action,payload].
template <class Asked>
Result<Frame, FrameFault> parse_asked(Json::Array& items, std::string id, FrameFault::Kind broken) {
  if (items.size() != 4) return fault(broken, "a call has 4 elements", std::move(id));
  const std::string* action = items[2].as_text();
  if (action == nullptr || action->empty()) return fault(broken, "the action is not a name", std::move(id));
  Asked asked{std::move(id), *action, {}};
  if (!take_object(items[3], asked.payload)) {
    return fault(broken, "the payload is not an object", std::move(asked.id));
  }
  return Frame(std::move(asked));
}

Result<Frame, FrameFault> parse_result(Json::Array& items, std::string id) {
  ResultFrame result{std::move(id), {}};
  if (items.size() != 3 || !take_object(items[2], result.payload)) {
    return fault(FrameFault::Kind::broken_result, "a result is [3,id,{}]", std::move(result.id));
  }
  return Frame(std::move(result));
}

// The word, and what else of [type,id,code,description,details] there is.
std::optional<std::string> take_error(Json::Array& items, CallError& out) {
  const std::string* word = items.size() >= 3 && items.size() <= 5 ? items[2].as_text() : nullptr;
  if (word == nullptr) return std::nullopt;
  out.code = error_code_from_text(*word);
  // Over 255 characters is common in the field and harms nobody.
  if (items.size() > 3 && items[3].as_text() != nullptr) out.description = *items[3].as_text();
  if (items.size() > 4 && items[4].as_object() != nullptr) out.details = std::move(items[4]);
  return *word;
}

Result<Frame, FrameFault> parse_error(Json::Array& items, std::string id) {
  ErrorFrame out{std::move(id), {}, {}};
  auto word = take_error(items, out.error);
  if (!word) {
    return fault(FrameFault::Kind::broken_error, "an error is [4,id,code,description,{}]", std::move(out.id));
  }
  out.code_word = *std::move(word);
  return Frame(std::move(out));
}

Result<Frame, FrameFault> parse_result_error(Json::Array& items, std::string id) {
  ResultErrorFrame out{std::move(id), {}};
  if (!take_error(items, out.error)) {
    return fault(FrameFault::Kind::broken_unasked, "an error is [5,id,code,description,{}]", std::move(out.id));
  }
  return Frame(std::move(out));
}

}  // namespace

Result<Frame, FrameFault> parse_frame(std::string_view text) {
  using Kind = FrameFault::Kind;
  if (text.size() > limits::ocpp_message_bytes) {
    return fault(Kind::unreadable, "longer than " + std::to_string(limits::ocpp_message_bytes) + " bytes");
  }
  auto json = parse_json(text);
  if (!json) return fault(Kind::unreadable, json.error().message);
  Json::Array* items = json->as_array();
  if (items == nullptr || items->size() < 2 || (*items)[0].as_number() == nullptr) {
    return fault(Kind::unreadable, "not a frame: expected [type,id,...]");
  }
  const std::string* id = (*items)[1].as_text();
  if (id == nullptr || id->empty() || code_points(*id) > message_id_chars) {
    return fault(Kind::unreadable, "the message id is not a string of 1 to 36 characters");
  }
  switch ((*items)[0].as_number()->scaled(0).value_or(0)) {
    case call_type:
      return parse_asked<CallFrame>(*items, *id, Kind::broken_call);
    case result_type:
      return parse_result(*items, *id);
    case error_type:
      return parse_error(*items, *id);
    case result_error_type:
      return parse_result_error(*items, *id);
    case send_type:
      return parse_asked<SendFrame>(*items, *id, Kind::broken_unasked);
    default:
      return fault(Kind::unknown_type, "message type " + (*items)[0].as_number()->text() + " is not known here", *id);
  }
}

std::string call_text(std::string_view id, std::string_view action, std::string_view payload) {
  std::string out = "[2,";
  append_json_string(out, id);
  out += ',';
  append_json_string(out, action);
  out += ',';
  out += payload;
  out += ']';
  return out;
}

std::string result_text(std::string_view id, std::string_view payload) {
  std::string out = "[3,";
  append_json_string(out, id);
  out += ',';
  out += payload;
  out += ']';
  return out;
}

namespace {

std::string error_frame(std::string_view begin, const Dialect& dialect, std::string_view id, const CallError& error) {
  std::string out(begin);
  append_json_string(out, id);
  out += ',';
  append_json_string(out, error_word(dialect, error.code));
  out += ',';
  append_json_string(out, first_code_points(error.description, error_description_chars));
  out += ',';
  append_text(out, error.details.as_object() != nullptr ? error.details : Json::object());
  out += ']';
  return out;
}

}  // namespace

std::string error_text(const Dialect& dialect, std::string_view id, const CallError& error) {
  return error_frame("[4,", dialect, id, error);
}

std::string result_error_text(const Dialect& dialect, std::string_view id, const CallError& error) {
  return error_frame("[5,", dialect, id, error);
}

}  // namespace bayward::ocpp
