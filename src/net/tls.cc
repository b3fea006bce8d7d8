#include "net/tls.h"

#include <openssl/ssl.h>

#include "net/tls_impl.h"

namespace bayward::net {
namespace {

ssl::context hardened(ssl::context::method method) {
  ssl::context context(method);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // An idle connection gives its two 16 KB record buffers back.
  SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

std::string reason(const error_code& error) {
  return error.message();
}

}  // namespace

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<TlsContext>> TlsContext::for_server(const TlsServerFiles& files) {
  ssl::context context = hardened(ssl::context::tls_server);
  error_code error;
  context.use_certificate_chain_file(files.certificate_chain, error);
  if (error) return fail("TLS certificate chain '" + files.certificate_chain + "': " + reason(error));
  context.use_private_key_file(files.private_key, ssl::context::pem, error);
  if (error) return fail("TLS private key '" + files.private_key + "': " + reason(error));
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return fail("TLS private key '" + files.private_key + "' does not belong to the certificate '" +
                files.certificate_chain + "'");
  }
  return std::shared_ptr<TlsContext>(new TlsContext(std::make_unique<Impl>(Impl{std::move(context)})));
}

Result<std::shared_ptr<TlsContext>> TlsContext::for_client(const TlsClientOptions& options) {
  ssl::context context = hardened(ssl::context::tls_client);
  error_code error;
  if (options.trusted_certificates.empty()) {
    context.set_default_verify_paths(error);
    if (error) return fail("the machine's trusted certificates: " + reason(error));
  } else {
    context.load_verify_file(options.trusted_certificates, error);
    if (error) return fail("trusted certificates '" + options.trusted_certificates + "': " + reason(error));
  }
  context.set_verify_mode(ssl::verify_peer);
  return std::shared_ptr<TlsContext>(new TlsContext(std::make_unique<Impl>(Impl{std::move(context)})));
}

}  // namespace bayward::net
