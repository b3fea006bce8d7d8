// Lengths as OCPP counts them (Unicode code points) and the two text formats of its schemas. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/utf8.h"

namespace bayward::ocpp {

// Of valid UTF-8.
size_t code_points(std::string_view text);
// At most so many code points from the front.
std::string_view first_code_points(std::string_view text, size_t count);
using bayward::is_utf8;

// RFC 3339 as OCPP asks, and what devices send besides: no offset at all (taken as UTC), +0800, +08, and any number of
// fraction digits (cut to milliseconds).
std::optional<Instant> parse_date_time(std::string_view text);

// Scheme, colon, something, and only characters that RFC 3986 knows.
bool is_uri(std::string_view text);

}  // namespace bayward::ocpp
