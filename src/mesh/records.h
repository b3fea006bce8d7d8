// What every gateway holds a copy of: alarms, the gateways with their links, the states of bays. A record is named by
// its key and replaced only by a higher version, so copies that arrive twice, late or in any order end up the same
// everywhere. Pure data and its bytes.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "base/time.h"
#include "mesh/mac.h"
#include "mesh/messages.h"
#include "mesh/node.h"
#include "mesh/wire.h"

namespace bayward::mesh {

// On the wire. Their order is the order in which they are passed on: danger before state.
enum class RecordKind : uint8_t { alarm = 1, gateway = 2, state = 3 };

struct RecordKey {
  RecordKind kind = RecordKind::alarm;
  MacAddress origin;
  uint64_t number = 0;  // of the alarm, or index of the bay

  friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
};

// A gateway tells who it is and whom it hears; both ends of a link must name each other for it to count.
struct GatewayRecord {
  struct Link {
    MacAddress local_interface;
    MacAddress neighbour;
    friend auto operator<=>(const Link&, const Link&) = default;
  };
  MacAddress al_mac;
  uint8_t controller_priority = 0;
  std::string name;
  std::vector<MacAddress> interfaces;
  std::vector<Link> links;

  friend bool operator==(const GatewayRecord&, const GatewayRecord&) = default;
};

using Content = std::variant<Alarm, GatewayRecord, StateReceived>;
using MacSet = std::set<MacAddress>;

struct Record {
  uint64_t version = 0;
  Content content;
  MacSet held_by;  // alarms: which gateways have this version

  const Alarm* alarm() const { return std::get_if<Alarm>(&content); }
  const GatewayRecord* gateway() const { return std::get_if<GatewayRecord>(&content); }
  const StateReceived* state() const { return std::get_if<StateReceived>(&content); }
};

// A higher revision is newer. Two gateways may make the same revision at once: then an open alarm wins over a cleared
// one, and the more urgent over the less, so a danger is never lost to a race; what is left is decided by the content.
uint64_t version_of(const Alarm& alarm);

RecordKey key_of(const Content& content);

// Texts in their bounds and numbers in their ranges.
Status check_content(const AlarmContent& content);
Status check_state(const BayState& state);

// Content and version, without the key. Fits into one frame (static bounds, see records_test.cc).
Bytes encode_content(const Content& content);
// The bytes of a content of `kind`; nothing when malformed or something is left over.
std::optional<Content> decode_content(RecordKind kind, ByteView body);

// Changes when version or holders of a record do.
uint64_t digest_of(const RecordKey& key, uint64_t version, const MacSet& held_by);

void write_key(ByteWriter& out, const RecordKey& key);
// Defects show in `in`, or as nothing for an unknown kind.
std::optional<RecordKey> read_key(ByteReader& in);
void write_macs(ByteWriter& out, const MacSet& macs);
MacSet read_macs(ByteReader& in);

}  // namespace bayward::mesh
