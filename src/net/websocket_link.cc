#include "net/websocket_link.h"

#include <array>
#include <boost/beast/http/field.hpp>
#include <tuple>
#include <utility>

#include "base/check.h"

namespace bayward::net {
namespace {

// A read buffer that a long message has blown up is given back; up to this it is kept for the next one.
constexpr size_t idle_buffer_bytes = 2048;

// RFC 6455 5.5: a control frame carries 125 bytes, two of them the code. Cut at a character.
std::string cut_reason(std::string_view reason) {
  constexpr size_t reason_bytes = 123;
  if (reason.size() > reason_bytes) {
    size_t end = reason_bytes;
    while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xc0) == 0x80) --end;
    reason = reason.substr(0, end);
  }
  return std::string(reason);
}

}  // namespace

WebSocketLink::WebSocketLink(Stream stream, const WebSocketLimits& limits, std::shared_ptr<WebSocketSession> session)
    : limits_(limits),
      socket_(std::move(stream)),
      close_timer_(socket_.next_layer().get_executor()),
      session_(std::move(session)) {
  socket_.set_option(websocket::stream_base::timeout{
      .handshake_timeout = limits.close_timeout, .idle_timeout = 2 * limits.ping_interval, .keep_alive_pings = true});
  socket_.read_message_max(limits.message_bytes);
  socket_.auto_fragment(false);
  socket_.text(true);
}

Awaitable<> WebSocketLink::serve(UpgradeRequest request, std::string subprotocol) {
  if (!subprotocol.empty()) {
    socket_.set_option(websocket::stream_base::decorator([subprotocol](websocket::response_type& response) {
      response.set(boost::beast::http::field::sec_websocket_protocol, subprotocol);
    }));
  }
  const auto [error] = co_await socket_.async_accept(request, as_result);
  socket_.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
  if (error) co_return;
  co_await run();
}

Awaitable<> WebSocketLink::run() {
  // A session holds its connection: if the io thread ends before the socket does, somebody has to let go.
  std::shared_ptr<WebSocketSession> session = std::move(session_);
  session->opened(shared_from_this());
  for (;;) {
    const auto [error, size] = co_await socket_.async_read(buffer_, as_result);
    if (error) {
      const WebSocketClosed why = why_closed(error);
      std::exchange(session, {})->closed(why);
      co_await linger();
      co_return;
    }
    received(*session);
  }
}

// Closing with input unread would reset the connection, and the peer might lose the close frame.
Awaitable<> WebSocketLink::linger() {
  start_close_timer();
  std::array<char, 1024> waste;
  for (error_code error; !error;) {
    std::tie(error, std::ignore) =
        co_await socket_.next_layer().socket().async_read_some(asio::buffer(waste), as_result);
  }
  close_timer_.cancel();
  socket_.next_layer().close();
}

void WebSocketLink::received(WebSocketSession& session) {
  bool open = false;
  {
    const std::lock_guard lock(mutex_);
    open = state_ == State::open;
  }
  if (open && socket_.got_text()) {
    session.message({static_cast<const char*>(buffer_.data().data()), buffer_.size()});
  } else if (open) {
    close(close_code::unsupported_data, "text messages only");
  }
  buffer_.consume(buffer_.size());
  if (buffer_.capacity() > idle_buffer_bytes) buffer_.shrink_to_fit();
}

bool WebSocketLink::send(std::string text) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return false;
  if (queue_.size() >= limits_.queue_messages || queued_bytes_ + text.size() > limits_.queue_bytes) {
    state_ = State::closing;
    our_close_ = WebSocketClosed{close_code::policy, "messages are not read: send queue full"};
    drop_queue_ = true;
    asio::post(close_timer_.get_executor(), [self = shared_from_this()] { self->begin_close(); });
    return false;
  }
  queued_bytes_ += text.size();
  queue_.push_back(std::move(text));
  if (!std::exchange(writing_, true)) {
    asio::post(close_timer_.get_executor(), [self = shared_from_this()] { self->write_next(); });
  }
  return true;
}

void WebSocketLink::close(uint16_t code, std::string_view reason) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return;
  state_ = State::closing;
  our_close_ = WebSocketClosed{code, cut_reason(reason)};
  asio::post(close_timer_.get_executor(), [self = shared_from_this()] { self->begin_close(); });
}

void WebSocketLink::start_close_timer() {
  close_timer_.expires_after(limits_.close_timeout);
  close_timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->cut();
  });
}

void WebSocketLink::begin_close() {
  bool wait_for_queue = false;
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::closed) return;
    wait_for_queue = writing_;  // written() goes on when the queue is empty
  }
  start_close_timer();
  if (wait_for_queue) return;
  send_close_frame();
}

void WebSocketLink::write_next() {
  const std::string* text = nullptr;
  {
    const std::lock_guard lock(mutex_);
    BAYWARD_CHECK(writing_ && !queue_.empty());
    text = &queue_.front();
  }
  socket_.async_write(asio::buffer(*text),
                      [self = shared_from_this()](error_code error, size_t) { self->written(error); });
}

void WebSocketLink::written(error_code error) {
  bool more = false;
  bool closing = false;
  {
    const std::lock_guard lock(mutex_);
    queued_bytes_ -= queue_.front().size();
    queue_.pop_front();
    if (error || drop_queue_ || state_ == State::closed) {
      queue_.clear();
      queued_bytes_ = 0;
    }
    more = writing_ = !queue_.empty();
    closing = state_ == State::closing;
  }
  if (error) return;  // the reading side sees it too, and ends the session
  if (more) {
    write_next();
  } else if (closing) {
    send_close_frame();
  }
}

void WebSocketLink::send_close_frame() {
  if (std::exchange(close_frame_sent_, true)) return;
  websocket::close_reason reason;
  {
    const std::lock_guard lock(mutex_);
    reason.code = our_close_->code;
    reason.reason.assign(our_close_->reason.data(), our_close_->reason.size());
  }
  socket_.async_close(reason, [self = shared_from_this()](error_code) {});
}

void WebSocketLink::ask_to_end() {
  close(close_code::going_away, "the server is stopping");
}

void WebSocketLink::cut() {
  socket_.next_layer().close();
}

WebSocketClosed WebSocketLink::why_closed(error_code error) {
  const std::lock_guard lock(mutex_);
  state_ = State::closed;
  if (our_close_) return *our_close_;
  if (error == websocket::error::closed) {
    const websocket::close_reason& peer = socket_.reason();
    const uint16_t code = peer.code == websocket::close_code::none ? close_code::no_status : peer.code;
    return {code, std::string(peer.reason.data(), peer.reason.size())};
  }
  if (error == websocket::error::message_too_big) return {close_code::too_big, error.message()};
  if (error == websocket::error::bad_frame_payload) return {close_code::bad_text, "the text is not UTF-8"};
  if (error == websocket::condition::protocol_violation) return {close_code::protocol_error, error.message()};
  if (error == boost::beast::error::timeout) return {close_code::abnormal, "the peer answers no ping"};
  return {close_code::abnormal, error.message()};
}

}  // namespace bayward::net
