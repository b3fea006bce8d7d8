// OCPP 2.0.1: its subprotocol, actions and error codes.
#pragma once

#include "ocpp/rpc/dialect.h"

namespace bayward::ocpp::v201 {

const Dialect& dialect();

}  // namespace bayward::ocpp::v201
