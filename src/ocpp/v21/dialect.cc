#include "ocpp/v21/dialect.h"

#include "ocpp/v201/dialect.h"
#include "ocpp/v21/actions.h"

namespace bayward::ocpp::v21 {

const Dialect& dialect() {
  static const Dialect it{
      .subprotocol = "ocpp2.1",
      .actions = actions(),
      // OCPP 2.1 part 4, 4.3: those of 2.0.1.
      .error_words = v201::dialect().error_words,
      .answers_unreadable = true,
      .has_sends = true,
  };
  return it;
}

}  // namespace bayward::ocpp::v21
