// The part of a link that reads and writes a plain socket itself: see websocket_link.h.
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "net/ready_sockets.h"
#include "net/websocket_link.h"

namespace bayward::net {

WebSocketLink::~WebSocketLink() {
  if (socket_ >= 0) ::close(socket_);
}

struct WebSocketLink::DirectReader : ReadySockets::Reader {
  DirectReader(std::shared_ptr<WebSocketLink> of, Session told) : link(std::move(of)), session(std::move(told)) {}
  bool read() override { return link->read_directly(*session); }
  void work_off() override { link->work_off_directly(session); }

  const std::shared_ptr<WebSocketLink> link;
  const Session session;
};

// Takes the session only when it says true.
bool WebSocketLink::take_from_asio(Session& session) {
  if (!may_be_direct_ || limited_ || writing_) return false;
  may_be_direct_ = false;  // not again after it was given back
  error_code error;
  protocol_ = stream_.socket().local_endpoint(error).protocol();
  if (error) return false;
  socket_ = stream_.socket().release(error);
  if (error) {
    socket_ = -1;
    return false;
  }
  auto reader = std::make_unique<DirectReader>(shared_from_this(), session);
  const DirectReader* const direct = reader.get();
  if (asio::use_service<ReadySockets>(stream_.get_executor().context()).add(socket_, std::move(reader))) {
    direct_ = direct;
    return true;
  }
  assign_to_asio();
  return false;
}

void WebSocketLink::assign_to_asio() {
  error_code error;
  stream_.socket().assign(protocol_, socket_, error);
  if (error) ::close(socket_);  // reading it fails, and the session ends
  socket_ = -1;
  stream_.socket().non_blocking(true, error);
}

WebSocketLink::Session WebSocketLink::give_back_to_asio() {
  Session session = direct_->session;
  direct_ = nullptr;
  asio::use_service<ReadySockets>(stream_.get_executor().context()).remove(socket_);
  assign_to_asio();
  return session;
}

void WebSocketLink::leave_direct() {
  if (!is_direct()) return;
  Session session = give_back_to_asio();
  if (working_) return;
  peeked_ ? arrived(std::move(session)) : read(std::move(session));
}

bool WebSocketLink::read_directly(const WebSocketSession& session) {
  const auto room = reader_.room();
  const ssize_t bytes = ::recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
  if (bytes <= 0) {
    read_error_ = bytes < 0 ? errno : 0;
    read_end_ = read_error_ != EAGAIN && read_error_ != EINTR;
    return false;
  }
  reader_.arrived(static_cast<size_t>(bytes));
  peeked_ = reader_.next();
  return peeked_->kind == FrameReader::Item::Kind::text && session.is_urgent(peeked_->payload);
}

void WebSocketLink::work_off_directly(const Session& session) {
  if (!read_end_) {
    if (peeked_) arrived(session);
    return;
  }
  const error_code error =
      read_error_ == 0 ? error_code(asio::error::eof) : error_code(read_error_, boost::system::system_category());
  end(give_back_to_asio(), {close_code::abnormal, error.message()}, false);
}

// Asio does the rest, and hears of errors.
size_t WebSocketLink::write_directly() {
  const ssize_t sent = ::send(socket_, in_flight_.data(), in_flight_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  const size_t done = sent > 0 ? static_cast<size_t>(sent) : 0;
  if (done < in_flight_.size()) leave_direct();
  return done;
}

}  // namespace bayward::net
