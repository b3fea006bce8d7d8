// Any bytes as frames to a gateway that has a neighbour: forged ones, and, with the first bit set, rightly signed ones
// with any body. Nothing fails a CHECK, what comes out are frames, and forged ones change nothing that is told.
#include <cstdint>
#include <cstdlib>

#include "base/limits.h"
#include "mesh/cmdu.h"
#include "mesh/exchange_wire.h"
#include "mesh/test_site.h"
#include "mesh/vendor.h"

using namespace bayward;
using namespace bayward::mesh;

namespace {

// A message of the neighbour with the fuzzer's body; its counter is above all it has used.
Bytes signed_frame(const NodeConfig& from, Subtype subtype, uint64_t counter, ByteView body) {
  const Sealer sealer(from.oui, from.keys);
  const bool relay = subtype == Subtype::alarm || subtype == Subtype::all_clear || subtype == Subtype::state;
  CmduWriter writer({multicast_1905, from.interfaces[0].mac, MessageType::vendor_specific, 7, relay});
  writer.tlv(TlvType::vendor_specific, sealer.seal({subtype, from.al_mac, counter, body}));
  writer.tlv(TlvType::al_mac_address, from.al_mac.bytes);
  return std::move(writer).finish();
}

void check_frames(Node& node) {
  for (const OutFrame& frame : node.take_frames()) {
    if (!decode_cmdu(frame.bytes)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const Instant start = from_unix_s(1000);
  MemoryCounterStore store;
  Node node(test::test_config(0, 2), store, start);
  // A neighbour whose greeting repeats our nonce is known from then on.
  Hello hello{0x1001, 0, {{test::al_mac_of(0), 0x1000}}};
  const NodeConfig neighbour = test::test_config(1, 1);
  node.receive(0, signed_frame(neighbour, Subtype::hello, 1, encode_hello(hello)), start);
  node.poll(start);
  node.take_frames();
  node.take_events();

  const ByteView input(data + 2, size - 2);
  if ((data[0] & 1) == 0) {
    const auto alarms = node.alarms().size();
    const auto gateways = node.gateways().size();
    node.receive(data[1] & 1, input, start);
    if (node.alarms().size() != alarms || node.gateways().size() != gateways) std::abort();
  } else if (input.size() <= 1350) {
    node.receive(0, signed_frame(neighbour, static_cast<Subtype>(data[1] % 9), 2, input), start);
  }
  for (int i = 0; i < 40; ++i) {
    node.poll(start + Duration{i * 25});
    check_frames(node);
  }
  for (const Event& event : node.take_events()) to_json(event);
  to_json(node.topology(start + 1s));
  return 0;
}
