#include "stations/fleet/firmware_signature.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "ports/http_util.h"
#include "stations/authority/openssl.h"

namespace bayward::stations {
namespace {

using Digest = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;

struct Signer {
  openssl::Certificate certificate;
  openssl::Key key;
  std::string signature;  // its bytes
};

Result<Signer> read_signer(std::string_view certificate, std::string_view signature, Instant now) {
  Signer out;
  out.certificate.reset(PEM_read_bio_X509(openssl::reader(certificate).get(), nullptr, nullptr, nullptr));
  if (!out.certificate) return fail("the signing certificate is no certificate in PEM");
  time_t at = static_cast<time_t>(unix_s(now));
  if (X509_cmp_time(X509_get0_notBefore(out.certificate.get()), &at) > 0) {
    return fail("the signing certificate is not yet valid");
  }
  if (X509_cmp_time(X509_get0_notAfter(out.certificate.get()), &at) < 0) {
    return fail("the signing certificate has ended");
  }
  out.key.reset(X509_get_pubkey(out.certificate.get()));
  const bool known = out.key && (EVP_PKEY_is_a(out.key.get(), "RSA") == 1 || EVP_PKEY_is_a(out.key.get(), "EC") == 1);
  if (!known) return fail("the signing certificate's key must be RSA or on an elliptic curve");
  auto bytes = base64_decode(signature);
  if (!bytes || bytes->empty()) return fail("the signature is not in Base64");
  out.signature = *std::move(bytes);
  return out;
}

bool fits(const Signer& signer, std::string_view content, bool pss) {
  const Digest digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  if (EVP_DigestVerifyInit(digest.get(), &options, EVP_sha256(), nullptr, signer.key.get()) != 1) return false;
  if (pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
              EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_AUTO) != 1)) {
    return false;
  }
  const auto* raw = reinterpret_cast<const unsigned char*>(signer.signature.data());
  return EVP_DigestVerifyUpdate(digest.get(), content.data(), content.size()) == 1 &&
         EVP_DigestVerifyFinal(digest.get(), raw, signer.signature.size()) == 1;
}

}  // namespace

Status check_signature_form(std::string_view certificate, std::string_view signature, Instant now) {
  const auto signer = read_signer(certificate, signature, now);
  ERR_clear_error();
  if (!signer) return Failure{signer.error()};
  return Done{};
}

Status verify_firmware(std::string_view content, std::string_view certificate, std::string_view signature,
                       Instant now) {
  const auto signer = read_signer(certificate, signature, now);
  bool good = false;
  if (signer) {
    const bool rsa = EVP_PKEY_is_a(signer->key.get(), "RSA") == 1;
    good = fits(*signer, content, false) || (rsa && fits(*signer, content, true));
  }
  ERR_clear_error();
  if (!signer) return Failure{signer.error()};
  if (!good) return fail("the signature does not fit the image and the certificate");
  return Done{};
}

}  // namespace bayward::stations
