// What is behind IoContext. Internal to net.
#pragma once

#include <boost/asio/signal_set.hpp>
#include <functional>
#include <optional>
#include <thread>

#include "net/asio.h"
#include "net/io.h"

namespace bayward::net {

struct IoContext::Impl {
  asio::io_context context{1};  // one thread will run it
  asio::executor_work_guard<Executor> work{context.get_executor()};
  std::optional<asio::basic_signal_set<Executor>> signals;
  std::function<void(int)> signal_arrived;
  std::thread thread;

  void wait_for_signal();
};

inline Executor executor_of(IoContext& io) {
  return io.impl().context.get_executor();
}

}  // namespace bayward::net
