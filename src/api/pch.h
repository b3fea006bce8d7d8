// What nearly every file of the layer includes and what is slow to read: compiled once.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/state.h"
#include "ports/engine.h"
