#include "net/ready_sockets.h"

#include <sys/socket.h>
#include <unistd.h>

#include "net/io_impl.h"
#include "net/test_support.h"

namespace bayward::net {
namespace {

class ReadySocketsTest : public testing::Test {
 protected:
  ReadySocketsTest() {
    for (auto& pair : pairs_) EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair.data()), 0);
  }
  ~ReadySocketsTest() override {
    for (const auto& pair : pairs_) {
      ::close(pair[0]);
      ::close(pair[1]);
    }
  }
  struct Reader : ReadySockets::Reader {
    explicit Reader(std::function<void()> call, bool is_urgent = false) : called(std::move(call)), urgent(is_urgent) {}
    bool read() override { return urgent; }
    void work_off() override { called(); }
    const std::function<void()> called;
    const bool urgent;
  };
  void add(size_t pair, std::function<void()> called, bool urgent = false) {
    EXPECT_TRUE(ready().add(pairs_[pair][0], std::make_unique<Reader>(std::move(called), urgent)));
  }
  void remove(size_t pair) { ready().remove(pairs_[pair][0]); }
  void write(size_t pair) { EXPECT_EQ(::write(pairs_[pair][1], "x", 1), 1); }
  void read(size_t pair) {
    char byte = 0;
    EXPECT_EQ(::read(pairs_[pair][0], &byte, 1), 1);
  }
  ReadySockets& ready() { return asio::use_service<ReadySockets>(context_); }
  // Runs what there is to do, until `done`.
  void run(const std::function<bool()>& done) {
    for (int i = 0; i < 1000 && !done(); ++i) context_.run_one_for(100ms);
    EXPECT_TRUE(done());
  }

  asio::io_context context_{1};
  asio::executor_work_guard<Executor> work_{context_.get_executor()};
  std::array<std::array<int, 2>, 3> pairs_{};
};

TEST_F(ReadySocketsTest, those_with_something_to_read_are_told_and_no_others) {
  std::array<int, 2> told{};
  for (size_t i = 0; i < told.size(); ++i) {
    add(i, [&, i] {
      read(i);
      ++told[i];
    });
  }
  write(1);
  run([&] { return told[1] == 1; });
  write(1);
  write(1);
  run([&] { return told[1] == 3; });
  EXPECT_EQ(told[0], 0);
}

TEST_F(ReadySocketsTest, what_is_left_is_said_again) {
  int told = 0;
  add(0, [&] {
    if (++told == 3) read(0);
  });
  write(0);
  run([&] { return told == 3; });
}

TEST_F(ReadySocketsTest, a_reader_may_remove_itself_and_others_that_are_about_to_be_told) {
  int told = 0;
  for (size_t i = 0; i < pairs_.size(); ++i) {
    add(i, [&] {
      ++told;
      for (size_t other = 0; other < pairs_.size(); ++other) remove(other);
    });
    write(i);
  }
  run([&] { return told == 1; });
  context_.run_one_for(10ms);
  EXPECT_EQ(told, 1);
  add(0, [&] {
    read(0);
    ++told;
  });
  run([&] { return told == 2; });
}

TEST_F(ReadySocketsTest, what_is_urgent_comes_before_what_came_with_it) {
  std::vector<size_t> order;
  for (size_t i = 0; i < pairs_.size(); ++i) {
    const auto called = [&, i] {
      read(i);
      order.push_back(i);
    };
    write(i);
    add(i, called, i == 2);
  }
  run([&] { return order.size() == 3; });
  EXPECT_EQ(order, (std::vector<size_t>{2, 0, 1}));
}

TEST_F(ReadySocketsTest, readers_end_with_the_context) {
  const auto held = std::make_shared<int>();
  {
    asio::io_context context{1};
    EXPECT_TRUE(asio::use_service<ReadySockets>(context).add(pairs_[0][0], std::make_unique<Reader>([held] {})));
  }
  EXPECT_EQ(held.use_count(), 1);
}

// The socket is Asio's again from the moment its peer doesn't read (see websocket_link.h).
TEST(WebSocketDirect, a_peer_that_reads_late_gets_all_of_it_and_is_heard_as_before) {
  const auto station = std::make_shared<RecordingSession>(true);
  FunctionHandler handler{[](HttpRequest, Responder responder) { responder.send(text_response("page")); }};
  FunctionAcceptor acceptor{[&](HttpRequest, WebSocketDecision decision) { decision.accept("ocpp1.6", station); }};
  IoContext io;
  const auto server = HttpServer::listen({&io}, {}, handler, &acceptor);
  ASSERT_TRUE(server.ok());
  io.start();
  RawSocket socket((*server)->port(), 4096);
  socket.send(
      "GET /ocpp/CP1 HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  ASSERT_TRUE(socket.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  ASSERT_TRUE(station->wait_open());
  const auto connection = station->record.value().connection;
  const std::string message(60'000, 'm');
  constexpr size_t header_bytes = 4;
  const size_t count = limits::websocket_send_queue_bytes / message.size() - 1;
  for (size_t i = 0; i < count; ++i) EXPECT_TRUE(connection->send(message));
  EXPECT_TRUE(connection->send("last"));
  EXPECT_EQ(socket.read_until("last").size(), count * (header_bytes + message.size()) + 2 + 4);
  for (const char digit : {'1', '2'}) {
    socket.send(std::string("\x81\x81\0\0\0\0", 6) + digit);
    EXPECT_EQ(socket.read_until({&digit, 1}), std::string("\x81\x01") + digit);  // its session echoes
  }
  connection->close(4001, "");
  EXPECT_EQ(socket.read_until("\x0f\xa1"), "\x88\x02\x0f\xa1");
  socket.send(std::string("\x88\x82\0\0\0\0\x0f\xa1", 8));
  EXPECT_EQ(station->wait_closed(), 4001);
}

}  // namespace
}  // namespace bayward::net
