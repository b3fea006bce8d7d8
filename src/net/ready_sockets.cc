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
  ready_count_ = 0;
  readers_.clear();
  removed_.clear();
  error_code ignored;
  descriptor_.close(ignored);
}

bool ReadySockets::add(int socket, std::unique_ptr<Reader> reader) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP;
  event.data.ptr = reader.get();
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) return false;
  readers_[socket] = std::move(reader);
  if (!looking_) watch();
  return true;
}

void ReadySockets::remove(int socket) {
  const auto found = readers_.find(socket);
  if (found == readers_.end()) return;
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
  for (size_t i = 0; i < ready_count_; ++i) {
    if (ready_[i].data.ptr == found->second.get()) ready_[i].data.ptr = nullptr;
  }
  if (ready_count_ > 0) removed_.push_back(std::move(found->second));
  readers_.erase(found);
}

void ReadySockets::watch() {
  looking_ = true;
  descriptor_.async_wait(asio::posix::descriptor_base::wait_read, [this](error_code error) {
    if (!error) look();
  });
}

void ReadySockets::look() {
  const int found = ::epoll_wait(epoll_, ready_.data(), static_cast<int>(ready_.size()), 0);
  ready_count_ = static_cast<size_t>(std::max(found, 0));
  for (size_t i = 0; i < ready_count_; ++i) {
    if (ready_[i].data.ptr != nullptr) static_cast<Reader*>(ready_[i].data.ptr)->readable();
  }
  const bool busy = ready_count_ > 0;
  ready_count_ = 0;
  removed_.clear();
  looking_ = false;
  if (readers_.empty()) return;
  looking_ = true;
  // While there is traffic the next look costs less than being woken for it.
  busy ? asio::post(descriptor_.get_executor(), [this] { look(); }) : watch();
}

}  // namespace bayward::net
