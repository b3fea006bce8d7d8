// Says which of many plain sockets of an io thread have something to read. Asio's own way costs a read that finds
// nothing, an allocation and a hand-over between queues for each message of each socket; here one look finds all that
// have something, and each is told by a call. An epoll of its own that stands in Asio's.
//
// A service of the io context; its io thread only. Who is registered lives until remove(), or until the context ends.
// Internal to net.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "net/asio.h"

namespace bayward::net {

class ReadySockets : public asio::io_context::service {
 public:
  class Reader {
   public:
    virtual ~Reader() = default;
    // There are bytes, or the peer has gone, or the socket has failed. Reads once, and says whether what it has read is
    // urgent. Then work_off() follows; what was left unread is said again after that.
    virtual bool read() = 0;
    virtual void work_off() = 0;
  };

  static inline asio::io_context::id id;

  explicit ReadySockets(asio::io_context& context);
  ~ReadySockets() override;

  // False when the system has no room for it.
  bool add(int socket, std::unique_ptr<Reader> reader);
  // Also out of work_off(), also of another.
  void remove(int socket);

 private:
  static constexpr size_t read_at_once = 1024;
  // Then everybody else of the io thread has a turn.
  static constexpr size_t worked_off_at_once = 64;

  void shutdown() override;
  void watch();
  void look();
  size_t read_all();
  void work_off(size_t count);

  const int epoll_;
  asio::posix::basic_stream_descriptor<Executor> descriptor_;
  struct Entry {
    std::unique_ptr<Reader> reader;
    bool waiting = false;  // in waiting_
  };

  std::unordered_map<int, std::unique_ptr<Entry>> readers_;
  std::array<epoll_event, read_at_once> ready_{};
  std::deque<Entry*> waiting_;  // to be worked off; null: was removed
  bool working_ = false;
  std::vector<std::unique_ptr<Entry>> removed_;  // one of them may be working
  bool looking_ = false;                         // look() will be called
};

}  // namespace bayward::net
