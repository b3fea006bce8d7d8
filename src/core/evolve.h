// evolve(): what an event makes of the state. Total: it can't refuse, whatever the event says was decided. Replaying a
// journal is calling it for every event in order.
#pragma once

#include "core/state.h"

namespace bayward::core {

// `at` is the time of the record that holds the event.
void evolve(State& state, StreamId stream, const Event& event, Instant at);

}  // namespace bayward::core
