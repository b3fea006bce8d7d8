// A surveyed parking lot in the form of shared/data/site/dragon_lake_lot.json: rectangles of one or two rows of stalls
// and the entrance as a line. Lanes are not surveyed: they are taken to run along the middle of the strips between the
// rectangles. Untrusted text in; a reason when it is wrong.
#pragma once

#include <string_view>

#include "sim/town/garages/garage.h"

namespace bayward::town {

Result<Garage> read_lot(std::string_view json);

}  // namespace bayward::town
