// Precompiled: what nearly every file of this layer includes.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ocpp/rpc/call.h"
#include "ocpp/rpc/correlator.h"
#include "ocpp/rpc/route.h"
#include "ocpp/v201/types.h"
