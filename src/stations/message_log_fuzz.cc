// Any bytes as messages: what is shown of them is JSON, and bounded.
#include <cstdlib>
#include <string_view>

#include "ocpp/rpc/json.h"
#include "stations/message_log.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bayward;
  stations::MessageLog log;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    log.add({}, (end & 1) != 0, text.substr(begin, end - begin));
    begin = end + 1;
  }
  for (const bool personal : {false, true}) {
    MessageQuery query;
    query.personal = personal;
    query.most = limits::messages_shown;
    const StationMessages shown = log.read(query);
    if (shown.items.size() > query.most) std::abort();
    for (const StationMessage& one : shown.items) {
      if (!one.payload.empty() && !ocpp::parse_json(one.payload)) std::abort();
    }
  }
  return 0;
}
