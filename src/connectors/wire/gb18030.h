// UTF-8 into GB18030, as Chinese centres read it. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace bayward::wire {

// At most `bytes` long, cut between characters. What isn't UTF-8, or what the machine can't convert, becomes '?'.
std::string to_gb18030(std::string_view utf8, size_t bytes);

}  // namespace bayward::wire
