// The server over real sockets: what it takes, what it refuses, how it ends.
#include "net/http_server.h"

#include <thread>

#include "net/test_support.h"
#include "ports/http_util.h"

namespace bayward::net {
namespace {

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

class HttpServerTest : public testing::Test {
 protected:
  void serve(HttpServerConfig config = {}) {
    auto listening = HttpServer::listen({&io_}, config, handler_, nullptr);
    ASSERT_TRUE(listening.ok());
    server_ = std::move(listening).value();
    io_.start();
  }
  // One request on a connection of its own, everything that comes back.
  std::string ask(std::string_view bytes) {
    RawSocket socket(server_->port());
    socket.send(bytes);
    return socket.read_to_end();
  }
  void expect_refusal(std::string_view bytes, int status) {
    const std::string answer = ask(bytes);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ")) << bytes << "\n" << answer;
    EXPECT_NE(answer.find("Content-Type: application/problem+json\r\n"), std::string::npos);
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_NE(answer.find("\"status\":" + std::to_string(status)), std::string::npos);
    EXPECT_EQ(asked_, 0) << bytes;
  }

  std::atomic<int> asked_ = 0;
  std::function<void(HttpRequest, Responder)> answer_ = [](HttpRequest request, Responder responder) {
    responder.send(text_response(std::string(to_text(request.method)) + ' ' + request.path + ' ' + request.body));
  };
  FunctionHandler handler_{[this](HttpRequest request, Responder responder) {
    ++asked_;
    answer_(std::move(request), std::move(responder));
  }};
  IoContext io_;
  std::unique_ptr<HttpServer> server_;
};

// ---- requests

TEST_F(HttpServerTest, a_connection_is_kept_for_further_requests) {
  serve();
  RawSocket socket(server_->port());
  for (int i = 0; i < 3; ++i) {
    socket.send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi");
    const std::string head = socket.read_until("\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << head;
    EXPECT_NE(head.find("Content-Length: 10\r\n"), std::string::npos);
    EXPECT_EQ(socket.read_until("hi"), "POST /a hi");
  }
}

TEST_F(HttpServerTest, pipelined_requests_are_answered_in_order_one_at_a_time) {
  Watched<std::vector<Responder>> open;
  answer_ = [&](HttpRequest, Responder responder) {
    open.change([&](auto& list) { list.push_back(std::move(responder)); });
  };
  serve();
  RawSocket socket(server_->port());
  socket.send(std::string(get) + std::string(get) + std::string(get));
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(open.wait([](const auto& list) { return !list.empty(); }));
    EXPECT_EQ(asked_, i);
    open.change([&](auto& list) {
      ASSERT_EQ(list.size(), 1u);
      list.back().send(text_response("answer " + std::to_string(i) + "!"));
      list.clear();
    });
  }
  for (int i = 1; i <= 3; ++i) {
    EXPECT_TRUE(socket.read_until("!").ends_with("\r\n\r\nanswer " + std::to_string(i) + "!"));
  }
}

TEST_F(HttpServerTest, the_handler_sees_path_query_headers_and_peer_decoded) {
  Watched<HttpRequest> seen;
  answer_ = [&](HttpRequest request, Responder responder) {
    seen.change([&](HttpRequest& held) { held = std::move(request); });
    responder.send({});
  };
  serve();
  ask("DELETE /bays/%C3%A4?at=a%2Fb&x=1+2 HTTP/1.1\r\nHost: t\r\nx-thing:  v \r\nConnection: close\r\n\r\n");
  const HttpRequest request = seen.value();
  EXPECT_EQ(request.method, HttpMethod::del);
  EXPECT_EQ(request.path, "/bays/\xc3\xa4");
  EXPECT_EQ(request.target, "/bays/%C3%A4?at=a%2Fb&x=1+2");
  EXPECT_EQ(request.parameter("at"), "a/b");
  EXPECT_EQ(request.parameter("x"), "1 2");
  EXPECT_FALSE(request.parameter("y"));
  EXPECT_EQ(request.headers.get("X-Thing"), "v");
  EXPECT_EQ(request.peer, "127.0.0.1");
  EXPECT_FALSE(request.tls);
}

TEST_F(HttpServerTest, a_chunked_body_is_joined_and_its_trailer_dropped) {
  Watched<HttpRequest> seen;
  answer_ = [&](HttpRequest request, Responder responder) {
    seen.change([&](HttpRequest& held) { held = std::move(request); });
    responder.send({});
  };
  serve();
  ask("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nAuthorization: Bearer stolen\r\n\r\n");
  EXPECT_EQ(seen.value().body, "abcde");
  EXPECT_FALSE(seen.value().headers.find("Authorization"));
}

TEST_F(HttpServerTest, head_is_get_without_the_body) {
  serve();
  const std::string answer = ask("HEAD /x HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 7\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(HttpServerTest, http_1_0_closes_unless_it_asks_otherwise) {
  serve();
  EXPECT_NE(ask("GET / HTTP/1.0\r\n\r\n").find("Connection: close"), std::string::npos);
  RawSocket socket(server_->port());
  socket.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(socket.read_until("\r\n\r\n").find("Connection: keep-alive"), std::string::npos);
}

// RFC 9110 10.1.1
TEST_F(HttpServerTest, a_client_that_expects_100_continue_gets_it_before_the_body) {
  serve();
  RawSocket socket(server_->port());
  socket.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(asked_, 0);
  socket.send("body");
  EXPECT_TRUE(socket.read_until("body").ends_with("POST / body"));
}

TEST_F(HttpServerTest, a_body_of_exactly_the_limit_is_taken_and_a_large_answer_given) {
  answer_ = [](HttpRequest request, Responder responder) { responder.send(text_response(std::move(request.body))); };
  serve();
  const std::string body(limits::http_body_bytes, 'b');
  const std::string answer =
      ask("POST / HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
          "\r\n\r\n" + body);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + body));
}

// ---- refusals

TEST_F(HttpServerTest, malformed_requests_are_400) {
  serve();
  for (std::string_view bytes : {
           "nonsense\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",                                                          // no Host
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",                                    // two
           "GET / HTTP/1.1\r\nHost : t\r\n\r\n",                                              // RFC 9112 5.1
           "GET /%zz HTTP/1.1\r\nHost: t\r\n\r\n",                                            // broken escape
           "GET /../etc HTTP/1.1\r\nHost: t\r\n\r\n",                                         //
           "CONNECT t:443 HTTP/1.1\r\nHost: t\r\n\r\n",                                       // no proxy
           "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: x\r\n\r\n",                         //
           "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",  // smuggling
           "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",  //
       }) {
    expect_refusal(bytes, 400);
  }
}

TEST_F(HttpServerTest, a_header_over_the_limit_is_431) {
  serve();
  expect_refusal("GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(limits::http_header_bytes, 'x') + "\r\n\r\n", 431);
  expect_refusal("GET /" + std::string(limits::http_header_bytes, 'x') + " HTTP/1.1\r\nHost: t\r\n\r\n", 431);
}

TEST_F(HttpServerTest, a_body_over_the_limit_is_413_before_it_is_read) {
  serve();
  const std::string size = std::to_string(limits::http_body_bytes + 1);
  expect_refusal("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: " + size + "\r\nExpect: 100-continue\r\n\r\n", 413);
  expect_refusal("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: " + size + "\r\n\r\n" + std::string(65536, 'b'), 413);
  expect_refusal("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", 413);
}

TEST_F(HttpServerTest, a_chunk_extension_without_end_is_400) {
  serve();
  expect_refusal("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(100'000, 'x'), 400);
}

TEST_F(HttpServerTest, other_expectations_and_versions_are_refused) {
  serve();
  expect_refusal("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nExpect: wonders\r\n\r\n", 417);
  expect_refusal("GET / HTTP/2.0\r\nHost: t\r\n\r\n", 505);
}

TEST_F(HttpServerTest, a_request_that_does_not_arrive_in_time_is_408) {
  HttpServerConfig config;
  config.header_timeout = 200ms;
  config.body_timeout = 200ms;
  serve(config);
  expect_refusal("GET / HTTP/1.1\r\nHost:", 408);
  expect_refusal("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nab", 408);
}

TEST_F(HttpServerTest, an_idle_connection_is_closed_without_a_word) {
  HttpServerConfig config;
  config.idle_timeout = 200ms;
  config.header_timeout = 200ms;
  serve(config);
  EXPECT_EQ(ask(""), "");
  RawSocket socket(server_->port());
  socket.send(get);
  socket.read_until("GET / ");
  EXPECT_EQ(socket.read_to_end(), "");
}

TEST_F(HttpServerTest, connections_over_the_limit_hear_503) {
  HttpServerConfig config;
  config.connections = 2;
  serve(config);
  RawSocket one(server_->port());
  RawSocket two(server_->port());
  for (RawSocket* socket : {&one, &two}) {
    socket->send(get);
    socket->read_until("GET / ");
  }
  EXPECT_TRUE(ask(get).starts_with("HTTP/1.1 503 "));
  EXPECT_EQ(server_->counts().connections_refused, 1u);
  one.close();
  EXPECT_TRUE(eventually([&] { return server_->counts().connections < 2; }));
  EXPECT_TRUE(ask("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200 "));
}

// ---- answers

TEST_F(HttpServerTest, an_answer_may_come_from_another_thread_and_only_the_first_counts) {
  std::thread thread;
  answer_ = [&](HttpRequest, Responder responder) {
    thread = std::thread([responder] {
      responder.send(text_response("first"));
      responder.send(text_response("second"));
      EXPECT_EQ(responder.open_event_stream({}), nullptr);
    });
  };
  serve();
  const std::string answer = ask("GET / HTTP/1.0\r\n\r\n");
  thread.join();
  EXPECT_TRUE(answer.ends_with("\r\n\r\nfirst")) << answer;
}

TEST_F(HttpServerTest, a_request_nobody_answers_is_500) {
  answer_ = [](HttpRequest, Responder) {};
  serve();
  EXPECT_TRUE(ask("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 500 "));
}

TEST_F(HttpServerTest, a_header_field_cannot_split_the_answer) {
  for (const auto& [name, value] : {std::pair("Location", "/a\r\nSet-Cookie: evil=1"), std::pair("X\r\nY", "z")}) {
    answer_ = [name = name, value = value](HttpRequest, Responder responder) {
      HttpResponse response;
      response.headers.add(name, value);
      responder.send(std::move(response));
    };
    if (!server_) serve();
    const std::string answer = ask("GET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 ")) << answer;
    EXPECT_EQ(answer.find("evil"), std::string::npos);
  }
}

TEST_F(HttpServerTest, the_framing_fields_are_the_servers_own) {
  answer_ = [](HttpRequest, Responder responder) {
    HttpResponse response = text_response("four");
    response.headers.add("content-length", "9");
    response.headers.add("Transfer-Encoding", "chunked");
    response.headers.add("ETag", "\"1\"");
    responder.send(std::move(response));
  };
  serve();
  const std::string answer = ask("GET / HTTP/1.0\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_NE(answer.find("ETag: \"1\"\r\n"), std::string::npos);
  EXPECT_EQ(answer.find("content-length"), std::string::npos);
  EXPECT_EQ(answer.find("chunked"), std::string::npos);
}

TEST_F(HttpServerTest, a_shared_body_is_sent_as_it_is) {
  const auto page = std::make_shared<const std::string>(100'000, 'p');
  answer_ = [page](HttpRequest, Responder responder) {
    HttpResponse response;
    response.content_type = "text/html";
    response.shared_body = page;
    responder.send(std::move(response));
  };
  serve();
  EXPECT_TRUE(ask("GET / HTTP/1.0\r\n\r\n").ends_with("\r\n\r\n" + *page));
}

// ---- ending

TEST_F(HttpServerTest, stopping_answers_what_is_in_work_and_closes_idle_connections) {
  Watched<std::vector<Responder>> open;
  answer_ = [&](HttpRequest request, Responder responder) {
    if (request.path == "/now") return responder.send({});
    open.change([&](auto& list) { list.push_back(std::move(responder)); });
  };
  serve();
  RawSocket idle(server_->port());
  idle.send("GET /now HTTP/1.1\r\nHost: t\r\n\r\n");
  idle.read_until("\r\n\r\n");
  RawSocket working(server_->port());
  working.send(get);
  ASSERT_TRUE(open.wait([](const auto& list) { return list.size() == 1; }));

  std::thread stopping([this] { server_->stop(20s); });
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_TRUE(eventually([this] { return !RawSocket(server_->port()).connected(); }));
  open.change([](auto& list) {
    list.front().send(text_response("late but there"));
    list.clear();
  });
  const std::string answer = working.read_to_end();
  working.close();
  stopping.join();
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("late but there"));
  EXPECT_EQ(server_->counts().connections, 0u);
}

TEST_F(HttpServerTest, what_does_not_end_in_the_grace_period_is_cut) {
  Watched<std::vector<Responder>> open;
  answer_ = [&](HttpRequest, Responder responder) {
    open.change([&](auto& list) { list.push_back(std::move(responder)); });
  };
  serve();
  RawSocket socket(server_->port());
  socket.send(get);
  ASSERT_TRUE(open.wait([](const auto& list) { return list.size() == 1; }));
  server_->stop(50ms);
  EXPECT_EQ(socket.read_to_end(), "");
  EXPECT_EQ(server_->counts().connections, 0u);
  open.change([](auto& list) {
    list.front().send({});  // too late, and harmless
    list.clear();
  });
}

TEST_F(HttpServerTest, a_port_in_use_is_a_clear_error) {
  serve();
  HttpServerConfig config;
  config.port = server_->port();
  const auto second = HttpServer::listen({&io_}, config, handler_, nullptr);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find("Address already in use"), std::string::npos);
  config.address = "localhost";
  EXPECT_FALSE(HttpServer::listen({&io_}, config, handler_, nullptr).ok());
}

TEST_F(HttpServerTest, connections_are_dealt_out_over_several_io_threads) {
  IoContext second;
  Watched<std::vector<std::thread::id>> threads;
  answer_ = [&](HttpRequest, Responder responder) {
    threads.change([](auto& list) { list.push_back(std::this_thread::get_id()); });
    responder.send({});
  };
  auto listening = HttpServer::listen({&io_, &second}, {}, handler_, nullptr);
  ASSERT_TRUE(listening.ok());
  server_ = std::move(listening).value();
  io_.start();
  second.start();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(ask("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200 "));
  EXPECT_NE(threads.value()[0], threads.value()[1]);
  server_.reset();  // before the second context
}

}  // namespace
}  // namespace bayward::net
