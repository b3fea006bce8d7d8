// `bayward-sim demo`: a server, the sample community, and days of life in it.
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
};

// The exit code. With `minutes` 0 only if something was booked and no figure that must be zero is another.
int run_demo(const DemoOptions& options);

}  // namespace bayward::town
