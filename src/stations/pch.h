// Precompiled: what nearly every file of this layer includes.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/command.h"
#include "core/state.h"
#include "ocpp/rpc/correlator.h"
#include "ocpp/rpc/route.h"
#include "ports/engine.h"
