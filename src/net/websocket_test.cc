// WebSockets between our server and client, and between our server and hand-made frames.
#include <sys/resource.h>

#include <thread>

#include "net/test_support.h"

namespace bayward::net {
namespace {

constexpr std::string_view upgrade =
    "GET /ocpp/CP1 HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

// A masked client frame (RFC 6455 5.2) with a payload below 126 bytes and the mask 0.
std::string frame(int opcode, std::string_view payload) {
  std::string out;
  out += static_cast<char>(0x80 | opcode);
  out += static_cast<char>(0x80 | payload.size());
  out.append(4, '\0');
  out += payload;
  return out;
}

class WebSocketTest : public testing::Test {
 protected:
  void serve(HttpServerConfig config = {}) {
    auto listening = HttpServer::listen({&io_}, config, handler_, &acceptor_);
    ASSERT_TRUE(listening.ok());
    server_ = std::move(listening).value();
    io_.start();
  }
  WebSocketClientConfig client_config() const {
    WebSocketClientConfig config;
    config.port = server_->port();
    config.target = "/ocpp/CP1";
    config.subprotocols = {"ocpp2.0.1", "ocpp1.6"};
    return config;
  }
  Result<std::string, WebSocketRefusal> connect(const WebSocketClientConfig& config,
                                                std::shared_ptr<WebSocketSession> session) {
    Watched<std::optional<Result<std::string, WebSocketRefusal>>> outcome;
    connect_websocket(io_, config, std::move(session),
                      [&](auto result) { outcome.change([&](auto& held) { held = std::move(result); }); });
    EXPECT_TRUE(outcome.wait([](const auto& held) { return held.has_value(); }));
    return *outcome.value();
  }
  // An open connection: the client's session; the server's is station_.
  std::shared_ptr<RecordingSession> open() {
    auto session = std::make_shared<RecordingSession>();
    EXPECT_TRUE(connect(client_config(), session).ok());
    EXPECT_TRUE(session->wait_open() && station_->wait_open());
    return session;
  }
  static std::shared_ptr<WebSocketConnection> connection(const RecordingSession& session) {
    return session.record.value().connection;
  }
  // Upgrades by hand; what follows is frames.
  RawSocket& open_raw(int receive_buffer = 0) {
    raw_ = std::make_unique<RawSocket>(server_->port(), receive_buffer);
    raw_->send(std::string(upgrade) + "\r\n");
    EXPECT_TRUE(raw_->read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
    EXPECT_TRUE(station_->wait_open());
    return *raw_;
  }

  std::shared_ptr<RecordingSession> station_ = std::make_shared<RecordingSession>(true);
  std::function<void(HttpRequest, WebSocketDecision)> decide_ = [this](HttpRequest, WebSocketDecision decision) {
    decision.accept("ocpp1.6", station_);
  };
  FunctionHandler handler_{[](HttpRequest, Responder responder) { responder.send(text_response("page")); }};
  FunctionAcceptor acceptor_{
      [this](HttpRequest request, WebSocketDecision decision) { decide_(std::move(request), std::move(decision)); }};
  IoContext io_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawSocket> raw_;
};

// ---- opening

TEST_F(WebSocketTest, messages_go_both_ways_under_the_chosen_subprotocol) {
  serve();
  auto client = std::make_shared<RecordingSession>();
  const auto chosen = connect(client_config(), client);
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(*chosen, "ocpp1.6");
  ASSERT_TRUE(client->wait_open());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(connection(*client)->send("message " + std::to_string(i)));
  ASSERT_TRUE(client->record.wait([](const SessionRecord& r) { return r.messages.size() == 100; }));
  EXPECT_EQ(client->record.value().messages[99], "message 99");
  EXPECT_EQ(server_->counts().websockets, 1u);
  EXPECT_TRUE(eventually([this] { return server_->counts().connections == 0; }));
}

TEST_F(WebSocketTest, the_acceptor_sees_credentials_and_offers_and_may_decide_later_on_another_thread) {
  std::thread checking;
  decide_ = [&](HttpRequest request, WebSocketDecision decision) {
    checking = std::thread([this, request = std::move(request), decision] {
      const auto pair = parse_basic_authorization(request.headers.get("Authorization"));
      EXPECT_EQ(request.path, "/ocpp/CP1");
      EXPECT_EQ(header_list(request.headers, "Sec-WebSocket-Protocol").size(), 2u);
      if (pair && pair->user == "CP1" && pair->password == "pass:word") decision.accept("ocpp2.0.1", station_);
    });
  };
  serve();
  WebSocketClientConfig config = client_config();
  config.credentials = BasicCredentials{"CP1", "pass:word"};
  const auto chosen = connect(config, std::make_shared<RecordingSession>());
  checking.join();
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(*chosen, "ocpp2.0.1");
}

TEST_F(WebSocketTest, a_rejection_is_the_http_answer_given) {
  decide_ = [](HttpRequest, WebSocketDecision decision) {
    HttpResponse response = problem_response(401, "who are you?");
    response.headers.add("WWW-Authenticate", "Basic realm=\"ocpp\"");
    decision.reject(std::move(response));
  };
  serve();
  const auto refused = connect(client_config(), std::make_shared<RecordingSession>());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().status, 401);
  EXPECT_NE(refused.error().reason.find("who are you?"), std::string::npos);
  RawSocket socket(server_->port());
  socket.send(std::string(upgrade) + "\r\n");
  EXPECT_NE(socket.read_until("\r\n\r\n").find("WWW-Authenticate: Basic realm=\"ocpp\"\r\n"), std::string::npos);
  socket.read_until("}");
  socket.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");  // the connection is still good for HTTP
  EXPECT_TRUE(socket.read_until("page").ends_with("page"));
}

TEST_F(WebSocketTest, an_upgrade_nobody_decides_about_is_500) {
  decide_ = [](HttpRequest, WebSocketDecision) {};
  serve();
  EXPECT_EQ(connect(client_config(), std::make_shared<RecordingSession>()).error().status, 500);
}

TEST_F(WebSocketTest, an_upgrade_that_is_not_rfc_6455_is_refused_before_anybody_is_asked) {
  decide_ = [](HttpRequest, WebSocketDecision) { ADD_FAILURE(); };
  serve();
  const auto ask = [this](std::string text, std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
    RawSocket socket(server_->port());
    socket.send(text + "\r\n");
    return socket.read_until("\r\n\r\n");
  };
  const std::string old_version = ask(std::string(upgrade), "Version: 13", "Version: 8");
  EXPECT_TRUE(old_version.starts_with("HTTP/1.1 426 "));
  EXPECT_NE(old_version.find("Sec-WebSocket-Version: 13\r\n"), std::string::npos);
  EXPECT_TRUE(ask(std::string(upgrade), "dGhlIHNhbXBsZSBub25jZQ==", "short").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(ask(std::string(upgrade), "Upgrade: websocket", "Upgrade: h2c").starts_with("HTTP/1.1 200 "));
}

TEST_F(WebSocketTest, a_client_refuses_a_subprotocol_it_did_not_offer) {
  decide_ = [this](HttpRequest, WebSocketDecision decision) { decision.accept("soap", station_); };
  serve();
  const auto refused = connect(client_config(), std::make_shared<RecordingSession>());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().status, 0);
  EXPECT_EQ(station_->wait_closed(), close_code::abnormal);
}

TEST_F(WebSocketTest, too_many_sockets_are_503) {
  HttpServerConfig config;
  config.websockets = 1;
  serve(config);
  const auto client = open();
  EXPECT_EQ(connect(client_config(), std::make_shared<RecordingSession>()).error().status, 503);
}

TEST_F(WebSocketTest, a_client_that_reaches_nobody_is_told_so) {
  serve();
  WebSocketClientConfig config = client_config();
  server_->stop(1s);
  const auto refused = connect(config, std::make_shared<RecordingSession>());
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().reason.find("Connection refused"), std::string::npos);
}

// ---- closing

TEST_F(WebSocketTest, either_side_may_close_and_both_hear_the_code_once) {
  serve();
  auto client = open();
  connection(*station_)->send("before");
  connection(*station_)->close(4001, "replaced");
  connection(*station_)->close(4002, "ignored");
  EXPECT_EQ(client->wait_closed(), 4001);
  EXPECT_EQ(client->record.value().why.reason, "replaced");
  EXPECT_EQ(client->record.value().messages, std::vector<std::string>{"before"});
  EXPECT_EQ(station_->wait_closed(), 4001);

  station_ = std::make_shared<RecordingSession>();
  client = open();
  connection(*client)->close(close_code::normal, "");
  EXPECT_EQ(station_->wait_closed(), close_code::normal);
  EXPECT_TRUE(eventually([this] { return server_->counts().websockets == 0; }));
  EXPECT_EQ(station_->record.value().closed, 1);
}

TEST_F(WebSocketTest, a_long_reason_is_cut_at_a_character) {
  serve();
  const auto client = open();
  std::string reason(122, 'r');
  reason += "\xe5\x81\x9c";
  connection(*station_)->close(4000, reason);
  EXPECT_EQ(client->wait_closed(), 4000);
  EXPECT_EQ(client->record.value().why.reason, std::string(122, 'r'));
}

TEST_F(WebSocketTest, a_connection_that_breaks_is_closed_as_abnormal) {
  serve();
  open_raw().close();
  EXPECT_EQ(station_->wait_closed(), close_code::abnormal);
  EXPECT_FALSE(station_->record.value().connection);
}

TEST_F(WebSocketTest, a_peer_that_does_not_answer_the_close_is_cut_off) {
  HttpServerConfig config;
  config.close_timeout = 200ms;
  serve(config);
  RawSocket& socket = open_raw();
  connection(*station_)->close(4003, "go");
  EXPECT_EQ(station_->wait_closed(), 4003);
  EXPECT_EQ(socket.read_to_end(), "\x88\x04\x0f\xa3go");
}

TEST_F(WebSocketTest, sending_on_a_closed_socket_says_so) {
  serve();
  const auto client = open();
  const auto held = connection(*station_);
  held->close(close_code::normal, "");
  EXPECT_FALSE(held->send("late"));
  EXPECT_EQ(station_->wait_closed(), close_code::normal);
  EXPECT_FALSE(held->send("later"));
  held->close(close_code::normal, "");
}

TEST_F(WebSocketTest, stopping_the_server_closes_with_1001) {
  serve();
  const auto client = open();
  server_->stop(20s);
  EXPECT_EQ(client->wait_closed(), close_code::going_away);
  EXPECT_EQ(station_->record.value().closed, 1);
}

// ---- bad input

TEST_F(WebSocketTest, an_oversized_message_closes_with_1009) {
  serve();
  auto client = open();
  EXPECT_TRUE(connection(*client)->send(std::string(limits::ocpp_message_bytes, 'x')));
  ASSERT_TRUE(station_->record.wait([](const SessionRecord& r) { return r.messages.size() == 1; }));
  EXPECT_TRUE(connection(*client)->send(std::string(limits::ocpp_message_bytes + 1, 'x')));
  EXPECT_EQ(station_->wait_closed(), close_code::too_big);
  EXPECT_EQ(client->wait_closed(), close_code::too_big);
}

TEST_F(WebSocketTest, a_binary_message_closes_with_1003) {
  serve();
  RawSocket& socket = open_raw();
  socket.send(frame(2, "bytes"));
  EXPECT_TRUE(socket.read_until("only").starts_with("\x88\x14\x03\xeb"));
  socket.send(frame(8, "\x03\xeb"));
  EXPECT_EQ(station_->wait_closed(), close_code::unsupported_data);
  EXPECT_TRUE(station_->record.value().messages.empty());
}

TEST_F(WebSocketTest, text_that_is_not_utf_8_closes_with_1007) {
  serve();
  RawSocket& socket = open_raw();
  socket.send(frame(1, "\xc3\x28"));
  EXPECT_EQ(station_->wait_closed(), close_code::bad_text);
  EXPECT_EQ(socket.read_until("\x03\xef"), "\x88\x02\x03\xef");
}

TEST_F(WebSocketTest, frames_against_the_protocol_close_with_1002) {
  for (const std::string& bytes : {std::string("\x81\x01x"), frame(3, ""), std::string("\xc1\x80\0\0\0\0", 6)}) {
    station_ = std::make_shared<RecordingSession>();
    if (!server_) serve();
    open_raw().send(bytes);
    EXPECT_EQ(station_->wait_closed(), close_code::protocol_error);
  }
}

TEST_F(WebSocketTest, a_peer_that_answers_no_ping_is_closed) {
  HttpServerConfig config;
  config.ping_interval = 100ms;
  serve(config);
  RawSocket& socket = open_raw();
  EXPECT_EQ(socket.read_until("\x89").back(), '\x89');  // a ping came
  EXPECT_EQ(station_->wait_closed(), close_code::abnormal);
  EXPECT_NE(station_->record.value().why.reason.find("ping"), std::string::npos);
}

TEST_F(WebSocketTest, a_peer_that_answers_pings_stays) {
  HttpServerConfig config;
  config.ping_interval = 50ms;
  serve(config);
  RawSocket& socket = open_raw();
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(socket.read_until(std::string("\x89\0", 2)).size(), 2u);
    socket.send(frame(10, ""));
  }
  EXPECT_EQ(station_->record.value().closed, 0);
}

