// Whatever stations and platforms say, in whatever order, a relay keeps its promises: no CHECK fails, what goes out is
// readable, and calls of its own stay its own. Lines of the input are what happens: S and U say something, others open
// and close.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "site/uplink/fake_outbox.h"
#include "site/uplink/relay.h"

namespace {

using namespace bayward;

void look_at(const std::vector<uplink::Action>& actions) {
  for (const uplink::Action& action : actions) {
    const auto* up = std::get_if<uplink::ToUpstream>(&action);
    if (!up || !up->text.starts_with("[2,\"own-")) continue;
    BAYWARD_CHECK(up->text.find("RemoteStopTransaction") == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  uplink::FakeOutbox outbox;
  uplink::RelayOptions options;
  options.own_id_prefix = "own-";
  const bool old = !input.empty() && input.front() % 2 == 0;
  uplink::StationRelay relay("CP", old ? uplink::protocol_v16() : uplink::protocol_v201(), outbox, {}, options);
  Instant now = from_unix_s(1'800'000'000);
  relay.station_opened(now);
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    const std::string_view text = line.empty() ? line : line.substr(1);
    switch (line.empty() ? ' ' : line.front()) {
      case 'S':
        relay.station_said(text, now);
        break;
      case 'U':
        relay.upstream_said(text, now);
        break;
      case 'o':
        relay.upstream_opened(now);
        break;
      case 'c':
        relay.upstream_closed(now);
        break;
      case 's':
        relay.station_closed(now);
        relay.station_opened(now);
        break;
      case 'f':
        outbox.fails = !outbox.fails;
        break;
      default:
        relay.tick(now += 5s);
    }
    look_at(relay.take_actions());
  }
  return 0;
}
