#include "ocpp/rpc/route.h"

namespace bayward::ocpp {

CallError refusal_of_own(std::string_view action, const Violation& violation) {
  return {ErrorCode::internal_error, "our answer to " + std::string(action) + " is not valid: " + violation.text(),
          Json::object()};
}

CallError refusal_of_unrouted(const Dialect& dialect, std::string_view action) {
  if (find_action(dialect, action) != nullptr) {
    return {ErrorCode::not_supported, "not served here", Json::object()};
  }
  return {ErrorCode::not_implemented, "no such action in " + std::string(dialect.subprotocol), Json::object()};
}

}  // namespace bayward::ocpp
