#include "ocpp/v16/dialect.h"

#include "ocpp/v16/actions.h"

namespace bayward::ocpp::v16 {

const Dialect& dialect() {
  static const Dialect it{
      .subprotocol = "ocpp1.6",
      .actions = actions(),
      // OCPP-J 1.6, 4.2.3 (with its spelling of "occurrence"); it has no words for the last two.
      .error_words = {"GenericError", "InternalError", "NotImplemented", "NotSupported", "ProtocolError",
                      "SecurityError", "FormationViolation", "OccurenceConstraintViolation", "TypeConstraintViolation",
                      "PropertyConstraintViolation", "GenericError", "FormationViolation"},
      // OCPP-J 1.6, 4.1.3: what has no known message type is ignored.
      .answers_unreadable = false,
  };
  return it;
}

}  // namespace bayward::ocpp::v16
