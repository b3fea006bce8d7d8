// TLS over a socket of its own, as an Asio AsyncStream: OpenSSL reads and writes the socket itself and Asio only says
// when it is ready. Asio's ssl::stream keeps four records of buffers for each connection, 70 KB; this keeps none while
// nothing is under way (SSL_MODE_RELEASE_BUFFERS), which is what 20,000 idle stations are.
//
// Internal to net; its io thread only. One read and one write may be under way at a time, handshake and shutdown alone.
// Errors are those of ssl::stream: eof when the peer has said goodbye, stream_truncated when it has not.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <string>
#include <utility>

namespace bayward::net {

class TlsStream {
 public:
  using executor_type = boost::asio::io_context::executor_type;
  using next_layer_type = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor_type>;
  using Handshake = boost::asio::ssl::stream_base::handshake_type;

  // The context outlives it.
  TlsStream(next_layer_type socket, boost::asio::ssl::context& context);
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  executor_type get_executor() { return socket_.get_executor(); }
  next_layer_type& next_layer() { return socket_; }
  SSL* native_handle() { return ssl_.get(); }
  // As client, before the handshake: the peer must be that host, a name or an address (RFC 9525).
  void expect_host(const std::string& host);

  template <class Token>
  auto async_handshake(Handshake type, Token&& token) {
    type == boost::asio::ssl::stream_base::server ? SSL_set_accept_state(ssl_.get())
                                                  : SSL_set_connect_state(ssl_.get());
    return compose<void(Error)>({Kind::handshake, nullptr, 0}, std::forward<Token>(token));
  }
  template <class Token>
  auto async_shutdown(Token&& token) {
    return compose<void(Error)>({Kind::shutdown, nullptr, 0}, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const boost::asio::mutable_buffer room = first<boost::asio::mutable_buffer>(buffers);
    return compose<void(Error, size_t)>({Kind::read, room.data(), room.size()}, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    const boost::asio::const_buffer text = first<boost::asio::const_buffer>(buffers);
    // Not written to: one type for both directions.
    return compose<void(Error, size_t)>({Kind::write, const_cast<void*>(text.data()), text.size()},
                                        std::forward<Token>(token));
  }

 private:
  using Error = boost::system::error_code;
  enum class Kind : unsigned char { handshake, shutdown, read, write };
  enum class Want : unsigned char { nothing, readable, writable };
  struct What {
    Kind kind{};
    void* data = nullptr;
    size_t size = 0;
  };
  struct Outcome {
    Want want = Want::nothing;  // nothing: it is over
    Error error{};
    size_t bytes = 0;
  };

  // Goes on until OpenSSL has to wait.
  Outcome step(const What& what);
  int call(const What& what, size_t& bytes);
  Error error_of(int why) const;

  template <class Signature>
  struct Operation {
    TlsStream& stream;
    What what;
    Outcome outcome{};
    bool waited = false;
    bool over = false;

    template <class Self>
    void operator()(Self& self, Error error = {}) {
      if (!over && error) outcome = {Want::nothing, error, 0};
      if (!over && !error) outcome = stream.step(what);
      if (outcome.want != Want::nothing) {
        waited = true;
        const auto until = outcome.want == Want::readable ? next_layer_type::wait_read : next_layer_type::wait_write;
        return stream.socket_.async_wait(until, std::move(self));
      }
      // Never within the call that has begun it.
      if (!waited && !std::exchange(over, true)) return boost::asio::post(stream.get_executor(), std::move(self));
      const Outcome told = outcome;
      if constexpr (std::is_same_v<Signature, void(Error)>) {
        self.complete(told.error);
      } else {
        self.complete(told.error, told.bytes);
      }
    }
  };

  template <class Signature, class Token>
  auto compose(const What& what, Token&& token) {
    return boost::asio::async_compose<Token, Signature>(Operation<Signature>{*this, what}, token, socket_);
  }
  template <class Buffer, class Buffers>
  static Buffer first(const Buffers& buffers) {
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != boost::asio::buffer_sequence_end(buffers); ++at) {
      if (Buffer(*at).size() > 0) return Buffer(*at);
    }
    return Buffer();
  }

  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  next_layer_type socket_;
  int fd_ = -1;  // of the socket while it is open, for OpenSSL
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace bayward::net
