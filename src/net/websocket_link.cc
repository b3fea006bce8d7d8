#include "net/websocket_link.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "net/websocket_deflate.h"

namespace bayward::net {
namespace {

// An output buffer that a long message has blown up is given back.
constexpr size_t kept_out_bytes = 2048;

void clear(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kept_out_bytes) buffer.shrink_to_fit();
}

std::string frame_of(Opcode opcode, std::string_view payload, std::optional<uint32_t> mask) {
  std::string out;
  append_frame(out, opcode, payload, mask);
  return out;
}

}  // namespace

WebSocketLink::WebSocketLink(Stream stream, WebSocketRole role, const WebSocketLimits& limits)
    : limits_(limits),
      role_(role),
      stream_(std::move(stream)),
      may_be_direct_(!stream_.tls()),
      timer_(stream_.get_executor()),
      reader_(role, limits.message_bytes, limits.deflate_window_bits.has_value()) {
  error_code ignored;
  stream_.socket().non_blocking(true, ignored);
}

// ---- reading

void WebSocketLink::serve(std::string answer, Session session, Gone gone) {
  gone_ = std::move(gone);
  in_flight_ = std::move(answer);
  heard_at_ = std::chrono::steady_clock::now();
  watch(heard_at_ + limits_.close_timeout);
  asio::async_write(stream_, asio::buffer(in_flight_),
                    [self = shared_from_this(), session = std::move(session)](error_code error, size_t) mutable {
                      if (error) return self->finish();
                      self->open({}, std::move(session));
                    });
}

void WebSocketLink::run(std::string_view begun, Session session, Gone gone) {
  gone_ = std::move(gone);
  open(begun, std::move(session));
}

void WebSocketLink::open(std::string_view begun, Session session) {
  clear(in_flight_);
  begun_ = true;
  heard_at_ = std::chrono::steady_clock::now();
  if (!limited_) watch(heard_at_ + limits_.ping_interval);
  session->opened(shared_from_this());
  std::optional<WebSocketClosed> ended;
  while (!begun.empty() && !ended) {
    const auto room = reader_.room();
    const size_t bytes = std::min(room.size(), begun.size());
    std::copy_n(begun.begin(), bytes, room.begin());
    begun.remove_prefix(bytes);
    reader_.arrived(bytes);
    ended = work_off(*session);
  }
  flush();
  if (ended) return end(std::move(session), *std::move(ended), true);
  read(std::move(session));
}

void WebSocketLink::read(Session session) {
  if (take_from_asio(session)) return;
  const auto room = reader_.room();
  stream_.async_read_some(
      asio::buffer(room.data(), room.size()),
      [self = shared_from_this(), session = std::move(session)](error_code error, size_t bytes) mutable {
        if (!error) {
          self->reader_.arrived(bytes);
          return self->arrived(std::move(session));
        }
        const std::string why = self->silent_ ? "the peer answers no ping" : error.message();
        self->end(std::move(session), {close_code::abnormal, why}, false);
      });
}

void WebSocketLink::arrived(Session session) {
  heard_at_ = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    flush_due_ = true;
  }
  working_ = true;
  auto ended = work_off(*session);
  flush();
  if (ended) leave_direct();
  working_ = false;
  if (ended) return end(std::move(session), *std::move(ended), true);
  if (!is_direct()) read(std::move(session));
}

std::optional<WebSocketClosed> WebSocketLink::work_off(WebSocketSession& session) {
  using Kind = FrameReader::Item::Kind;
  for (;;) {
    const FrameReader::Item item = peeked_ ? *std::exchange(peeked_, {}) : reader_.next();
    switch (item.kind) {
      case Kind::more:
        return std::nullopt;
      case Kind::text:
        if (is_open()) session.message(item.payload);
        break;
      case Kind::binary:
        close(close_code::unsupported_data, "text messages only");
        break;
      case Kind::ping:
        pong_ = frame_of(Opcode::pong, item.payload, mask());
        break;
      case Kind::pong:
        break;
      case Kind::close:
      case Kind::fault:
        return WebSocketClosed{item.code, std::string(item.payload)};
    }
  }
}

// ---- ending

void WebSocketLink::end(Session session, WebSocketClosed why, bool answer_close) {
  bool ours = false;
  {
    const std::lock_guard lock(mutex_);
    state_ = State::closed;
    drop_queue();
    ours = our_close_.has_value();
    if (ours) why = *our_close_;
  }
  over_ = true;
  if (answer_close && !close_sent_) {
    const bool has_code = why.code != close_code::no_status;
    const std::string_view reason = ours ? std::string_view(why.reason) : std::string_view();
    close_frame_ = frame_of(Opcode::close, has_code ? close_payload(why.code, reason) : std::string(), mask());
  }
  session->closed(why);
  session.reset();
  if (!answer_close) return finish();
  if (!std::exchange(limited_, true)) watch(std::chrono::steady_clock::now() + limits_.close_timeout);
  flush();
  end_output();
  linger();
}

// After the close frame nothing more is said.
void WebSocketLink::end_output() {
  if (!over_ || !close_sent_ || writing_) return;
  error_code ignored;
  stream_.socket().shutdown(Socket::shutdown_send, ignored);
}

// Closing with input unread would reset the connection, and the peer might lose the close frame. TLS needs no goodbye
// of its own after the close frames.
void WebSocketLink::linger() {
  struct Waste {
    std::array<char, 1024> bytes;
  };
  auto waste = std::make_unique<Waste>();
  const auto into = asio::buffer(waste->bytes);
  stream_.socket().async_read_some(into, [self = shared_from_this(), waste = std::move(waste)](
                                             error_code error, size_t) { error ? self->finish() : self->linger(); });
}

