#include "stations/authority/authority.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <array>

#include "stations/authority/openssl.h"
#include "stations/credentials.h"

namespace bayward::stations {
namespace {

using openssl::Certificate;
using openssl::Key;

constexpr Duration root_life = std::chrono::days{20 * 365};
constexpr Duration leaf_life = std::chrono::days{365};
constexpr unsigned rsa_root_bits = 3072;
constexpr unsigned rsa_server_bits = 2048;

Failure<Error> failed(const char* doing) {
  const unsigned long code = ERR_get_error();
  char text[256] = "unknown";
  if (code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return fail(std::string("certificate authority: ") + doing + ": " + text);
}

Key new_key(KeyKind kind, unsigned rsa_bits) {
  return Key(kind == KeyKind::rsa ? EVP_RSA_gen(rsa_bits) : EVP_EC_gen("P-256"));
}

std::string pem_of(X509* certificate) {
  return openssl::written([&](BIO* to) { PEM_write_bio_X509(to, certificate); });
}
std::string pem_of(EVP_PKEY* key) {
  return openssl::written([&](BIO* to) { PEM_write_bio_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

// 127 random bits (RFC 5280 4.1.2.2: positive, at most 20 octets).
bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);
  const openssl::Number number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  return BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool add_entry(X509_NAME* name, const char* field, const std::string& text) {
  return text.empty() ||
         X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()), -1, 0) == 1;
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const openssl::Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

struct Subject {
  std::string common_name;
  std::string organization;
};

// A certificate with everything but its extensions and signature. No issuer: its own.
Certificate blank(const Subject& subject, EVP_PKEY* key, X509* issuer, Instant now, Duration life) {
  Certificate out(X509_new());
  X509_NAME* name = X509_get_subject_name(out.get());
  const bool made = X509_set_version(out.get(), X509_VERSION_3) == 1 && set_serial(out.get()) &&
                    ASN1_TIME_set(X509_getm_notBefore(out.get()), unix_s(now - certificates_backdated)) != nullptr &&
                    ASN1_TIME_set(X509_getm_notAfter(out.get()), unix_s(now + life)) != nullptr &&
                    X509_set_pubkey(out.get(), key) == 1 && add_entry(name, "O", subject.organization) &&
                    add_entry(name, "CN", subject.common_name) &&
                    X509_set_issuer_name(out.get(), issuer ? X509_get_subject_name(issuer) : name) == 1;
  return made ? std::move(out) : nullptr;
}

bool is_address(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> out;
  return inet_pton(AF_INET, name.c_str(), out.data()) == 1 || inet_pton(AF_INET6, name.c_str(), out.data()) == 1;
}

// A comma would begin another entry of OpenSSL's own notation.
bool possible_name(const std::string& name) {
  return !name.empty() && name.size() <= ub_common_name && name.find_first_of(",\n\r") == std::string::npos;
}

}  // namespace

struct CertificateAuthority::Root {
  Key key;
  Certificate certificate;
  std::string pem;

  static Result<std::unique_ptr<Root>> open(Vault& vault, KeyKind kind, const std::string& organization, Instant now);
  static Result<std::unique_ptr<Root>> make(KeyKind kind, const std::string& organization, Instant now);

  // Signs what blank() made, with what both kinds of leaf have.
  bool finish(X509* leaf, const char* purpose) {
    return add_extension(leaf, certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(leaf, certificate.get(), NID_key_usage, "critical,digitalSignature,keyEncipherment") &&
           add_extension(leaf, certificate.get(), NID_ext_key_usage, purpose) &&
           add_extension(leaf, certificate.get(), NID_subject_key_identifier, "hash") &&
           add_extension(leaf, certificate.get(), NID_authority_key_identifier, "keyid:always") &&
           X509_sign(leaf, key.get(), EVP_sha256()) > 0;
  }
};

Result<std::unique_ptr<CertificateAuthority::Root>> CertificateAuthority::Root::make(KeyKind kind,
                                                                                     const std::string& organization,
                                                                                     Instant now) {
  auto out = std::make_unique<Root>();
  out->key = new_key(kind, rsa_root_bits);
  if (!out->key) return failed("make a key");
  const std::string name = std::string("Bayward stations ") + (kind == KeyKind::rsa ? "RSA" : "ECDSA");
  out->certificate = blank({name, organization}, out->key.get(), nullptr, now, root_life);
  X509* root = out->certificate.get();
  const bool made = root != nullptr && add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    add_extension(root, root, NID_subject_key_identifier, "hash") &&
                    X509_sign(root, out->key.get(), EVP_sha256()) > 0;
  if (!made) return failed("make a root certificate");
  out->pem = pem_of(root);
  return out;
}

// In the vault: the private key and its certificate, one behind the other.
Result<std::unique_ptr<CertificateAuthority::Root>> CertificateAuthority::Root::open(Vault& vault, KeyKind kind,
                                                                                     const std::string& organization,
                                                                                     Instant now) {
  const VaultKey place{{}, VaultKind::authority_key, static_cast<uint64_t>(kind)};
  const auto kept = vault.get(place);
  if (!kept) return Failure{kept.error()};
  if (!*kept) {
    auto made = make(kind, organization, now);
    if (!made) return made;
    if (const auto put = vault.put({place, pem_of((*made)->key.get()) + (*made)->pem, {}}); !put) {
      return Failure{put.error()};
    }
    return made;
  }
  auto out = std::make_unique<Root>();
  const openssl::Bio bio = openssl::reader(**kept);
  out->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  out->certificate.reset(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!out->key || !out->certificate) return failed("read the root key from the vault");
  out->pem = pem_of(out->certificate.get());
  return out;
}

CertificateAuthority::CertificateAuthority(std::string organization, std::unique_ptr<Root> rsa,
                                           std::unique_ptr<Root> ecdsa)
    : organization_(std::move(organization)), rsa_(std::move(rsa)), ecdsa_(std::move(ecdsa)) {}
CertificateAuthority::~CertificateAuthority() = default;

Result<std::unique_ptr<CertificateAuthority>> CertificateAuthority::open(Vault& vault, const std::string& organization,
                                                                         Instant now) {
  auto rsa = Root::open(vault, KeyKind::rsa, organization, now);
  if (!rsa) return Failure{rsa.error()};
  auto ecdsa = Root::open(vault, KeyKind::ecdsa, organization, now);
  if (!ecdsa) return Failure{ecdsa.error()};
  return std::unique_ptr<CertificateAuthority>(
      new CertificateAuthority(organization, *std::move(rsa), *std::move(ecdsa)));
}

const std::string& CertificateAuthority::root(KeyKind kind) const {
  return (kind == KeyKind::rsa ? rsa_ : ecdsa_)->pem;
}

Result<IssuedCertificate> CertificateAuthority::sign(const SigningRequest& request, Instant now) const {
  const auto* der = reinterpret_cast<const unsigned char*>(request.public_key_der.data());
  const Key key(d2i_PUBKEY(nullptr, &der, static_cast<long>(request.public_key_der.size())));
  if (!key) return failed("read the station's key");
  Root& root = request.key == KeyKind::rsa ? *rsa_ : *ecdsa_;
  const Certificate leaf =
      blank({request.common_name, organization_}, key.get(), root.certificate.get(), now, leaf_life);
  if (!leaf || !root.finish(leaf.get(), "clientAuth")) return failed("sign a station's certificate");
  return IssuedCertificate{pem_of(leaf.get()), from_unix_s(unix_s(now + leaf_life))};
}

Result<ServerIdentity> CertificateAuthority::issue_server(KeyKind kind, const std::vector<std::string>& names,
                                                          Instant now) const {
  std::string alternative;
  for (const std::string& name : names) {
    if (!possible_name(name)) return fail("\"" + name + "\" can't be the name of a server");
    alternative += (alternative.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
  }
  if (names.empty()) return fail("a server's certificate needs a name");
  const Key key = new_key(kind, rsa_server_bits);
  if (!key) return failed("make a server's key");
  Root& root = kind == KeyKind::rsa ? *rsa_ : *ecdsa_;
  const Certificate leaf = blank({names.front(), organization_}, key.get(), root.certificate.get(), now, leaf_life);
  const bool made = leaf && add_extension(leaf.get(), root.certificate.get(), NID_subject_alt_name, alternative) &&
                    root.finish(leaf.get(), "serverAuth");
  if (!made) return failed("sign a server's certificate");
  return ServerIdentity{pem_of(leaf.get()), pem_of(key.get())};
}

}  // namespace bayward::stations
