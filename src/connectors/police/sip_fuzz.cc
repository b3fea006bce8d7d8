// Whatever a platform of GB/T 28181 may send, in pieces of any size, through the dialect and the link above it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/check.h"
#include "connectors/police/manscdp.h"
#include "connectors/police/sip_dialect.h"
#include "connectors/wire/link.h"

using namespace bayward;

namespace {

void run_link(bool tcp, std::string_view bytes) {
  police::SipConfig config;
  config.device_id = "31000000001320000001";
  config.platform_id = "31000000002000000001";
  config.domain = "3100000000";
  config.tcp = tcp;
  config.run = "0123456789abcdef";
  wire::Link link({}, std::make_unique<police::SipDialect>(config));
  const wire::Moment now{from_unix_s(0), from_unix_s(1'790'000'000)};
  link.start(now);
  link.opened(now);
  AlarmMessage message;
  message.delivery = DeliveryId{1};
  link.submit(message, 1, now);
  size_t ended = 0;
  while (!bytes.empty()) {
    const size_t piece = tcp ? 1 + static_cast<uint8_t>(bytes.front()) % 61 : bytes.size();
    link.received(bytes.substr(0, piece), now);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (const wire::Act& act : link.take_acts()) ended += std::holds_alternative<wire::Ended>(act) ? 1 : 0;
  }
  BAYWARD_CHECK(ended <= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)police::parse_manscdp(bytes);
  run_link(false, bytes);
  run_link(true, bytes);
  return 0;
}
