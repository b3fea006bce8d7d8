// Signed firmware for tests, made here.
#pragma once

#include <openssl/rsa.h>

#include <string>
#include <string_view>

#include "ports/http_util.h"
#include "stations/testing/csr.h"

namespace bayward::stations {

// In force from an hour before `now` for `life`.
inline std::string maker_certificate(EVP_PKEY* key, Instant now, Duration life = 24h) {
  const openssl::Certificate out(X509_new());
  X509_set_version(out.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), 1);
  ASN1_TIME_set(X509_getm_notBefore(out.get()), unix_s(now - 1h));
  ASN1_TIME_set(X509_getm_notAfter(out.get()), unix_s(now + life));
  X509_set_pubkey(out.get(), key);
  X509_sign(out.get(), key, EVP_sha256());
  return openssl::written([&](BIO* to) { PEM_write_bio_X509(to, out.get()); });
}

// Base64.
inline std::string firmware_signature(std::string_view content, EVP_PKEY* key, bool pss = false) {
  const std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>> digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  EVP_DigestSignInit(digest.get(), &options, EVP_sha256(), nullptr, key);
  if (pss) EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
  const auto* bytes = reinterpret_cast<const unsigned char*>(content.data());
  size_t size = 0;
  EVP_DigestSign(digest.get(), nullptr, &size, bytes, content.size());
  std::string out(size, '\0');
  EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes, content.size());
  out.resize(size);
  return base64_encode(out);
}

}  // namespace bayward::stations
