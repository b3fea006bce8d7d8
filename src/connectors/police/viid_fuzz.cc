// Whatever a police platform may send: challenges, credentials, answers, orders.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "connectors/police/digest.h"
#include "connectors/police/viid_words.h"

using namespace bayward;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr Instant now = from_unix_s(1'790'000'000);
  if (const auto challenge = police::parse_challenge(text)) {
    const std::string answer = police::authorization(*challenge, {"user", "password"}, {"POST", "/x", 1, "c"});
    BAYWARD_CHECK(answer.find('\n') == std::string::npos);
  }
  police::DigestGuard guard({"user", "password"}, "bayward");
  (void)guard.challenge(now);
  BAYWARD_CHECK(!guard.allows(text, "GET", "/", now));
  (void)police::parse_status(text);
  (void)police::parse_system_time(text, Duration{0});
  (void)police::parse_order_text(text);
  const auto orders = police::parse_dispositions(text, Duration{0});
  if (!orders) return 0;
  for (const police::ReadOrder& read : *orders) {
    if (read.order && read.order->operation == police::OrderOperation::place)
      BAYWARD_CHECK(!read.order->plates.empty());
  }
  return 0;
}
