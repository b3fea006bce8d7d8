#include "net/http_shard.h"

#include <utility>

#include "net/http_text.h"

namespace bayward::net {
namespace {

// Deadlines are kept this exactly.
constexpr Duration tick_interval = 100ms;

}  // namespace

Shard::Shard(Executor executor, std::shared_ptr<ServerState> server)
    : executor_(executor), server_(std::move(server)), ticker_(executor) {}

void Shard::start() {
  tick();
}

void Shard::tick() {
  date_ = imf_date(unix_s(SystemClock().now()));
  tasks_.tick(std::chrono::steady_clock::now());
  ticker_.expires_after(tick_interval);
  ticker_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->tick();
  });
}

void Shard::remove(Task& task) {
  tasks_.remove(task);
  tell_when_gone();
}

void Shard::ask_to_end(std::function<void()> gone) {
  stopping_ = true;
  gone_ = std::move(gone);
  tasks_.ask_to_end();
  tell_when_gone();
}

void Shard::cut() {
  tasks_.cut();
}

void Shard::tell_when_gone() {
  if (!stopping_ || !tasks_.empty() || !gone_) return;
  ticker_.cancel();
  std::exchange(gone_, {})();
}

}  // namespace bayward::net
