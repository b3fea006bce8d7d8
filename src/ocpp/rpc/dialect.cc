#include "ocpp/rpc/dialect.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace bayward::ocpp {

const Action* find_action(const Dialect& dialect, std::string_view name) {
  const auto found =
      std::lower_bound(dialect.actions.begin(), dialect.actions.end(), name,
                       [](const Action& action, std::string_view wanted) { return action.name < wanted; });
  return found != dialect.actions.end() && found->name == name ? &*found : nullptr;
}

const Schema& request_schema(const Dialect& dialect, std::string_view action) {
  const Action* found = find_action(dialect, action);
  BAYWARD_CHECK(found != nullptr);
  return *found->request;
}

const Schema& response_schema(const Dialect& dialect, std::string_view action) {
  const Action* found = find_action(dialect, action);
  BAYWARD_CHECK(found != nullptr && found->response != nullptr);
  return *found->response;
}

std::string_view error_word(const Dialect& dialect, ErrorCode code) {
  const auto index = static_cast<size_t>(code);
  return index < dialect.error_words.size() ? dialect.error_words[index] : "GenericError";
}

ErrorCode error_code_from_text(std::string_view text) {
  using enum ErrorCode;
  static constexpr std::pair<std::string_view, ErrorCode> spellings[] = {
      {"GenericError", generic_error},
      {"InternalError", internal_error},
      {"NotImplemented", not_implemented},
      {"NotSupported", not_supported},
      {"ProtocolError", protocol_error},
      {"SecurityError", security_error},
      {"FormationViolation", formation_violation},
      {"FormatViolation", formation_violation},
      {"OccurrenceConstraintViolation", occurrence_constraint_violation},
      {"OccurenceConstraintViolation", occurrence_constraint_violation},
      {"TypeConstraintViolation", type_constraint_violation},
      {"PropertyConstraintViolation", property_constraint_violation},
      {"MessageTypeNotSupported", message_type_not_supported},
      {"RpcFrameworkError", rpc_framework_error},
  };
  const auto found =
      std::find_if(std::begin(spellings), std::end(spellings), [&](const auto& s) { return s.first == text; });
  return found == std::end(spellings) ? generic_error : found->second;
}

CallError refusal_of(const Violation& violation) {
  CallError error;
  error.description = violation.text();
  switch (violation.kind) {
    case Violation::Kind::formation:
      error.code = ErrorCode::formation_violation;
      break;
    case Violation::Kind::occurrence_constraint:
      error.code = ErrorCode::occurrence_constraint_violation;
      break;
    case Violation::Kind::type_constraint:
      error.code = ErrorCode::type_constraint_violation;
      break;
    case Violation::Kind::property_constraint:
      error.code = ErrorCode::property_constraint_violation;
      break;
  }
  return error;
}

}  // namespace bayward::ocpp
