// A TCP connection with or without TLS, decided at run time, as an Asio AsyncStream. One branch per operation buys one
// instantiation of everything above it. Internal to net; its io thread only.
#pragma once

#include <memory>
#include <utility>
#include <variant>

#include "net/asio.h"
#include "net/tls_stream.h"

namespace bayward::net {

class Stream {
 public:
  using executor_type = Executor;

  explicit Stream(Socket socket) : layer_(std::in_place_type<Socket>, std::move(socket)) {}
  Stream(Socket socket, ssl::context& context) : layer_(std::make_unique<TlsStream>(std::move(socket), context)) {}

  bool tls() const { return layer_.index() == 1; }
  TlsStream& tls_layer() { return *std::get<1>(layer_); }
  Socket& socket() { return tls() ? tls_layer().next_layer() : std::get<0>(layer_); }
  const Socket& socket() const { return const_cast<Stream*>(this)->socket(); }
  executor_type get_executor() { return socket().get_executor(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, size_t)>(
        [this, buffers](auto handler) {
          tls() ? tls_layer().async_read_some(buffers, std::move(handler))
                : std::get<0>(layer_).async_read_some(buffers, std::move(handler));
        },
        token);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, size_t)>(
        [this, buffers](auto handler) {
          tls() ? tls_layer().async_write_some(buffers, std::move(handler))
                : std::get<0>(layer_).async_write_some(buffers, std::move(handler));
        },
        token);
  }

  // Everything that waits on the socket ends with operation_aborted.
  void cancel() {
    error_code ignored;
    socket().cancel(ignored);
  }
  void close() {
    error_code ignored;
    socket().close(ignored);
  }

 private:
  std::variant<Socket, std::unique_ptr<TlsStream>> layer_;
};

}  // namespace bayward::net
