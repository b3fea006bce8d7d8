// Event streams from server to reader, over real sockets.
#include <thread>

#include "net/event_parser.h"
#include "net/test_support.h"

namespace bayward::net {
namespace {

struct ReaderRecord {
  int opened = 0;
  std::vector<ServerEvent> events;
  int ended = 0;
  int status = 0;  // of an answer that was no stream
};

class EventStreamTest : public testing::Test {
 protected:
  void serve(HttpServerConfig config = {}) {
    auto listening = HttpServer::listen({&io_}, config, handler_, nullptr);
    ASSERT_TRUE(listening.ok());
    server_ = std::move(listening).value();
    io_.start();
  }
  std::unique_ptr<EventReader> read(Watched<ReaderRecord>& record, std::string target = "/feed") {
    HttpClientConfig config;
    config.port = server_->port();
    EventReader::Callbacks callbacks;
    callbacks.opened = [&record] { record.change([](ReaderRecord& r) { ++r.opened; }); };
    callbacks.event = [&record](const ServerEvent& event) {
      record.change([&](ReaderRecord& r) { r.events.push_back(event); });
    };
    callbacks.ended = [&record](Result<HttpResponse> answer) {
      record.change([&](ReaderRecord& r) {
        ++r.ended;
        r.status = answer.ok() ? answer->status : 0;
      });
    };
    return std::make_unique<EventReader>(io_, config, http_request(HttpMethod::get, std::move(target)), callbacks);
  }
  std::shared_ptr<EventStream> wait_stream() {
    EXPECT_TRUE(stream_.wait([](const auto& stream) { return stream != nullptr; }));
    return stream_.value();
  }
  bool wait_closed(int times = 1) {
    return closed_.wait([times](int count) { return count >= times; });
  }

