#include "net/http_client.h"

#include "net/test_support.h"

namespace bayward::net {
namespace {

class HttpClientTest : public testing::Test {
 protected:
  void SetUp() override {
    HttpServerConfig config;
    config.idle_timeout = 200ms;
    auto listening = HttpServer::listen({&io_}, config, handler_, nullptr);
    ASSERT_TRUE(listening.ok());
    server_ = std::move(listening).value();
    io_.start();
    config_.port = server_->port();
  }

  std::atomic<int> asked_ = 0;
  Watched<std::vector<Responder>> open_;
  FunctionHandler handler_{[this](HttpRequest request, Responder responder) {
    ++asked_;
    if (request.path == "/never") return open_.change([&](auto& list) { list.push_back(std::move(responder)); });
    HttpResponse response = text_response(std::string(to_text(request.method)) + ' ' + request.body);
    response.status = 201;
    response.headers.add("X-Seen", request.headers.get("X-Sent"));
    responder.send(std::move(response));
  }};
  IoContext io_;
  std::unique_ptr<HttpServer> server_;
  HttpClientConfig config_;
};

TEST_F(HttpClientTest, gives_status_headers_and_body) {
  HttpClient client(io_, config_);
  HttpRequest request = http_request(HttpMethod::put, "/x", "{}");
  request.headers.add("X-Sent", "yes");
  const auto response = client.fetch(std::move(request));
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->content_type, "text/plain");
  EXPECT_EQ(response->headers.get("x-seen"), "yes");
  EXPECT_EQ(response->body, "PUT {}");
}

TEST_F(HttpClientTest, requests_share_one_connection_and_are_answered_in_order) {
  HttpClient client(io_, config_);
  Watched<std::vector<std::string>> answers;
  for (int i = 0; i < 20; ++i) {
    client.send(http_request(HttpMethod::post, "/x", std::to_string(i)), [&](Result<HttpResponse> response) {
      answers.change([&](auto& list) { list.push_back(response.ok() ? response->body : response.error().message); });
    });
  }
  ASSERT_TRUE(answers.wait([](const auto& list) { return list.size() == 20; }));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(answers.value()[static_cast<size_t>(i)], "POST " + std::to_string(i));
  EXPECT_LE(server_->counts().connections, 1u);
}

TEST_F(HttpClientTest, a_connection_the_server_has_closed_is_made_anew) {
  HttpClient client(io_, config_);
  EXPECT_TRUE(client.fetch(http_request(HttpMethod::get, "/")).ok());
  EXPECT_TRUE(eventually([this] { return server_->counts().connections == 0; }));
  EXPECT_TRUE(client.fetch(http_request(HttpMethod::get, "/")).ok());
}

TEST_F(HttpClientTest, what_is_not_safe_to_repeat_fails_instead) {
  HttpClient client(io_, config_);
  EXPECT_TRUE(client.fetch(http_request(HttpMethod::post, "/", "1")).ok());
  EXPECT_TRUE(eventually([this] { return server_->counts().connections == 0; }));
  EXPECT_FALSE(client.fetch(http_request(HttpMethod::post, "/", "2")).ok());
  EXPECT_EQ(asked_, 1);
  EXPECT_TRUE(client.fetch(http_request(HttpMethod::post, "/", "3")).ok());
}

TEST_F(HttpClientTest, an_answer_that_does_not_come_is_a_clear_error) {
  config_.timeout = 100ms;
  HttpClient client(io_, config_);
  const auto response = client.fetch(http_request(HttpMethod::get, "/never"));
  ASSERT_FALSE(response.ok());
  EXPECT_NE(response.error().message.find("no answer in time"), std::string::npos) << response.error().message;
  EXPECT_EQ(asked_, 1);
  EXPECT_TRUE(client.fetch(http_request(HttpMethod::get, "/")).ok());
  open_.change([](auto& list) { list.clear(); });
}

TEST_F(HttpClientTest, nobody_listening_is_a_clear_error) {
  server_->stop(1s);
  HttpClient client(io_, config_);
  const auto response = client.fetch(http_request(HttpMethod::get, "/"));
  ASSERT_FALSE(response.ok());
  EXPECT_NE(response.error().message.find("Connection refused"), std::string::npos);
}

TEST_F(HttpClientTest, waiting_requests_are_bounded_and_close_fails_them) {
  HttpClient client(io_, config_);
  Watched<std::vector<std::string>> failures;
  const auto answered = [&](const Result<HttpResponse>& response) {
    failures.change([&](auto& list) { list.push_back(response.ok() ? "answered" : response.error().message); });
  };
  client.send(http_request(HttpMethod::get, "/never"), answered);
  ASSERT_TRUE(open_.wait([](const auto& list) { return list.size() == 1; }));
  for (size_t i = 0; i <= limits::http_client_queue_requests; ++i) {
    client.send(http_request(HttpMethod::get, "/"), answered);
  }
  ASSERT_TRUE(failures.wait([](const auto& list) { return list.size() == 1; }));
  EXPECT_NE(failures.value()[0].find("too many"), std::string::npos);
  client.close();
  ASSERT_TRUE(failures.wait([](const auto& list) { return list.size() == limits::http_client_queue_requests + 2; }));
  open_.change([](auto& list) { list.clear(); });
}

TEST_F(HttpClientTest, names_are_resolved) {
  config_.host = "localhost";
  HttpClient client(io_, config_);
  EXPECT_TRUE(client.fetch(http_request(HttpMethod::get, "/")).ok());
}

TEST_F(HttpClientTest, a_header_field_cannot_split_the_request) {
  HttpClient client(io_, config_);
  HttpRequest request = http_request(HttpMethod::get, "/");
  request.headers.add("X", "a\r\nY: b");
  EXPECT_FALSE(client.fetch(std::move(request)).ok());
  EXPECT_FALSE(client.fetch(http_request(HttpMethod::get, "/ HTTP/1.1\r\nX: y")).ok());
  EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace bayward::net
