// `bayward-sim demo`: a server, the sample community, and days of life in it; drills on demand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"

namespace bayward::town {

struct DemoOptions {
  std::string server_program;
  uint16_t port = 8080;
  double speed = 60;
  std::optional<double> minutes;  // of the machine's time; none: until Ctrl-C
  bool headless = false;          // one line of JSON at the end, nothing else on standard output
  uint64_t seed = 1;
  size_t bays = 60;
  std::string data_directory;  // empty: a temporary one
  uint16_t drill_port = 0;     // where drills are asked for; 0: a free one
  std::string drill;           // run this one, print its time line and end
  std::string drill_bay;       // where; empty: at a bay that fits
  std::string site_program;
  std::string far_ends;  // the folder with the far ends' programs; empty: alarms go to nobody outside
  double outage_s = 60;  // of the machine's time, for the drill server-down
};

// The exit code. With a drill 0 only if all went as it should. With `minutes` 0 only if something was booked and no
// figure that must be zero is another.
int run_demo(const DemoOptions& options);

}  // namespace bayward::town
