// [hardware] of bay.toml, with its Modbus devices, points and outputs.
#pragma once

#include <string>
#include <vector>

#include "config.h"
#include "section.h"

namespace bayward::bay {

void read_hardware(Section& section, ProgramConfig& config, std::vector<std::string>& errors);

}  // namespace bayward::bay
