#include "ocpp/v201/dialect.h"

#include "ocpp/v201/actions.h"

namespace bayward::ocpp::v201 {

const Dialect& dialect() {
  static const Dialect it{
      .subprotocol = "ocpp2.0.1",
      .actions = actions(),
      // OCPP 2.0.1 part 4, 4.3.
      .error_words = {"GenericError", "InternalError", "NotImplemented", "NotSupported", "ProtocolError",
                      "SecurityError", "FormatViolation", "OccurrenceConstraintViolation", "TypeConstraintViolation",
                      "PropertyConstraintViolation", "MessageTypeNotSupported", "RpcFrameworkError"},
      // OCPP 2.0.1 part 4, 4.2.3: a message id that cannot be read is answered with "-1".
      .answers_unreadable = true,
  };
  return it;
}

}  // namespace bayward::ocpp::v201
