// Garages as files of ours (JSON) and the one that comes with the program. Untrusted text in; a reason when it is
// wrong.
//
//   {"name": "...", "levels": ["0", "-1"], "entrance": "gate",
//    "junctions": [{"name": "gate", "level": "0", "at": [0, 10], "lamp": "L1"}, ...],
//    "lanes": [["gate", "west"], ...],                       both directions; between levels it is a ramp
//    "rows": [{"level": "0", "prefix": "A", "first": 1, "count": 15, "from": [8, 4], "step": [2.5, 0]}, ...],
//    "cameras": [{"name": "in", "junction": "gate"}]}
#pragma once

#include <string_view>

#include "sim/town/garages/garage.h"

namespace bayward::town {

Result<Garage> read_garage(std::string_view json);

// A made garage of two floors with thirty bays each: A01 to A30 and, down the ramp, B01 to B30. For more bays than that
// further floors like the last follow below (C, D, ...); for fewer, the last bays of each floor in use are not there.
Garage two_floors(size_t bays);

}  // namespace bayward::town
