// The program while it runs: io loop, hardware, agent.
#pragma once

#include "config.h"

namespace bayward::bay {

// Until SIGTERM or Ctrl-C (0), a defect that keeps it from starting (1), or the central system's order to begin anew
// (restart_code: whoever started it starts it again).
int run(const ProgramConfig& config);

inline constexpr int restart_code = 75;

// Becomes the program of the slot whose turn it is (drivers/firmware_files.h). Returns only when that failed.
int launch(const ProgramConfig& config, const std::string& file);

}  // namespace bayward::bay