TEST_F(WebSocketTest, a_peer_that_does_not_read_is_closed_when_its_queue_is_full) {
  HttpServerConfig config;
  config.close_timeout = 200ms;
  serve(config);
  open_raw(4096);
  const auto held = connection(*station_);
  const std::string message(64 * 1024, 'm');
  size_t sent = 0;
  while (sent < 10'000 && held->send(message)) ++sent;
  EXPECT_GE(sent, limits::websocket_send_queue_bytes / message.size());
  EXPECT_LT(sent, 10'000u);
  EXPECT_EQ(station_->wait_closed(), close_code::policy);
}

TEST_F(WebSocketTest, the_queue_is_bounded_in_messages_too) {
  HttpServerConfig config;
  config.websocket_queue_messages = 3;
  serve(config);
  const auto client = open();
  Watched<std::vector<bool>> taken;
  io_.post([&] {  // on the io thread nothing can be written meanwhile
    for (int i = 0; i < 4; ++i) {
      const bool ok = connection(*station_)->send("x");
      taken.change([&](auto& list) { list.push_back(ok); });
    }
  });
  ASSERT_TRUE(taken.wait([](const auto& list) { return list.size() == 4; }));
  EXPECT_EQ(taken.value(), (std::vector<bool>{true, true, true, false}));
  EXPECT_EQ(client->wait_closed(), close_code::policy);
}

// ---- many

TEST_F(WebSocketTest, a_thousand_reconnect_at_once_again_and_again_and_each_end_is_told_once) {
  constexpr int count = 1000;
  Watched<std::vector<std::shared_ptr<RecordingSession>>> stations;
  decide_ = [&](HttpRequest, WebSocketDecision decision) {
    auto session = std::make_shared<RecordingSession>(true);
    stations.change([&](auto& list) { list.push_back(session); });
    decision.accept("ocpp1.6", session);
  };
  serve();
  IoContext clients;
  clients.start();
  for (int round = 0; round < 3; ++round) {
    std::vector<std::shared_ptr<RecordingSession>> sessions;
    std::atomic<int> connected = 0;
    for (int i = 0; i < count; ++i) {
      sessions.push_back(std::make_shared<RecordingSession>());
      connect_websocket(clients, client_config(), sessions.back(),
                        [&](const auto& result) { connected += result.ok(); });
    }
    ASSERT_TRUE(eventually([&] { return connected == count; })) << connected;
    for (const auto& session : sessions) {
      ASSERT_TRUE(session->wait_open());
      connection(*session)->send("hello");
    }
    for (const auto& session : sessions) {
      ASSERT_TRUE(session->record.wait([](const SessionRecord& r) { return r.messages.size() == 1; }));
      connection(*session)->close(close_code::normal, "");
    }
    for (const auto& session : sessions) EXPECT_EQ(session->wait_closed(), close_code::normal);
  }
  EXPECT_TRUE(eventually([this] { return server_->counts().websockets == 0; }));
  ASSERT_EQ(stations.value().size(), 3u * count);
  for (const auto& session : stations.value()) {
    EXPECT_EQ(session->record.value().opened, 1);
    EXPECT_EQ(session->record.value().closed, 1);
  }
}

TEST_F(WebSocketTest, accepting_goes_on_after_the_process_ran_out_of_descriptors) {
#if __has_feature(undefined_behavior_sanitizer)
  GTEST_SKIP() << "UBSan needs a descriptor of its own to look at a virtual table";
#endif
  AcceptFailures failures;
  log::install(&failures);
  serve();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  std::vector<int> held = {::dup(0)};
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(held.front() + 4);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) held.push_back(fd);
  ::close(held.back());
  held.pop_back();
  const RawSocket socket(server_->port());  // takes the last descriptor
  EXPECT_TRUE(socket.connected());
  EXPECT_TRUE(eventually([&] { return failures.count > 2; }));
  EXPECT_EQ(server_->counts().connections, 0u);
  for (int fd : held) ::close(fd);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(eventually([this] { return server_->counts().connections == 1; }));
  log::install(nullptr);
}

}  // namespace
}  // namespace bayward::net
