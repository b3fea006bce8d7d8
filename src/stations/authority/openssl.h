// Owners of OpenSSL's objects, and the few steps that both the reader of requests and the authority take. Internal to
// stations/authority. Any thread.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/release.h"

namespace bayward::stations::openssl {

using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Request = std::unique_ptr<X509_REQ, Release<X509_REQ_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;

inline Bio reader(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// What `write` puts into a memory BIO.
template <class Write>
std::string written(Write write) {
  const Bio bio(BIO_new(BIO_s_mem()));
  write(bio.get());
  char* at = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &at);
  return size > 0 ? std::string(at, static_cast<size_t>(size)) : std::string{};
}

}  // namespace bayward::stations::openssl
