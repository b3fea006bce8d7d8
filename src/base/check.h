// CHECK: an invariant of our own code, on in every build. Never used on what came from outside: that gets a Result.
#pragma once

namespace bayward {

// Called with the failed condition just before abort(); a program may install one (the bay agent opens its contactor).
using CheckHandler = void (*)(const char* condition, const char* file, int line);
void set_check_handler(CheckHandler handler);

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace bayward

#define BAYWARD_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::bayward::check_failed(#condition, __FILE__, __LINE__))
