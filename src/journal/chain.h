// The hash chain of the journal (ports/journal.h ChainHash): SHA-256 with the contexts kept between records.
//
// One ChainHasher belongs to one thread at a time.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string_view>

#include "ports/journal.h"

namespace bayward {

class ChainHasher {
 public:
  ChainHasher();

  ChainHash next(const ChainHash& previous, Position position, Instant at, std::string_view body);

 private:
  struct Free {
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD, Free> algorithm_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

// Of all the bytes, for snapshot files and the like.
ChainHash sha256(std::string_view bytes);

std::string to_hex(const ChainHash& hash);

}  // namespace bayward
