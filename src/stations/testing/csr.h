// Signing requests for tests, made here.
#pragma once

#include <string>

#include "stations/authority/openssl.h"

namespace bayward::stations {

inline openssl::Key rsa_key(unsigned bits = 2048) {
  return openssl::Key(EVP_RSA_gen(bits));
}
inline openssl::Key ec_key(const char* curve = "P-256") {
  return openssl::Key(EVP_EC_gen(curve));
}

// Signed by `signer` when there is one, else by its own key.
inline std::string csr_of(const std::string& common_name, EVP_PKEY* key, EVP_PKEY* signer = nullptr, int names = 1) {
  const openssl::Request request(X509_REQ_new());
  X509_NAME* subject = X509_REQ_get_subject_name(request.get());
  for (int i = 0; i < names; ++i) {
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.data()),
                               static_cast<int>(common_name.size()), -1, 0);
  }
  X509_REQ_set_pubkey(request.get(), key);
  const bool own_digest = EVP_PKEY_is_a(key, "ED25519") == 1;
  X509_REQ_sign(request.get(), signer ? signer : key, own_digest ? nullptr : EVP_sha256());
  return openssl::written([&](BIO* to) { PEM_write_bio_X509_REQ(to, request.get()); });
}

// As a JSON string's content.
inline std::string escaped(const std::string& pem) {
  std::string out;
  for (const char c : pem) out += c == '\n' ? std::string("\\n") : std::string(1, c);
  return out;
}

}  // namespace bayward::stations
