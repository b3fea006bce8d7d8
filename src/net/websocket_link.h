// One WebSocket after its handshake, of either role: reading, the bounded send queue, pings, closing. Internal to net.
//
// send() and close() come from any thread; everything else happens on the io thread. One write is in flight at a time;
// what is sent while messages are being worked off goes out together afterwards. A session hears closed() exactly once
// if it heard opened(). Who is silent for ping_interval is pinged, who is silent for as long again is cut off.
//
// Without TLS the socket is taken from Asio while all goes well and read when ReadySockets says so. The first trouble
// (the peer doesn't read, either side closes) gives it back for good, and the rest is done in Asio's way.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "net/stream.h"
#include "net/task_group.h"
#include "net/websocket_frames.h"
#include "ports/websocket.h"

namespace bayward::net {

struct WebSocketLimits {
  size_t message_bytes = 0;
  size_t queue_messages = 0;
  size_t queue_bytes = 0;
  Duration ping_interval{};
  Duration close_timeout{};
  // Agreed on with the peer (net/websocket_deflate.h); none: nothing is compressed.
  std::optional<int> deflate_window_bits = {};
};

class WebSocketLink : public WebSocketConnection, public Task, public std::enable_shared_from_this<WebSocketLink> {
 public:
  WebSocketLink(Stream stream, WebSocketRole role, const WebSocketLimits& limits);
  ~WebSocketLink() override;

  // `gone` is called once, when the socket is closed. A session is held by what waits for the socket, not by the link:
  // it holds its connection, and when the io thread ends before the socket does, somebody has to let go.
  using Gone = std::function<void()>;
  // As server: writes the answer to the upgrade, then runs.
  void serve(std::string answer, std::shared_ptr<WebSocketSession> session, Gone gone);
  // opened(), messages, closed(). `begun` is what came behind the handshake.
  void run(std::string_view begun, std::shared_ptr<WebSocketSession> session, Gone gone);

  bool send(std::string text) override;
  void close(uint16_t code, std::string_view reason) override;

  void ask_to_end() override;
  void cut() override;
  void tick(SteadyTime) override {}

 private:
  using Session = std::shared_ptr<WebSocketSession>;
  enum class State : uint8_t { open, closing, closed };
  struct Volume {
    size_t messages = 0;
    size_t bytes = 0;
  };

  void open(std::string_view begun, Session session);
  void read(Session session);
  struct DirectReader;
  bool take_from_asio(Session& session);
  bool read_directly(const WebSocketSession& session);
  void work_off_directly(const Session& session);
  void assign_to_asio();
  Session give_back_to_asio();
  void leave_direct();
  size_t write_directly();
  bool is_direct() const { return direct_ != nullptr; }
  void arrived(Session session);
  // What has come; how it ended, if it did.
  std::optional<WebSocketClosed> work_off(WebSocketSession& session);
  void end(Session session, WebSocketClosed why, bool answer_close);
  void end_output();
  void linger();
  void finish();

  void flush();
  bool fill();
  void write(size_t done);
  void written(error_code error);
  void drop_queue();
  std::optional<uint32_t> mask();

  void begin_close();
  void watch(SteadyTime until);
  void watched();
  bool is_open();

  const WebSocketLimits limits_;
  const WebSocketRole role_;
  Stream stream_;
  bool may_be_direct_;
  const DirectReader* direct_ = nullptr;  // while the socket is not Asio's; lives in ReadySockets
  int socket_ = -1;                       // then
  int read_error_ = 0;                    // of the last read of it: 0, ECONNRESET, ...
  bool read_end_ = false;                 // the peer has gone, or read_error_
  Tcp protocol_ = Tcp::v4();              // of it
  SteadyTimer timer_;                     // until the next ping is due; then how long closing may take
  Gone gone_;
  FrameReader reader_;
  std::optional<FrameReader::Item> peeked_;  // has been looked at, and comes next
  std::string in_flight_;
  bool writing_ = false;
  bool working_ = false;  // inside arrived(), which reads on
  bool begun_ = false;    // the handshake is over, frames may be written
  bool limited_ = false;  // the timer is that of closing
  bool over_ = false;     // the session has been told; only the close frame may still go out
  bool silent_ = false;   // no ping was answered
  bool close_sent_ = false;
  SteadyTime heard_at_{};
  SteadyTime pinged_at_{};
  std::string pong_;         // the frame, when one is due: the last ping's (RFC 6455 5.5.3)
  std::string close_frame_;  // when one is due

  std::mutex mutex_;  // guards what follows
  State state_ = State::open;
  std::string queue_;       // frames
  Volume waiting_;          // in queue_ and in_flight_
  Volume flying_;           // in in_flight_
  bool flush_due_ = false;  // flush() will be called
  std::optional<WebSocketClosed> our_close_;
};

}  // namespace bayward::net
