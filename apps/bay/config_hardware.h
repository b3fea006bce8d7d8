// [hardware] of bay.toml: its Modbus devices, points and outputs, its GPIO lines and IIO channels.
#pragma once

#include <string>
#include <vector>

#include "config.h"
#include "section.h"

namespace bayward::bay {

void read_hardware(Section& section, ProgramConfig& config, std::vector<std::string>& errors);

}  // namespace bayward::bay
