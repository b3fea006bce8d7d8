#include "net/http_connection.h"

#include <array>
#include <utility>

#include "net/http_exchange.h"
#include "net/http_text.h"
#include "net/tls_impl.h"
#include "net/websocket_handshake.h"
#include "ports/http_util.h"
#include "ports/log.h"

namespace bayward::net {
namespace {

constexpr size_t read_bytes = 4096;
constexpr size_t joined_body_bytes = 16 * 1024;  // a body up to this goes out in one write with its header
constexpr size_t kept_out_bytes = 32 * 1024;     // a longer output buffer is given back after the answer
constexpr size_t ignored_bytes_max = 64 * 1024;  // after the last answer, or during an event stream
constexpr size_t event_batch_bytes = 32 * 1024;

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<Shard> shard, Stream stream, std::string peer, bool full)
    : shard_(std::move(shard)), stream_(std::move(stream)), peer_(std::move(peer)), full_(full) {
  // A chunk header may follow a full request header in the buffer; read_more() refuses what is longer.
  buffer_.max_size(shard_->config().header_bytes + 2 * read_bytes);
}

void HttpConnection::start() {
  shard_->add(*this);
  ++shard_->server().connections;
  asio::co_spawn(executor(), run(), [self = shared_from_this()](std::exception_ptr failure) {
    if (failure) log::error("http.connection_failed", {{"peer", self->peer_}});
    self->stream_.close();
    --self->shard_->server().connections;
    self->shard_->remove(*self);
  });
}

Awaitable<> HttpConnection::run() {
  if (stream_.tls() && !co_await handshake()) co_return;
  while (!cut_ && !shard_->stopping()) {
    Outcome outcome =
        full_ ? Outcome{503, "the server has as many connections as it can take"} : co_await read_request();
    if (outcome.status < 0) co_return;
    if (outcome.status == 0) outcome = check_request();
    if (outcome.status > 0) {
      keep_alive_ = false;
      if (co_await write_response(problem_response(outcome.status, outcome.detail))) co_await linger();
      co_return;
    }
    ask();
    if (!co_await settle()) co_return;
    if (!keep_alive_) break;
  }
  if (!cut_) co_await linger();
}

Awaitable<bool> HttpConnection::handshake() {
  expect_within(shard_->config().header_timeout);
  const auto [error] = co_await stream_.tls_layer().async_handshake(ssl::stream_base::server, as_result);
  if (error) log::info("tls.handshake_failed", {{"peer", peer_}, {"why", error.message()}});
  if (!error) certificate_ = peer_certificate(stream_.tls_layer());
  co_return !error;
}

// ---- reading

Awaitable<HttpConnection::Outcome> HttpConnection::read_request() {
  const HttpServerConfig& config = shard_->config();
  parser_.emplace(config.header_bytes, config.body_bytes, &config.body_bytes_of);
  const bool first = request_ == 0;
  phase_ = buffer_.size() == 0 ? Phase::idle : Phase::reading;
  expect_within(first || phase_ == Phase::reading ? config.header_timeout : config.idle_timeout);
  for (bool in_body = false;;) {
    error_code error = beast::http::error::need_more;
    if (buffer_.size() > 0) buffer_.consume(parser_->put(buffer_.data(), error));
    if (error && error != beast::http::error::need_more) {
      if (error == beast::http::error::header_limit) co_return Outcome{431, "the header is too long"};
      if (error == beast::http::error::body_limit) co_return Outcome{413, "the body is too long"};
      if (error == beast::http::error::bad_version)
        co_return Outcome{505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
      co_return Outcome{400, "malformed HTTP: " + error.message()};
    }
    if (parser_->is_done()) co_return Outcome{};
    if (parser_->is_header_done() && !std::exchange(in_body, true)) {
      Outcome outcome = co_await begin_body();
      if (outcome.status != 0) co_return outcome;
      error = {};
    }
    if (error || buffer_.size() == 0) {
      Outcome outcome = co_await read_more();
      if (outcome.status != 0) co_return outcome;
    }
  }
}

Awaitable<HttpConnection::Outcome> HttpConnection::read_more() {
  if (buffer_.size() + read_bytes > buffer_.max_size()) co_return Outcome{400, "a line of the request is too long"};
  const auto [error, size] = co_await stream_.async_read_some(buffer_.prepare(read_bytes), as_result);
  if (error) {
    if (timed_out_ && phase_ == Phase::reading && !cut_) co_return Outcome{408, "the request did not arrive in time"};
    co_return Outcome{-1, {}};
  }
  timed_out_ = false;
  buffer_.commit(size);
  if (phase_ == Phase::idle) {
    phase_ = Phase::reading;
    expect_within(shard_->config().header_timeout);
  }
  co_return Outcome{};
}

Awaitable<HttpConnection::Outcome> HttpConnection::begin_body() {
  parser_->eager(true);
  phase_ = Phase::reading;
  const auto expected = parser_->message.headers.find("Expect");
  if (expected && parser_->version == 11) {  // RFC 9110 10.1.1: of HTTP/1.0 it is ignored
    if (!equal_without_case(*expected, "100-continue")) co_return Outcome{417, "only 100-continue can be expected"};
    if (buffer_.size() == 0) {
      out_ = "HTTP/1.1 100 Continue\r\n\r\n";
      if (!co_await write_all(out_)) co_return Outcome{-1, {}};
      phase_ = Phase::reading;
    }
  }
  const HttpServerConfig& config = shard_->config();
  const bool longer = parser_->content_length().value_or(0) > config.body_bytes;
  expect_within(longer ? config.long_body_timeout : config.body_timeout);
  co_return Outcome{};
}

// What the parser leaves open. RFC 9112 3.2: HTTP/1.1 needs exactly one Host.
HttpConnection::Outcome HttpConnection::check_request() {
  HttpRequest& request = parser_->message;
  size_t hosts = 0;
  for (size_t i = 0; i < request.headers.size(); ++i) hosts += equal_without_case(request.headers[i].name, "Host");
  if (hosts > 1 || (hosts == 0 && parser_->version == 11)) return {400, "there must be one Host field"};
  auto target = parse_target(request.target);
  if (!target.ok()) return {400, target.error().message};
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.peer = peer_;
  request.tls = stream_.tls();
  request.certificate = certificate_;
  keep_alive_ = parser_->keep_alive();
  return {};
}

// ---- asking the application

namespace {

bool asks_for_websocket(const RequestParser& parser) {
  if (parser.version != 11 || !parser.upgrade() || parser.head || parser.message.method != HttpMethod::get)
    return false;
  for (std::string_view protocol : header_list(parser.message.headers, "Upgrade")) {
    if (equal_without_case(protocol, "websocket")) return true;
  }
  return false;
}

// RFC 6455 4.2.1, what isn't checked elsewhere.
std::optional<HttpResponse> refuse_upgrade(const HttpRequest& request, const Shard& shard, const ServerState& server) {
  if (server.websockets == nullptr) return problem_response(400, "there are no WebSockets here");
  if (request.headers.get("Sec-WebSocket-Version") != "13") {
    HttpResponse response = problem_response(426, "WebSocket version 13 only");
    response.headers.add("Upgrade", "websocket");
    response.headers.add("Sec-WebSocket-Version", "13");
    return response;
  }
  const auto key = base64_decode(request.headers.get("Sec-WebSocket-Key"));
  if (!key || key->size() != 16) return problem_response(400, "Sec-WebSocket-Key must be 16 bytes in base64");
  if (shard.stopping() || server.websocket_count >= server.config.websockets) {
    HttpResponse response = problem_response(503, "the server takes no further WebSocket now");
    response.headers.add("Retry-After", "10");
    return response;
  }
  return std::nullopt;
}

}  // namespace

void HttpConnection::ask() {
  ServerState& server = shard_->server();
  ++server.requests;
  ++request_;
  phase_ = Phase::working;
  deadline_ = never;
  answer_.reset();
  wakeup_.reset();
  websocket_key_.clear();
  deflate_.reset();
  asking_ = true;
  if (!asks_for_websocket(*parser_)) {
    server.handler.handle(std::move(parser_->message),
                          Responder(std::make_shared<Exchange>(shared_from_this(), request_)));
  } else if (auto refusal = refuse_upgrade(parser_->message, *shard_, server)) {
    answer_ = std::move(*refusal);
  } else {
    websocket_key_ = parser_->message.headers.get("Sec-WebSocket-Key");
    deflate_ = agree_on_deflate(parser_->message.headers.get("Sec-WebSocket-Extensions"));
    server.websockets->authorise(std::move(parser_->message),
                                 WebSocketDecision(std::make_shared<Exchange>(shared_from_this(), request_)));
  }
  asking_ = false;
}

void HttpConnection::deliver(uint64_t request, Answer answer) {
  if (request != request_ || answer_ || cut_) {
    if (auto* queue = std::get_if<std::shared_ptr<EventQueue>>(&answer)) (*queue)->end();
    return;
  }
  answer_ = std::move(answer);
  wakeup_.set();
}

// Waits for the answer and carries it out. False when the connection is over, or a WebSocket now.
Awaitable<bool> HttpConnection::settle() {
  while (!answer_ && !cut_) co_await wakeup_.wait(executor(), asio::use_awaitable_t<Executor>{});
  if (!answer_) co_return false;
  Answer answer = std::move(*answer_);
  if (auto* response = std::get_if<HttpResponse>(&answer)) {
    co_return co_await write_response(std::move(*response));
  }
  if (auto* queue = std::get_if<std::shared_ptr<EventQueue>>(&answer)) {
    co_await stream_events(std::move(*queue));
    co_return false;
  }
  become_websocket(std::move(std::get<Accepted>(answer)));
  co_return false;
}

void HttpConnection::become_websocket(Accepted accepted) {
  // RFC 6455 4.1: a client that sends before it was answered has no claim to be heard.
  if (cut_ || buffer_.size() > 0 || websocket_key_.empty()) return;
  const HttpServerConfig& config = shard_->config();
  const WebSocketLimits limits{
      config.websocket_message_bytes, config.websocket_queue_messages,
      config.websocket_queue_bytes,   config.ping_interval,
      config.close_timeout,           deflate_ ? std::optional(deflate_->window_bits) : std::nullopt};
  auto link = std::make_shared<WebSocketLink>(std::exchange(stream_, Stream(Socket(executor()))), WebSocketRole::server,
                                              limits);
  shard_->add(*link);
  ++shard_->server().websocket_count;
  if (shard_->stopping()) link->ask_to_end();
  link->serve(upgrade_answer(websocket_key_, accepted.subprotocol, deflate_ ? deflate_->answer : std::string()),
              std::move(accepted.session), [link = link.get(), shard = shard_] {
                --shard->server().websocket_count;
                shard->remove(*link);
              });
}

// ---- writing

Awaitable<bool> HttpConnection::write_response(HttpResponse response) {
  if (!clean(response)) {
    log::error("http.unclean_response", {{"status", response.status}});
    response = problem_response(500, "the answer could not be sent");
  }
  if (shard_->stopping()) keep_alive_ = false;
  const bool head = parser_ && parser_->head;
  const bool http_1_0 = parser_ && parser_->version == 10;
  out_.clear();
  append_head(out_, response, {.date = shard_->date(), .keep_alive = keep_alive_, .http_1_0 = http_1_0});
  const bool bodiless = head || response.status == 204 || response.status == 304;
  const std::string& body = body_of(response);
  const bool joined = bodiless || body.size() <= joined_body_bytes;
  if (joined && !bodiless) out_ += body;
  bool written = co_await write_all(out_);
  if (written && !joined) written = co_await write_all(body);
  if (out_.capacity() > kept_out_bytes) std::string().swap(out_);
  co_return written;
}

Awaitable<bool> HttpConnection::write_all(const std::string& bytes) {
  phase_ = Phase::writing;
  for (size_t done = 0; done < bytes.size();) {
    expect_within(shard_->config().write_timeout);
    const auto [error, size] = co_await stream_.async_write_some(asio::buffer(bytes) + done, as_result);
    if (error) co_return false;
    done += size;
  }
  co_return true;
}

// ---- event streams

Awaitable<> HttpConnection::stream_events(std::shared_ptr<EventQueue> queue) {
  ++shard_->server().event_streams;
  HttpResponse head;
  head.content_type = "text/event-stream";
  head.headers.add("Cache-Control", "no-store");
  head.headers.add("X-Accel-Buffering", "no");
  out_.clear();
  append_head(out_, head, {.date = shard_->date(), .keep_alive = false, .event_stream = true});
  bool open = co_await write_all(out_) && !parser_->head;
  if (open) watch_for_end_of_input();
  heartbeat_at_ = std::chrono::steady_clock::now() + shard_->config().heartbeat;
  while (open) open = co_await write_events(*queue);
  heartbeat_at_ = never;
  queue->end();
  stream_.close();
  --shard_->server().event_streams;
}

// Waits for something to write and writes it. False at the end of the stream.
Awaitable<bool> HttpConnection::write_events(EventQueue& queue) {
  EventQueue::Batch batch = queue.take(event_batch_bytes);
  const SteadyTime now = std::chrono::steady_clock::now();
  if (batch.bytes.empty() && now >= heartbeat_at_) batch.bytes = ":\n\n";
  if (!batch.overrun && !batch.bytes.empty()) {
    heartbeat_at_ = now + shard_->config().heartbeat;
    if (!co_await write_all(batch.bytes)) co_return false;
    phase_ = Phase::streaming;
    deadline_ = never;
  }
  if (batch.overrun || batch.last || input_ended_ || cut_ || shard_->stopping()) co_return false;
  if (batch.bytes.empty()) {
    phase_ = Phase::streaming;
    deadline_ = never;
    co_await wakeup_.wait(executor(), asio::use_awaitable_t<Executor>{});
  }
  co_return true;
}

// The reader of an event stream sends nothing more: a read only tells when it has gone.
void HttpConnection::watch_for_end_of_input() {
  if (buffer_.size() > 0) ignored_bytes_ += buffer_.size();
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(256), [self = shared_from_this()](error_code error, size_t size) {
    self->ignored_bytes_ += size;
    if (error || self->ignored_bytes_ > ignored_bytes_max) {
      self->input_ended_ = true;
      self->stream_.close();
      self->wake();
    } else {
      self->watch_for_end_of_input();
    }
  });
}

// ---- ending

// Closing with input unread would reset the connection, and the peer might lose the answer it was just given.
Awaitable<> HttpConnection::linger() {
  phase_ = Phase::writing;
  expect_within(shard_->config().close_timeout);
  if (stream_.tls()) {
    co_await stream_.tls_layer().async_shutdown(as_result);
    co_return;
  }
  error_code ignored;
  stream_.socket().shutdown(Socket::shutdown_send, ignored);
  std::array<char, 1024> waste;
  for (size_t total = 0; total < shard_->config().body_bytes;) {
    const auto [error, size] = co_await stream_.async_read_some(asio::buffer(waste), as_result);
    if (error) co_return;
    total += size;
  }
}

void HttpConnection::expect_within(Duration timeout) {
  deadline_ = std::chrono::steady_clock::now() + timeout;
}

void HttpConnection::tick(SteadyTime now) {
  if (now >= heartbeat_at_ && phase_ == Phase::streaming) {
    asio::post(executor(), [self = shared_from_this()] { self->wake(); });
  }
  if (now < deadline_) return;
  deadline_ = never;
  if (phase_ == Phase::reading) {
    timed_out_ = true;
    stream_.cancel();  // what waits to be read ends, and 408 can still be written
  } else {
    cut();
  }
}

void HttpConnection::ask_to_end() {
  if (phase_ == Phase::idle) return cut();
  if (phase_ == Phase::streaming) asio::post(executor(), [self = shared_from_this()] { self->wake(); });
}

void HttpConnection::cut() {
  cut_ = true;
  stream_.close();
  asio::post(executor(), [self = shared_from_this()] { self->wake(); });
}

}  // namespace bayward::net
