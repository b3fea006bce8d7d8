#include "net/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>

#include "base/check.h"

namespace bayward::net {
namespace {

namespace asio = boost::asio;

int fd_of(BIO* bio) {
  return *static_cast<const int*>(BIO_get_data(bio));
}

bool may_go_on() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int write_socket(BIO* bio, const char* data, int size) {
  const ssize_t sent = ::send(fd_of(bio), data, static_cast<size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
  BIO_clear_retry_flags(bio);
  if (sent < 0 && may_go_on()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int read_socket(BIO* bio, char* data, int size) {
  const ssize_t got = ::recv(fd_of(bio), data, static_cast<size_t>(size), MSG_DONTWAIT);
  BIO_clear_retry_flags(bio);
  if (got < 0 && may_go_on()) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(got);
}

long control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return 0;
}

// A socket without the signal that OpenSSL's own would raise when the peer has gone.
const BIO_METHOD* socket_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BAYWARD_CHECK(made != nullptr);
    BIO_meth_set_write(made, write_socket);
    BIO_meth_set_read(made, read_socket);
    BIO_meth_set_ctrl(made, control);
    return made;
  }();
  return method;
}

}  // namespace

TlsStream::TlsStream(next_layer_type socket, asio::ssl::context& context)
    : socket_(std::move(socket)), ssl_(SSL_new(context.native_handle())) {
  BIO* bio = ssl_ ? BIO_new(socket_method()) : nullptr;
  BAYWARD_CHECK(bio != nullptr);
  BIO_set_data(bio, &fd_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

void TlsStream::expect_host(const std::string& host) {
  X509_VERIFY_PARAM* expected = SSL_get0_param(ssl_.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1) return;
  ERR_clear_error();
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  BAYWARD_CHECK(X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size()) == 1);
}

int TlsStream::call(const What& what, size_t& bytes) {
  switch (what.kind) {
    case Kind::handshake:
      return SSL_do_handshake(ssl_.get());
    case Kind::shutdown: {
      const int told = SSL_shutdown(ssl_.get());
      return told == 0 ? SSL_shutdown(ssl_.get()) : told;  // said; now the peer's word
    }
    case Kind::read:
      return SSL_read_ex(ssl_.get(), what.data, what.size, &bytes);
    case Kind::write:
      return SSL_write_ex(ssl_.get(), what.data, what.size, &bytes);
  }
  return -1;
}

TlsStream::Outcome TlsStream::step(const What& what) {
  // Its number may belong to another connection by now.
  if (!socket_.is_open()) return {Want::nothing, asio::error::operation_aborted, 0};
  fd_ = socket_.native_handle();
  const bool moves = what.kind == Kind::read || what.kind == Kind::write;
  if (moves && what.size == 0) return {};
  Outcome out;
  ERR_clear_error();
  errno = 0;
  const int told = call(what, out.bytes);
  if (told > 0) return out;
  out.bytes = 0;
  const int why = SSL_get_error(ssl_.get(), told);
  if (why == SSL_ERROR_WANT_READ) {
    out.want = Want::readable;
  } else if (why == SSL_ERROR_WANT_WRITE) {
    out.want = Want::writable;
  } else {
    out.error = error_of(why);
  }
  return out;
}

TlsStream::Error TlsStream::error_of(int why) const {
  const int system = errno;
  const unsigned long error = ERR_get_error();
  if (why == SSL_ERROR_ZERO_RETURN) return asio::error::eof;
  const bool cut = ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  if (cut || (why == SSL_ERROR_SYSCALL && error == 0 && system == 0)) return asio::ssl::error::stream_truncated;
  if (error != 0) return {static_cast<int>(error), asio::error::get_ssl_category()};
  return {system != 0 ? system : ECONNABORTED, boost::system::system_category()};
}

}  // namespace bayward::net
