// Whether a firmware image is what its maker has signed, before any station is asked to load it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace bayward::stations {

// `certificate`: PEM; `signature`: Base64, over SHA-256 of the content, by ECDSA or RSA (PSS or PKCS #1 v1.5;
// OCPP 2.0.1 L01 leaves it to the maker). Whether the certificate is the maker's is the station's to judge: it knows
// its maker.
Status verify_firmware(std::string_view content, std::string_view certificate, std::string_view signature, Instant now);

// The same without a content: what is given can be read, and the certificate is in force.
Status check_signature_form(std::string_view certificate, std::string_view signature, Instant now);

}  // namespace bayward::stations
