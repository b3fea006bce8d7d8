// What the handlers about firmware, campaigns and sets of settings share. Only they include it.
#pragma once

#include <optional>
#include <string>

#include "api/handlers/handlers.h"
#include "ports/fleet.h"

namespace bayward::api {

// The number in the path; nothing when it is none, and the call was refused.
std::optional<uint64_t> path_number(const CallPtr& call);
// Null: this server has none, and the call was refused.
FleetDesk* fleet_of(const CallPtr& call);
// What the desk would not do, in its own words.
void refuse_words(const CallPtr& call, const Error& error);

StationGroup group_in(Fields& in, std::string_view name);
void write(JsonOut& out, const StationGroup& group);
void write_time(JsonOut& out, std::string_view name, Instant at);

}  // namespace bayward::api
