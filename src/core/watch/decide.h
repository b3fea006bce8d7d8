// B5: watch orders come, begin and end; plates that were read are looked up in them. Pure.
#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State& state, const Actor& actor, const PlaceWatchOrder& command, Instant now);
Decided decide(const State& state, const Actor& actor, const AddWatchPlates& command, Instant now);
Decided decide(const State& state, const Actor& actor, const WithdrawWatchOrder& command, Instant now);
Decided decide(const State& state, const Actor& actor, const LookUpPlate& command, Instant now);
Decided decide(const State& state, const Actor& actor, const GivePicture& command, Instant now);

// It begins or expires.
std::vector<Event> pass_watch(const WatchOrder& order, Instant now);
// Cars that stand somewhere now and that the new plates, or the order that has begun, may be about.
std::vector<Command> look_again(const State& state, const Event& event);

void apply_to_watch(State& state, const Event& event);

}  // namespace bayward::core
