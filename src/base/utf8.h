// Whether bytes are text: RFC 3629. Pure; any thread.
#pragma once

#include <string_view>

namespace bayward {

// No overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace bayward
