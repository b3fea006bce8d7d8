// The bodies of the messages between neighbouring gateways. Internal to mesh.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mesh/records.h"
#include "mesh/wire.h"

namespace bayward::mesh {

struct Hello {
  struct Heard {
    MacAddress al_mac;
    uint64_t nonce = 0;
  };
  uint64_t nonce = 0;
  uint64_t digest = 0;
  std::vector<Heard> heard;  // on this interface
};
Bytes encode_hello(const Hello& hello);
std::optional<Hello> decode_hello(ByteView body);

struct AckEntry {
  RecordKey key;
  uint64_t version = 0;
  bool wants_reply = false;  // the sender thinks that a neighbour doesn't know all of this yet
  MacSet held_by;            // alarms only
};
// As many bodies as it takes.
std::vector<Bytes> encode_acks(const std::vector<AckEntry>& entries);
std::optional<std::vector<AckEntry>> decode_acks(ByteReader in);

struct Forward {
  uint64_t version = 0;
  MacSet held_by;
  Content content;
};
Bytes encode_forward(const Forward& forward);
std::optional<Forward> decode_forward(ByteReader in);

// Everything the sender shares with keys above `after`, up to and with `until`.
struct Summary {
  struct Entry {
    RecordKey key;
    uint64_t version = 0;
    uint64_t digest = 0;
  };
  RecordKey after;
  RecordKey until;
  std::vector<Entry> entries;
};
// `entries` in the order of their keys; the bodies cover all keys there can be.
std::vector<Bytes> encode_summaries(const std::vector<Summary::Entry>& entries);
std::optional<Summary> decode_summary(ByteReader in);

}  // namespace bayward::mesh
