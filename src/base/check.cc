#include "base/check.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace bayward {
namespace {
std::atomic<CheckHandler> installed_handler{nullptr};
}  // namespace

void set_check_handler(CheckHandler handler) {
  installed_handler.store(handler);
}

void check_failed(const char* condition, const char* file, int line) {
  if (CheckHandler handler = installed_handler.load()) handler(condition, file, line);
  std::fprintf(stderr, "CHECK failed: %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace bayward
