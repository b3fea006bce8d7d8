// The first byte picks a message, the rest is its payload: what decodes must encode, and come back the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ocpp/testing/messages.h"

using namespace bayward::ocpp;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto payload = parse_json(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  if (!payload) return 0;
  for (const auto messages : {messages_v16(), messages_v201(), messages_v21()}) {
    const MessageCase& message = messages[data[0] % messages.size()];
    const auto once = message.recode(*payload);
    if (!once) continue;
    const auto again = parse_json(*once);
    if (!again) std::abort();
    const auto twice = message.recode(*again);
    if (!twice || *twice != *once) std::abort();
  }
  return 0;
}