  Watched<std::shared_ptr<EventStream>> stream_;
  Watched<int> closed_;
  FunctionHandler handler_{[this](HttpRequest request, Responder responder) {
    if (request.path != "/feed") return responder.send(text_response("no feed"));
    auto stream = responder.open_event_stream([this] { closed_.change([](int& count) { ++count; }); });
    stream_.change([&](auto& held) { held = std::move(stream); });
  }};
  IoContext io_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(EventStreamTest, events_arrive_in_order_with_id_and_name) {
  Watched<ReaderRecord> record;
  serve();
  const auto reader = read(record);
  const auto stream = wait_stream();
  for (int i = 0; i < 500; ++i) EXPECT_TRUE(stream->send(std::to_string(i), "bay", "line 1\nline 2"));
  ASSERT_TRUE(record.wait([](const ReaderRecord& r) { return r.events.size() == 500; }));
  const ReaderRecord seen = record.value();
  EXPECT_EQ(seen.opened, 1);
  for (size_t i = 0; i < 500; ++i) EXPECT_EQ(seen.events[i].id, std::to_string(i));
  EXPECT_EQ(seen.events[0].event, "bay");
  EXPECT_EQ(seen.events[0].data, "line 1\nline 2");
  EXPECT_EQ(server_->counts().event_streams, 1u);
}

TEST_F(EventStreamTest, closing_writes_what_was_sent_and_tells_both_sides_once) {
  Watched<ReaderRecord> record;
  serve();
  const auto reader = read(record);
  const auto stream = wait_stream();
  stream->send("1", "", "last words");
  stream->close();
  stream->close();
  EXPECT_FALSE(stream->send("2", "", "too late"));
  ASSERT_TRUE(record.wait([](const ReaderRecord& r) { return r.ended == 1; }));
  ASSERT_TRUE(wait_closed());
  EXPECT_EQ(record.value().events.size(), 1u);
  server_->stop(1s);
  EXPECT_EQ(closed_.value(), 1);
}

TEST_F(EventStreamTest, letting_go_of_the_stream_closes_it) {
  Watched<ReaderRecord> record;
  serve();
  const auto reader = read(record);
  wait_stream();
  stream_.change([](auto& stream) { stream.reset(); });
  EXPECT_TRUE(record.wait([](const ReaderRecord& r) { return r.ended == 1; }));
  EXPECT_TRUE(wait_closed());
}

TEST_F(EventStreamTest, a_reader_that_goes_away_is_noticed_without_sending) {
  serve();
  RawSocket socket(server_->port());
  socket.send("GET /feed HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_NE(socket.read_until("\r\n\r\n").find("Content-Type: text/event-stream\r\n"), std::string::npos);
  const auto stream = wait_stream();
  socket.close();
  EXPECT_TRUE(wait_closed());
  EXPECT_FALSE(stream->send("1", "", "nobody there"));
}

TEST_F(EventStreamTest, a_reader_that_does_not_read_is_disconnected_when_the_queue_is_full) {
  serve();
  RawSocket socket(server_->port(), 4096);
  socket.send("GET /feed HTTP/1.1\r\nHost: t\r\n\r\n");
  const auto stream = wait_stream();
  const auto frame = std::make_shared<const std::string>(event_frame("1", "", std::string(16 * 1024, 'x')));
  // Far more than the sockets' buffers and the queue hold together.
  size_t sent = 0;
  while (sent < 20'000 && stream->send(frame)) ++sent;
  EXPECT_GE(sent, limits::feed_queue_messages);
  EXPECT_LT(sent, 20'000u);
  server_->stop(50ms);  // the write it is stuck in ends at the cut
  EXPECT_EQ(closed_.value(), 1);
}

TEST_F(EventStreamTest, a_reader_that_stops_reading_is_cut_after_the_write_timeout) {
  HttpServerConfig config;
  config.write_timeout = 200ms;
  serve(config);
  RawSocket socket(server_->port(), 4096);
  socket.send("GET /feed HTTP/1.1\r\nHost: t\r\n\r\n");
  const auto stream = wait_stream();
  while (stream->send("1", "", std::string(16 * 1024, 'x'))) {
  }
  EXPECT_TRUE(wait_closed());
}

TEST_F(EventStreamTest, a_quiet_stream_has_a_heartbeat) {
  HttpServerConfig config;
  config.heartbeat = 100ms;
  serve(config);
  RawSocket socket(server_->port());
  socket.send("GET /feed HTTP/1.1\r\nHost: t\r\n\r\n");
  socket.read_until("\r\n\r\n");
  EXPECT_EQ(socket.read_until(":\n\n"), ":\n\n");
  EXPECT_EQ(socket.read_until(":\n\n"), ":\n\n");
}

TEST_F(EventStreamTest, stopping_the_server_ends_open_streams_in_the_first_stage) {
  Watched<ReaderRecord> record;
  serve();
  const auto reader = read(record);
  const auto stream = wait_stream();
  ASSERT_TRUE(record.wait([](const ReaderRecord& r) { return r.opened == 1; }));
  server_->stop(20s);
  EXPECT_EQ(closed_.value(), 1);
  EXPECT_FALSE(stream->send("1", "", "x"));
  EXPECT_TRUE(record.wait([](const ReaderRecord& r) { return r.ended == 1; }));
}

TEST_F(EventStreamTest, an_answer_that_is_no_stream_is_given_whole) {
  Watched<ReaderRecord> record;
  serve();
  const auto reader = read(record, "/other");
  ASSERT_TRUE(record.wait([](const ReaderRecord& r) { return r.ended == 1; }));
  EXPECT_EQ(record.value().status, 200);
  EXPECT_EQ(record.value().opened, 0);
}

TEST(EventParser, bytes_may_be_cut_anywhere_and_lines_may_end_in_three_ways) {
  const std::string text =
      ":\n\nid: 7\r\nevent: bay\r\ndata: a\r\ndata:b\r\n\r\ndata: c\r\rid\ndata\n\n: comment\nevent: dropped\n\nretry: "
      "5\n";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    EventParser parser;
    std::vector<ServerEvent> events;
    const auto each = [&](const ServerEvent& event) { events.push_back(event); };
    EXPECT_TRUE(parser.feed(text.substr(0, cut), each));
    EXPECT_TRUE(parser.feed(text.substr(cut), each));
    ASSERT_EQ(events.size(), 3u) << cut;
    EXPECT_EQ(events[0].id, "7");
    EXPECT_EQ(events[0].event, "bay");
    EXPECT_EQ(events[0].data, "a\nb");
    EXPECT_EQ(events[1].id, "7");
    EXPECT_EQ(events[1].event, "message");
    EXPECT_EQ(events[1].data, "c");
    EXPECT_EQ(events[2].id, "");
    EXPECT_EQ(events[2].data, "");
  }
}

}  // namespace
}  // namespace bayward::net
