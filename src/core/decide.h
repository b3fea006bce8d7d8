// decide(): what a command makes happen, or why not. Pure: the same state, command and time give the same events.
#pragma once

#include <vector>

#include "base/result.h"
#include "core/command.h"
#include "core/state.h"

namespace bayward::core {

struct Decision {
  StreamId stream;
  std::vector<Event> events;  // none: it had been done before, nothing changes
  uint64_t subject = 0;       // id of the thing made or meant: a booking, a session, an account, ...
};

using Decided = Result<Decision, Refusal>;

Decided decide(const State& state, const Actor& actor, const Command& command, Instant now);

// "RequestBooking".
std::string_view command_name(const Command& command);

}  // namespace bayward::core
