// Certificate signing requests as stations send them (PKCS#10 in PEM, RFC 2986, 7468): untrusted input, judged before
// anything is signed. Pure; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bayward::stations {

enum class KeyKind : uint8_t { rsa, ecdsa };

// A request whose signature proves that the sender has the private key, with a key of at least 2048 bits (RSA) or on
// P-224, P-256, P-384 or P-521 (OCPP 2.0.1 part 2, A00.FR.501 to 505; 1.6 security whitepaper the same).
struct SigningRequest {
  std::string common_name;   // the only one in its subject; it fits a certificate
  std::string organization;  // "": none, or several
  KeyKind key{};
  std::string public_key_der;  // SubjectPublicKeyInfo
};

Result<SigningRequest> parse_csr(std::string_view pem);

}  // namespace bayward::stations
