#include "stations/authority/csr.h"

#include <openssl/err.h>

#include <optional>

#include "base/limits.h"
#include "stations/authority/openssl.h"

namespace bayward::stations {
namespace {

constexpr int rsa_bits_least = 2048;
constexpr int rsa_bits_most = 4096;  // a larger one costs us more to verify than it protects

// The only value of that kind; nothing when there are several, or what is there can't be a name.
std::optional<std::string> only_entry(const X509_NAME* name, int kind) {
  const int at = X509_NAME_get_index_by_NID(name, kind, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(name, kind, at) >= 0) return std::nullopt;
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return std::nullopt;
  std::string out(reinterpret_cast<const char*>(text), static_cast<size_t>(size));
  OPENSSL_free(text);
  if (out.empty() || out.find('\0') != std::string::npos) return std::nullopt;
  return out;
}

Result<KeyKind> kind_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < rsa_bits_least || bits > rsa_bits_most) return fail("an RSA key must have 2048 to 4096 bits");
    return KeyKind::rsa;
  }
  if (EVP_PKEY_is_a(key, "EC") != 1) return fail("the key must be RSA or on an elliptic curve");
  char group[64] = {};
  EVP_PKEY_get_utf8_string_param(key, "group", group, sizeof group, nullptr);
  for (const std::string_view known :
       {"secp224r1", "P-224", "prime256v1", "P-256", "secp384r1", "P-384", "secp521r1", "P-521"}) {
    if (known == group) return KeyKind::ecdsa;
  }
  return fail("the curve must be P-224, P-256, P-384 or P-521");
}

Result<SigningRequest> judged(X509_REQ* request) {
  EVP_PKEY* key = X509_REQ_get0_pubkey(request);
  if (key == nullptr) return fail("its public key can't be read");
  const auto kind = kind_of(key);
  if (!kind) return Failure{kind.error()};
  if (X509_REQ_verify(request, key) != 1) return fail("its signature is not by its own key");
  const X509_NAME* subject = X509_REQ_get_subject_name(request);
  const auto common_name = only_entry(subject, NID_commonName);
  if (!common_name || common_name->size() > ub_common_name) return fail("its subject must have one common name");
  SigningRequest out;
  out.common_name = *common_name;
  out.organization = only_entry(subject, NID_organizationName).value_or("");
  out.key = *kind;
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return fail("its public key can't be written");
  out.public_key_der.assign(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return out;
}

}  // namespace

Result<SigningRequest> parse_csr(std::string_view pem) {
  if (pem.size() > limits::csr_bytes) return fail("the signing request is too long");
  const openssl::Request request(PEM_read_bio_X509_REQ(openssl::reader(pem).get(), nullptr, nullptr, nullptr));
  auto out = request ? judged(request.get()) : fail("no signing request in PEM");
  ERR_clear_error();
  return out;
}

}  // namespace bayward::stations