void WebSocketLink::finish() {
  timer_.cancel();
  stream_.close();
  if (Gone gone = std::exchange(gone_, {})) gone();
}

void WebSocketLink::close(uint16_t code, std::string_view reason) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return;
  state_ = State::closing;
  const std::string payload = close_payload(code, reason);
  our_close_ = WebSocketClosed{code, payload.substr(2)};
  asio::post(timer_.get_executor(), [self = shared_from_this()] { self->begin_close(); });
}

void WebSocketLink::begin_close() {
  if (over_ || limited_) return;
  limited_ = true;
  leave_direct();
  watch(std::chrono::steady_clock::now() + limits_.close_timeout);
  {
    const std::lock_guard lock(mutex_);
    close_frame_ = frame_of(Opcode::close, close_payload(our_close_->code, our_close_->reason), mask());
  }
  flush();
}

void WebSocketLink::ask_to_end() {
  close(close_code::going_away, "the server is stopping");
}

void WebSocketLink::cut() {
  leave_direct();
  stream_.close();
}

bool WebSocketLink::is_open() {
  const std::lock_guard lock(mutex_);
  return state_ == State::open;
}

// ---- time

void WebSocketLink::watch(SteadyTime until) {
  timer_.expires_at(until);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->watched();
  });
}

// The timer isn't moved for each message: when it fires it looks when the peer was last heard.
void WebSocketLink::watched() {
  if (limited_ || !begun_) return cut();
  const SteadyTime now = std::chrono::steady_clock::now();
  const SteadyTime due = heard_at_ + limits_.ping_interval;
  if (now < due) return watch(due);
  if (pinged_at_ > heard_at_) {
    silent_ = true;
    return cut();
  }
  pinged_at_ = now;
  {
    const std::lock_guard lock(mutex_);
    append_frame(queue_, Opcode::ping, {}, mask());
  }
  flush();
  watch(now + limits_.ping_interval);
}

// ---- writing

bool WebSocketLink::send(std::string text) {
  std::optional<std::string> shorter;
  if (limits_.deflate_window_bits && text.size() >= deflate_from_bytes) {
    shorter = deflated(text, *limits_.deflate_window_bits);
  }
  const bool compressed = shorter.has_value();
  if (compressed) text = *std::move(shorter);
  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return false;
  if (waiting_.messages >= limits_.queue_messages || waiting_.bytes + text.size() > limits_.queue_bytes) {
    state_ = State::closing;
    our_close_ = WebSocketClosed{close_code::policy, "messages are not read: send queue full"};
    drop_queue();
    asio::post(timer_.get_executor(), [self = shared_from_this()] { self->begin_close(); });
    return false;
  }
  append_frame(queue_, Opcode::text, text, mask(), compressed);
  ++waiting_.messages;
  waiting_.bytes += text.size();
  if (!std::exchange(flush_due_, true)) {
    asio::post(timer_.get_executor(), [self = shared_from_this()] { self->flush(); });
  }
  return true;
}

void WebSocketLink::drop_queue() {
  clear(queue_);
  waiting_ = flying_;
}

// A server's frames are not masked; a client's key must not be guessed (RFC 6455 5.3).
std::optional<uint32_t> WebSocketLink::mask() {
  if (role_ == WebSocketRole::server) return std::nullopt;
  static thread_local std::array<uint32_t, 256> keys;
  static thread_local size_t used = keys.size();
  if (used == keys.size()) {
    BAYWARD_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(keys.data()), sizeof keys) == 1);
    used = 0;
  }
  return keys[used++];
}

// Everything that waits goes out, as far as the socket takes it.
void WebSocketLink::flush() {
  {
    const std::lock_guard lock(mutex_);
    flush_due_ = false;
  }
  while (begun_ && !writing_ && fill()) write(0);
}

// Pong, messages, close frame: nothing may follow that one. False when nothing waits.
bool WebSocketLink::fill() {
  if (close_sent_) return false;
  const std::lock_guard lock(mutex_);
  in_flight_.swap(queue_);
  flying_ = waiting_;
  if (!pong_.empty()) in_flight_ += std::exchange(pong_, {});
  if (!close_frame_.empty()) {
    in_flight_ += std::exchange(close_frame_, {});
    close_sent_ = true;
  }
  return !in_flight_.empty();
}

// Without TLS the socket mostly takes all of it at once, and nobody has to wait.
void WebSocketLink::write(size_t done) {
  if (is_direct()) {
    done = write_directly();
    if (done == in_flight_.size()) return written({});
  } else if (!stream_.tls()) {
    error_code error;
    done = stream_.socket().write_some(asio::buffer(in_flight_), error);
    if (done == in_flight_.size() || (error && error != asio::error::would_block)) return written(error);
  }
  writing_ = true;
  asio::async_write(stream_, asio::buffer(in_flight_) + done, [self = shared_from_this()](error_code error, size_t) {
    self->writing_ = false;
    self->written(error);
    self->flush();
  });
}

void WebSocketLink::written(error_code error) {
  clear(in_flight_);
  {
    const std::lock_guard lock(mutex_);
    waiting_.messages -= flying_.messages;
    waiting_.bytes -= flying_.bytes;
    flying_ = {};
    if (error) drop_queue();  // the reading side hears of it, too, and ends the session
  }
  end_output();
}

}  // namespace bayward::net
