#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/release.h"
#include "net/tls_impl.h"

namespace bayward::net {
namespace {

using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;

// Forward secrecy first; the last two are for stations that have nothing better and must be offered.
constexpr const char* station_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-GCM-SHA384";

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

Status use_files(ssl::context& context, const TlsServerFiles& files) {
  error_code error;
  context.use_certificate_chain_file(files.certificate_chain, error);
  if (error) return fail("TLS certificate chain '" + files.certificate_chain + "': " + reason(error));
  context.use_private_key_file(files.private_key, ssl::context::pem, error);
  if (error) return fail("TLS private key '" + files.private_key + "': " + reason(error));
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return fail("TLS private key '" + files.private_key + "' does not belong to the certificate '" +
                files.certificate_chain + "'");
  }
  return Done{};
}

Bio reader_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::vector<Certificate> read_certificates(const std::string& pem) {
  std::vector<Certificate> out;
  const Bio bio = reader_of(pem);
  while (Certificate one{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) out.push_back(std::move(one));
  ERR_clear_error();  // the end of the text is reported as an error
  return out;
}

Status use_identity(SSL_CTX* context, const TlsIdentity& identity) {
  const auto chain = read_certificates(identity.certificate_chain);
  if (chain.empty()) return fail("a TLS certificate chain holds no certificate in PEM");
  const PrivateKey key(PEM_read_bio_PrivateKey(reader_of(identity.private_key).get(), nullptr, nullptr, nullptr));
  if (!key) return fail("a TLS private key can't be read: PEM without a pass phrase is expected");
  const bool taken = SSL_CTX_use_certificate(context, chain.front().get()) == 1 &&
                     SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
  ERR_clear_error();
  if (!taken) return fail("a TLS private key does not belong to its certificate");
  for (size_t i = 1; i < chain.size(); ++i) SSL_CTX_add1_chain_cert(context, chain[i].get());
  return Done{};
}

Status trust_clients(SSL_CTX* context, const std::string& authorities) {
  const auto trusted = read_certificates(authorities);
  if (trusted.empty()) return fail("the trusted authorities of stations hold no certificate in PEM");
  for (const Certificate& one : trusted) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get());
    SSL_CTX_add_client_CA(context, one.get());
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return Done{};
}

// The one value of that kind in a name, without NUL; empty otherwise.
std::string only_entry(const X509_NAME* name, int kind) {
  const int at = X509_NAME_get_index_by_NID(name, kind, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(name, kind, at) >= 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return {};
  std::string out(reinterpret_cast<const char*>(text), static_cast<size_t>(size));
  OPENSSL_free(text);
  return out.find('\0') == std::string::npos ? out : std::string{};
}

Instant instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? from_unix_s(::timegm(&parts)) : Instant{};
}

std::string serial_of(const X509* certificate) {
  BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
  char* text = BN_bn2hex(number);
  std::string out(text);
  OPENSSL_free(text);
  BN_free(number);
  return out;
}

}  // namespace

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<TlsContext>> TlsContext::for_server(const TlsServerFiles& files) {
  ssl::context context = hardened(ssl::context::tls_server);
  if (const auto used = use_files(context, files); !used) return Failure{used.error()};
  return std::shared_ptr<TlsContext>(new TlsContext(std::make_unique<Impl>(Impl{std::move(context)})));
}

Result<std::shared_ptr<TlsContext>> TlsContext::for_stations(const TlsStationOptions& options) {
  ssl::context context = hardened(ssl::context::tls_server);
  SSL_CTX* handle = context.native_handle();
  SSL_CTX_set_cipher_list(handle, station_ciphers);
  SSL_CTX_set_options(handle, SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A resumed session must not outlive a certificate that has been revoked, and would cost memory.
  SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(handle, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(handle, 0);
  for (const TlsIdentity& identity : options.identities) {
    if (const auto used = use_identity(handle, identity); !used) return Failure{used.error()};
  }
  if (!options.client_authorities.empty()) {
    if (const auto trusted = trust_clients(handle, options.client_authorities); !trusted) {
      return Failure{trusted.error()};
    }
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
  if (!options.own.certificate_chain.empty()) {
    if (const auto used = use_files(context, options.own); !used) return Failure{used.error()};
  }
  context.set_verify_mode(ssl::verify_peer);
  return std::shared_ptr<TlsContext>(new TlsContext(std::make_unique<Impl>(Impl{std::move(context)})));
}

std::shared_ptr<const PeerCertificate> peer_certificate(TlsStream& stream) {
  const Certificate shown(SSL_get1_peer_certificate(stream.native_handle()));
  if (!shown || SSL_get_verify_result(stream.native_handle()) != X509_V_OK) return nullptr;
  const X509_NAME* name = X509_get_subject_name(shown.get());
  auto out = std::make_shared<PeerCertificate>();
  out->common_name = only_entry(name, NID_commonName);
  out->organization = only_entry(name, NID_organizationName);
  out->serial = serial_of(shown.get());
  out->not_before = instant_of(X509_get0_notBefore(shown.get()));
  out->not_after = instant_of(X509_get0_notAfter(shown.get()));
  return out;
}

}  // namespace bayward::net
