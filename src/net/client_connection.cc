#include "net/client_connection.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "ports/http_util.h"

namespace bayward::net {
namespace {

constexpr size_t read_bytes = 8192;

bool valid_target(std::string_view target) {
  return !target.empty() && std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

ClientConnection::ClientConnection(Executor executor, const HttpClientConfig& config)
    : executor_(executor),
      endpoint_{config.host, config.port, config.tls},
      host_field_(host_field(endpoint_)),
      timeout_(config.timeout),
      timer_(executor) {
  buffer_.max_size(limits::http_client_header_bytes + 2 * read_bytes);
}

void ClientConnection::close() {
  if (stream_) stream_->close();
  timer_.cancel();
  deadline_ = never;
}

Awaitable<Status> ClientConnection::connect() {
  if (open()) co_return Done{};
  buffer_.clear();
  end_of_input_ = false;
  Status status = co_await connect_stream(executor_, endpoint_, stream_);
  if (!status.ok()) {
    stream_.reset();
    if (timed_out_) co_return fail("cannot connect to " + host_field_ + ": no answer in time");
  }
  co_return status;
}

Awaitable<Status> ClientConnection::write(const HttpRequest& request) {
  silent_ = true;
  if (!valid_target(request.target)) co_return fail("the request target is not valid: it needs encoding");
  out_.clear();
  out_ += to_text(request.method);
  out_ += ' ';
  out_ += request.target;
  out_ += " HTTP/1.1\r\nHost: ";
  out_ += host_field_;
  out_ += "\r\n";
  for (size_t i = 0; i < request.headers.size(); ++i) {
    const auto [name, value] = request.headers[i];
    if (!valid_header_name(name) || !valid_header_value(value)) co_return fail("a header field is not valid");
    out_.append(name).append(": ").append(value).append("\r\n");
  }
  if (!request.body.empty() || (request.method != HttpMethod::get && request.method != HttpMethod::del)) {
    out_ += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  out_ += "\r\n";
  out_ += request.body;
  for (size_t done = 0; done < out_.size();) {
    const auto [error, size] = co_await stream_->async_write_some(asio::buffer(out_) + done, as_result);
    if (error) co_return fail("sending to " + host_field_ + ": " + why(error));
    done += size;
  }
  co_return Done{};
}

Awaitable<Status> ClientConnection::read_some() {
  if (buffer_.size() + read_bytes > buffer_.max_size()) co_return fail("a line of the answer is too long");
  const auto [error, size] = co_await stream_->async_read_some(buffer_.prepare(read_bytes), as_result);
  if (error == asio::error::eof || error == ssl::error::stream_truncated) {
    end_of_input_ = true;
  } else if (error) {
    co_return fail("receiving from " + host_field_ + ": " + why(error));
  }
  silent_ = silent_ && size == 0;
  buffer_.commit(size);
  co_return Done{};
}

Awaitable<Status> ClientConnection::read_response(bool body) {
  parser_.emplace(limits::http_client_header_bytes, limits::http_client_body_bytes);
  parser_->eager(body);
  if (!body) parser_->body_limit(boost::none);
  for (;;) {
    error_code error = beast::http::error::need_more;
    if (buffer_.size() > 0) buffer_.consume(parser_->put(buffer_.data(), error));
    if (end_of_input_ && parser_->is_header_done() && !parser_->is_done() && body) parser_->put_eof(error);
    if (error && error != beast::http::error::need_more) co_return fail("malformed answer: " + error.message());
    if (body ? parser_->is_done() : parser_->is_header_done()) {
      if (parser_->message.status / 100 != 1) co_return Done{};
      parser_.emplace(limits::http_client_header_bytes, limits::http_client_body_bytes);  // an interim answer
      parser_->eager(body);
      continue;
    }
    if (end_of_input_) co_return fail(host_field_ + " closed the connection before it had answered");
    if (error || buffer_.size() == 0) {
      if (Status status = co_await read_some(); !status.ok()) co_return status;
    }
  }
}

Awaitable<Result<std::string>> ClientConnection::read_piece() {
  parser_->eager(true);
  while (!parser_->is_done() && !end_of_input_) {
    error_code error = beast::http::error::need_more;
    if (buffer_.size() > 0) buffer_.consume(parser_->put(buffer_.data(), error));
    if (error && error != beast::http::error::need_more) co_return fail("malformed answer: " + error.message());
    if (!parser_->message.body.empty()) co_return std::exchange(parser_->message.body, {});
    if (Status status = co_await read_some(); !status.ok()) co_return Failure{status.error()};
  }
  co_return std::string();
}

HttpResponse ClientConnection::take_response() {
  HttpResponse response = std::move(parser_->message);
  response.content_type = response.headers.get("Content-Type");
  return response;
}

std::string ClientConnection::why(error_code error) const {
  return timed_out_ ? "no answer in time" : error.message();
}

void ClientConnection::start_clock() {
  timed_out_ = false;
  deadline_ = std::chrono::steady_clock::now() + timeout_;
  if (!std::exchange(timer_runs_, true)) wait_for_deadline(deadline_);
}

// The timer isn't moved for each request: when it fires it looks whether the deadline has moved meanwhile.
void ClientConnection::wait_for_deadline(SteadyTime at) {
  timer_.expires_at(at);
  timer_.async_wait([self = shared_from_this()](error_code) {
    self->timer_runs_ = false;
    if (self->deadline_ == never) return;
    if (std::chrono::steady_clock::now() < self->deadline_) {
      self->timer_runs_ = true;
      self->wait_for_deadline(self->deadline_);
    } else {
      self->timed_out_ = true;
      self->deadline_ = never;
      if (self->stream_) self->stream_->close();
    }
  });
}

}  // namespace bayward::net
