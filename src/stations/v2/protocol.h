#pragma once

#include "stations/protocol.h"

namespace bayward::stations::v2 {

const Protocol& protocol_v201();
const Protocol& protocol_v21();

}  // namespace bayward::stations::v2
