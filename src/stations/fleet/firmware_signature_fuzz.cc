// Certificate, signature and content of a firmware image, apart by a NUL each: any bytes, and no crash. What is given
// in its form only is never taken for verified.
#include <cstdlib>

#include "stations/fleet/firmware_signature.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bayward;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto part = [&text] {
    const std::string_view out = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(text.size(), out.size() + 1));
    return out;
  };
  const std::string_view certificate = part();
  const std::string_view signature = part();
  const Instant now = from_unix_s(1'800'000'000);
  const bool formed = stations::check_signature_form(certificate, signature, now).ok();
  if (stations::verify_firmware(text, certificate, signature, now) && !formed) std::abort();
  return 0;
}
