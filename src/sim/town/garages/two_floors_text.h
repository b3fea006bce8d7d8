// The garage that comes with the program, in the form of garage_file.h.
#pragma once

#include <string_view>

namespace bayward::town {

extern const std::string_view two_floors_text;

}  // namespace bayward::town
