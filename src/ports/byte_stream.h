// TCP as connectors need it: a loop with one thread, its timers, and outgoing connections. net/tcp_client.h implements
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"

namespace bayward {

struct StreamAddress {
  std::string host;  // name or address
  uint16_t port = 0;
  bool tls = false;
  bool datagram = false;  // UDP: send() is one datagram, received() is one; a lost one is nobody's concern here
};

// What happens to a connection, on the loop's thread. After closed() nothing more comes.
class StreamEvents {
 public:
  virtual ~StreamEvents() = default;
  virtual void opened() = 0;
  virtual void received(std::string_view bytes) = 0;
  virtual void closed(std::string_view why) = 0;
};

// The loop's thread only. Letting go of it closes the connection, and from then on nothing is told any more.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // A far side that doesn't read is closed once limits::stream_unsent_bytes wait for it.
  virtual void send(std::string bytes) = 0;
};

class StreamLoop {
 public:
  virtual ~StreamLoop() = default;
  // A clock that only goes forward; any thread.
  virtual Instant steady() const = 0;
  // Runs on the loop's thread: `work` soon, from any thread.
  virtual void post(std::function<void()> work) = 0;
  virtual void after(Duration delay, std::function<void()> work) = 0;
  // The loop's thread. Tells `events` from a later turn of the loop, never before it has returned.
  virtual std::unique_ptr<ByteStream> dial(const StreamAddress& address, StreamEvents& events) = 0;
};

}  // namespace bayward
