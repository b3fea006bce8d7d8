#pragma once

#include "stations/protocol.h"

namespace bayward::stations::v201 {

const Protocol& protocol();

}  // namespace bayward::stations::v201
