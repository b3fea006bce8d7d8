// Replay equals live: engines recovered from the journal alone, and from its newest snapshot, have the bytes of the one
// that lived through it.
#pragma once

#include "engine/engine.h"
#include "sim/det/checkers/problems.h"
#include "sim/det/marks.h"

namespace bayward::sim {

void compare_replays(Journal& journal, const Engine& live, const char* when, Problems& problems, Marks& marks);

}  // namespace bayward::sim
