#include "net/ready_sockets.h"

#include <unistd.h>

#include <algorithm>

#include "base/check.h"

namespace bayward::net {

ReadySockets::ReadySockets(asio::io_context& context)
    : asio::io_context::service(context),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      descriptor_(context.get_executor(), epoll_) {
  BAYWARD_CHECK(epoll_ >= 0);
}

ReadySockets::~ReadySockets() = default;

// The context ends: readers hold what holds sockets of the context.
void ReadySockets::shutdown() {
  waiting_.clear();
  readers_.clear();
  removed_.clear();
  error_code ignored;
  descriptor_.close(ignored);
}

bool ReadySockets::add(int socket, std::unique_ptr<Reader> reader) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP;
  auto entry = std::make_unique<Entry>(Entry{std::move(reader), false});
  event.data.ptr = entry.get();
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) return false;
  readers_[socket] = std::move(entry);
  if (!looking_) watch();
  return true;
}

void ReadySockets::remove(int socket) {
  const auto found = readers_.find(socket);
  if (found == readers_.end()) return;
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
  std::replace(waiting_.begin(), waiting_.end(), found->second.get(), static_cast<Entry*>(nullptr));
  if (working_) removed_.push_back(std::move(found->second));
  readers_.erase(found);
}

void ReadySockets::watch() {
  looking_ = true;
  descriptor_.async_wait(asio::posix::descriptor_base::wait_read, [this](error_code error) {
    if (!error) look();
  });
}

void ReadySockets::look() {
  working_ = true;
  const bool busy = read_all() > 0;
  work_off(worked_off_at_once);
  working_ = false;
  removed_.clear();
  looking_ = false;
  if (readers_.empty()) return;
  looking_ = true;
  // While there is traffic the next look costs less than being woken for it.
  busy || !waiting_.empty() ? asio::post(descriptor_.get_executor(), [this] { look(); }) : watch();
}

// What is urgent is worked off only when all have been read: until then nobody is removed.
size_t ReadySockets::read_all() {
  const int found = ::epoll_wait(epoll_, ready_.data(), static_cast<int>(ready_.size()), 0);
  const auto count = static_cast<size_t>(std::max(found, 0));
  size_t urgent = 0;
  for (size_t i = 0; i < count; ++i) {
    auto* const entry = static_cast<Entry*>(ready_[i].data.ptr);
    if (entry->waiting) continue;  // it has not worked off what it read before
    entry->waiting = true;
    if (entry->reader->read()) {
      waiting_.push_front(entry);
      ++urgent;
    } else {
      waiting_.push_back(entry);
    }
  }
  work_off(urgent);
  return count;
}

void ReadySockets::work_off(size_t count) {
  for (; count > 0 && !waiting_.empty(); --count) {
    Entry* const entry = waiting_.front();
    waiting_.pop_front();
    if (entry == nullptr) continue;
    entry->waiting = false;
    entry->reader->work_off();
  }
}

}  // namespace bayward::net
