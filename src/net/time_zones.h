// The machine's tz database to base/zone.h's tables, which are journalled with a site. Any thread; reads files on the
// first call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/zone.h"

namespace bayward::net {

// The offset changes in [from, to) of a zone by its exact IANA name. The error says whether the name is unknown, the
// interval is empty or beyond what the files tell (2037), or there is no database.
Result<ZoneRules> load_zone(std::string_view iana_name, Instant from, Instant to);

// All names load_zone() knows, sorted; empty when there is no database.
std::vector<std::string> zone_names();

}  // namespace bayward::net
