// OCPP 2.1: its subprotocol, actions and error codes.
#pragma once

#include "ocpp/rpc/dialect.h"

namespace bayward::ocpp::v21 {

const Dialect& dialect();

}  // namespace bayward::ocpp::v21
