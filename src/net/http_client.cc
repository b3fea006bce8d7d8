#include "net/http_client.h"

#include <deque>
#include <future>
#include <utility>

#include "base/limits.h"
#include "net/client_connection.h"
#include "net/event_parser.h"
#include "net/io_impl.h"

namespace bayward::net {

HttpRequest http_request(HttpMethod method, std::string target, std::string json_body) {
  HttpRequest request;
  request.method = method;
  request.target = std::move(target);
  if (!json_body.empty()) request.headers.add("Content-Type", "application/json");
  request.body = std::move(json_body);
  return request;
}

// ---- HttpClient

class HttpClient::Impl : public std::enable_shared_from_this<HttpClient::Impl> {
 public:
  Impl(IoContext& io, const HttpClientConfig& config)
      : executor_(executor_of(io)), connection_(std::make_shared<ClientConnection>(executor_, config)) {}

  Executor executor() const { return executor_; }

  void add(HttpRequest request, Answered answered) {
    if (waiting_.size() >= limits::http_client_queue_requests) {
      return answered(fail("too many requests are waiting for this connection"));
    }
    waiting_.push_back({std::move(request), std::move(answered)});
    if (std::exchange(running_, true)) return;
    asio::co_spawn(executor_, run(), [self = shared_from_this()](std::exception_ptr) {});
  }
  void close() {
    std::deque<Waiting> given_up = std::exchange(waiting_, {});
    connection_->close();
    for (Waiting& waiting : given_up) waiting.answered(fail("the client was closed"));
  }
  // The owner has gone: nobody wants to hear of it.
  void abandon() {
    abandoned_ = true;
    waiting_.clear();
    connection_->close();
  }

 private:
  struct Waiting {
    HttpRequest request;
    Answered answered;
  };

  Awaitable<> run() {
    while (!waiting_.empty()) {
      Waiting next = std::move(waiting_.front());
      waiting_.pop_front();
      Result<HttpResponse> result = co_await exchange(next.request);
      if (!result.ok() || !connection_->keep_alive()) connection_->close();
      if (!abandoned_) next.answered(std::move(result));
    }
    running_ = false;
  }

  Awaitable<Result<HttpResponse>> exchange(const HttpRequest& request) {
    const bool repeatable = request.method == HttpMethod::get || request.headers.find("Idempotency-Key");
    connection_->start_clock();
    for (;;) {
      const bool reused = connection_->open();
      Status status = co_await connection_->connect();
      const bool connected = status.ok();
      if (connected) status = co_await connection_->write(request);
      if (status.ok()) status = co_await connection_->read_response(true);
      if (status.ok()) break;
      connection_->close();
      if (!connected || !reused || !repeatable || !connection_->silent() || connection_->timed_out() || abandoned_) {
        co_return Failure{status.error()};
      }
      connection_->start_clock();
    }
    connection_->stop_clock();
    co_return connection_->take_response();
  }

  const Executor executor_;
  const std::shared_ptr<ClientConnection> connection_;
  std::deque<Waiting> waiting_;
  bool running_ = false;
  bool abandoned_ = false;
};

HttpClient::HttpClient(IoContext& io, HttpClientConfig config) : impl_(std::make_shared<Impl>(io, config)) {}

HttpClient::~HttpClient() {
  asio::post(impl_->executor(), [impl = impl_] { impl->abandon(); });
}

void HttpClient::send(HttpRequest request, Answered answered) {
  if (impl_->executor().running_in_this_thread()) return impl_->add(std::move(request), std::move(answered));
  asio::post(impl_->executor(), [impl = impl_, request = std::move(request), answered = std::move(answered)]() mutable {
    impl->add(std::move(request), std::move(answered));
  });
}

Result<HttpResponse> HttpClient::fetch(HttpRequest request) {
  BAYWARD_CHECK(!impl_->executor().running_in_this_thread());
  const auto promise = std::make_shared<std::promise<Result<HttpResponse>>>();
  auto answer = promise->get_future();
  send(std::move(request), [promise](Result<HttpResponse> result) { promise->set_value(std::move(result)); });
  return answer.get();
}

void HttpClient::close() {
  asio::post(impl_->executor(), [impl = impl_] { impl->close(); });
}

// ---- EventReader

class EventReader::Impl : public std::enable_shared_from_this<EventReader::Impl> {
 public:
  Impl(IoContext& io, const HttpClientConfig& config, HttpRequest request, Callbacks callbacks)
      : executor_(executor_of(io)),
        connection_(std::make_shared<ClientConnection>(executor_, config)),
        request_(std::move(request)),
        callbacks_(std::move(callbacks)) {}

  Executor executor() const { return executor_; }

  void start() {
    asio::co_spawn(executor_, run(), [self = shared_from_this()](std::exception_ptr) {});
  }
  void close() {
    closed_ = true;
    connection_->close();
  }
  void abandon() {
    abandoned_ = true;  // the callbacks may be what is running just now
    close();
  }

 private:
  Awaitable<> run() {
    Result<HttpResponse> result = co_await read();
    connection_->close();
    const Callbacks callbacks = std::exchange(callbacks_, {});
    if (callbacks.ended && !abandoned_) callbacks.ended(std::move(result));
  }

  Awaitable<Result<HttpResponse>> read() {
    connection_->start_clock();
    Status status = closed_ ? Status(fail("closed")) : co_await connection_->connect();
    if (status.ok()) status = co_await connection_->write(request_);
    if (status.ok()) status = co_await connection_->read_response(false);
    if (!status.ok()) co_return Failure{status.error()};
    connection_->stop_clock();
    HttpResponse response = connection_->take_response();
    if (response.status != 200 || !response.content_type.starts_with("text/event-stream")) {
      co_return co_await rest_of(std::move(response));
    }
    if (callbacks_.opened && !abandoned_) callbacks_.opened();
    for (;;) {
      const Result<std::string> piece = co_await connection_->read_piece();
      if (!piece.ok()) co_return Failure{piece.error()};
      if (piece->empty()) co_return fail("the server ended the stream");
      const auto each = [this](const ServerEvent& event) {
        if (callbacks_.event && !abandoned_) callbacks_.event(event);
      };
      if (!parser_.feed(*piece, each)) co_return fail("an event is too long");
    }
  }

  Awaitable<Result<HttpResponse>> rest_of(HttpResponse response) {
    connection_->start_clock();
    for (;;) {
      const Result<std::string> piece = co_await connection_->read_piece();
      if (!piece.ok() || piece->empty() || response.body.size() > limits::http_body_bytes) co_return response;
      response.body += *piece;
    }
  }

  const Executor executor_;
  const std::shared_ptr<ClientConnection> connection_;
  const HttpRequest request_;
  Callbacks callbacks_;
  EventParser parser_;
  bool closed_ = false;
  bool abandoned_ = false;
};

EventReader::EventReader(IoContext& io, HttpClientConfig config, HttpRequest request, Callbacks callbacks)
    : impl_(std::make_shared<Impl>(io, config, std::move(request), std::move(callbacks))) {
  asio::post(impl_->executor(), [impl = impl_] { impl->start(); });
}

EventReader::~EventReader() {
  if (impl_->executor().running_in_this_thread()) {
    impl_->abandon();
  } else {
    asio::post(impl_->executor(), [impl = impl_] { impl->abandon(); });
  }
}

void EventReader::close() {
  asio::post(impl_->executor(), [impl = impl_] { impl->close(); });
}

}  // namespace bayward::net
