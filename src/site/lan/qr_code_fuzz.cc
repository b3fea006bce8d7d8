// Whatever somebody puts behind /q/: what is accepted is exactly what we would have printed.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "site/lan/qr_code.h"

using namespace bayward;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto code = site::read_qr_code(text, "key", SiteId{0x2a});
  if (code.ok()) BAYWARD_CHECK(site::make_qr_code("key", code->kind, code->site, code->name) == text);
  return 0;
}
