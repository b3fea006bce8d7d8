// Bodies of the LAN API: never more than a word about what is wrong, and text that is accepted is bounded and
// printable.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "site/lan/lan_call.h"

using namespace bayward;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  HttpRequest request;
  request.headers.add("Content-Type", "application/json");
  request.body.assign(reinterpret_cast<const char*>(data), size);
  site::LanBody body(request);
  const std::string phone = body.text("phone", 32);
  const std::string name = body.maybe_text("name", 8);
  const bool good = !body.wrong();
  BAYWARD_CHECK(phone.size() <= 32 && name.size() <= 8);
  if (good) BAYWARD_CHECK(!phone.empty());
  return 0;
}
