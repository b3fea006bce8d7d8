#pragma once

#include "stations/protocol.h"

namespace bayward::stations::v16 {

const Protocol& protocol();

}  // namespace bayward::stations::v16
