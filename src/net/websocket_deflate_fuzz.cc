// Any bytes as an offer of permessage-deflate, and as a compressed message: what is agreed on is an answer to it, and
// no message grows beyond the bound.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "net/websocket_deflate.h"

using namespace bayward;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t most = 4000;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto agreed = net::agree_on_deflate(bytes)) {
    BAYWARD_CHECK(agreed->answer.starts_with("permessage-deflate; ") && agreed->window_bits >= 9);
    BAYWARD_CHECK(net::agree_on_deflate(agreed->answer).has_value());
  }
  std::string out;
  const net::Inflated told = net::inflate_into(out, bytes, most);
  BAYWARD_CHECK(out.size() <= most);
  if (told == net::Inflated::whole && out.size() >= net::deflate_from_bytes) {
    const auto again = net::deflated(out, 9 + static_cast<int>(size % 7));
    std::string same;
    BAYWARD_CHECK(!again || (net::inflate_into(same, *again, most) == net::Inflated::whole && same == out));
  }
  return 0;
}
