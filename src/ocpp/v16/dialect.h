// OCPP 1.6J: its subprotocol, actions (with the security extension) and error codes.
#pragma once

#include "ocpp/rpc/dialect.h"

namespace bayward::ocpp::v16 {

const Dialect& dialect();

}  // namespace bayward::ocpp::v16
