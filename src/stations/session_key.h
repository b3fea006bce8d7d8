// Names a transaction for good, so that a repeated or re-sent start is the same session (core/charging/session.h).
#pragma once

#include <initializer_list>
#include <string_view>

#include "base/ids.h"
#include "core/charging/session.h"

namespace bayward::stations {

// 128 bits of SHA-256 over the length-prefixed parts. Not secret, but nobody can make two that are equal.
core::SessionKey session_key(StationId station, std::initializer_list<std::string_view> parts);

}  // namespace bayward::stations
