// Whatever the central system sends and whatever the script of simulated hardware says: the agent answers or ignores
// it, and power is never on while a fault is latched. Input: lines; those that begin with '!' go to the hardware, "~"
// lets a second pass, all others are frames.
#include <string_view>

#include "base/check.h"
#include "bay/testing/bay_bench.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bayward;
  if (size > 8192) return 0;
  bay::testing::BayBench bay;
  bay.run(Duration{100});
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  for (int lines = 0; !rest.empty() && lines < 64; ++lines) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line == "~")
      bay.run(Duration{1000});
    else if (line.starts_with('!'))
      static_cast<void>(bay.world().apply(line.substr(1)));
    else
      bay.hear(line);
    bay.run(Duration{50});
    BAYWARD_CHECK(!bay.world().closed || bay.agent().safety().latched.empty());
  }
  return 0;
}
