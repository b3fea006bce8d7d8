#include "net/io.h"

#include <pthread.h>

#include <atomic>
#include <string>

#include "net/io_impl.h"

namespace bayward::net {

struct TimerHandle::State : std::enable_shared_from_this<TimerHandle::State> {
  State(Executor executor, std::function<void()> to_do) : timer(executor), work(std::move(to_do)) {}

  void start(Duration delay) {
    timer.expires_after(delay);
    timer.async_wait([self = shared_from_this()](error_code error) {
      if (!error && !self->cancelled.exchange(true)) std::exchange(self->work, {})();
    });
  }

  SteadyTimer timer;
  std::function<void()> work;
  std::atomic<bool> cancelled{false};
};

void TimerHandle::cancel() {
  if (!state_ || state_->cancelled.exchange(true)) return;
  asio::post(state_->timer.get_executor(), [state = state_] {
    state->timer.cancel();
    state->work = {};
  });
}

IoContext::IoContext() : impl_(std::make_unique<Impl>()) {}

IoContext::~IoContext() {
  stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void IoContext::start(std::string_view thread_name) {
  impl_->thread = std::thread([this, name = std::string(thread_name.substr(0, 15))] {
    pthread_setname_np(pthread_self(), name.c_str());
    run();
  });
}

void IoContext::run() {
  impl_->context.run();
}

void IoContext::stop() {
  impl_->context.stop();
}

void IoContext::post(std::function<void()> work) {
  asio::post(impl_->context, std::move(work));
}

TimerHandle IoContext::after(Duration delay, std::function<void()> work) {
  TimerHandle handle;
  handle.state_ = std::make_shared<TimerHandle::State>(impl_->context.get_executor(), std::move(work));
  asio::post(impl_->context, [state = handle.state_, delay] {
    if (!state->cancelled) state->start(delay);
  });
  return handle;
}

void IoContext::on_signals(std::initializer_list<int> signals, std::function<void(int)> arrived) {
  impl_->signals.emplace(impl_->context.get_executor());
  for (int signal : signals) impl_->signals->add(signal);
  impl_->signal_arrived = std::move(arrived);
  impl_->wait_for_signal();
}

void IoContext::Impl::wait_for_signal() {
  signals->async_wait([this](error_code error, int signal) {
    if (error) return;
    signal_arrived(signal);
    wait_for_signal();
  });
}

bool IoContext::in_this_thread() const {
  return impl_->context.get_executor().running_in_this_thread();
}

Instant SystemClock::now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

}  // namespace bayward::net
