#include "net/io.h"

#include <csignal>
#include <thread>

#include "net/test_support.h"

namespace bayward::net {
namespace {

TEST(IoContext, posted_functions_run_in_order_on_its_one_thread) {
  IoContext io;
  io.start("test-io");
  Watched<std::vector<int>> ran;
  for (int i = 0; i < 100; ++i) {
    io.post([&, i] {
      EXPECT_TRUE(io.in_this_thread());
      ran.change([i](auto& list) { list.push_back(i); });
    });
  }
  ASSERT_TRUE(ran.wait([](const auto& list) { return list.size() == 100; }));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ran.value()[static_cast<size_t>(i)], i);
  EXPECT_FALSE(io.in_this_thread());
}

TEST(IoContext, timers_fire_in_the_order_of_their_delays) {
  IoContext io;
  Watched<std::vector<int>> fired;
  for (int delay : {60, 20, 40}) {
    io.after(Duration{delay}, [&fired, delay] { fired.change([delay](auto& list) { list.push_back(delay); }); });
  }
  io.start();
  ASSERT_TRUE(fired.wait([](const auto& list) { return list.size() == 3; }));
  EXPECT_EQ(fired.value(), (std::vector<int>{20, 40, 60}));
}

TEST(IoContext, a_cancelled_timer_does_not_fire_and_lets_go_of_its_function) {
  IoContext io;
  io.start();
  const auto held = std::make_shared<int>(0);
  Watched<bool> done;
  TimerHandle timer = io.after(10ms, [held] { ADD_FAILURE(); });
  timer.cancel();
  timer.cancel();
  io.after(50ms, [&] { done.change([](bool& value) { value = true; }); });
  EXPECT_TRUE(done.wait([](bool value) { return value; }));
  EXPECT_EQ(held.use_count(), 1);
}

TEST(IoContext, what_still_waits_is_dropped_with_it) {
  const auto held = std::make_shared<int>(0);
  {
    IoContext io;
    io.start();
    io.after(std::chrono::hours(1), [held] {});
    io.stop();
    io.post([held] {});
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(IoContext, a_signal_calls_instead_of_ending_the_process) {
  IoContext io;
  Watched<std::vector<int>> arrived;
  io.on_signals({SIGINT, SIGTERM},
                [&](int signal) { arrived.change([signal](auto& list) { list.push_back(signal); }); });
  io.start();
  ::kill(::getpid(), SIGTERM);
  ASSERT_TRUE(arrived.wait([](const auto& list) { return list.size() == 1; }));
  ::kill(::getpid(), SIGINT);
  ASSERT_TRUE(arrived.wait([](const auto& list) { return list.size() == 2; }));
  EXPECT_EQ(arrived.value(), (std::vector<int>{SIGTERM, SIGINT}));
}

TEST(IoContext, runs_in_the_callers_thread_until_stopped) {
  IoContext io;
  io.after(1ms, [&] { io.stop(); });
  io.run();
}

TEST(SystemClock, tells_the_time_of_the_machine) {
  const Instant before = from_unix_s(::time(nullptr));
  const Instant now = SystemClock().now();
  EXPECT_GE(now, before);
  EXPECT_LT(now, before + 10s);
}

}  // namespace
}  // namespace bayward::net
