// Preloaded into a program under test (LD_PRELOAD): the machine's clock is wrong by WRONG_CLOCK_S seconds, as after a
// dead battery. Monotonic time is as it is.
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

time_t wrong_by() {
  const char* text = std::getenv("WRONG_CLOCK_S");
  return text ? std::strtoll(text, nullptr, 10) : 0;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, struct timespec* out) noexcept {
  const long done = ::syscall(SYS_clock_gettime, clock, out);
  if (done == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) out->tv_sec += wrong_by();
  return static_cast<int>(done);
}

int gettimeofday(struct timeval* out, void*) noexcept {
  struct timespec now {};
  const int done = clock_gettime(CLOCK_REALTIME, &now);
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return done;
}

time_t time(time_t* out) noexcept {
  struct timespec now {};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"
