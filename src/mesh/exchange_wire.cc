#include "mesh/exchange_wire.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::mesh {

namespace {

// Bodies end up in one frame together with header, seal and AL MAC TLV.
constexpr size_t body_bytes = 1350;
constexpr size_t summary_entries = 40;

// Below and above every key.
constexpr RecordKey lowest_key{static_cast<RecordKind>(0), {}, 0};
constexpr RecordKey highest_key{static_cast<RecordKind>(255), {}, 0};

RecordKey read_bound(ByteReader& in) {
  RecordKey key;
  key.kind = static_cast<RecordKind>(in.u8());
  key.origin = in.mac();
  key.number = in.u64();
  return key;
}

}  // namespace

Bytes encode_hello(const Hello& hello) {
  Bytes body;
  ByteWriter out(body);
  out.u64(hello.nonce);
  out.u64(hello.digest);
  const size_t count = std::min(hello.heard.size(), limits::mesh_neighbours);
  out.u8(static_cast<uint8_t>(count));
  for (size_t i = 0; i < count; ++i) {
    out.mac(hello.heard[i].al_mac);
    out.u64(hello.heard[i].nonce);
  }
  return body;
}

std::optional<Hello> decode_hello(ByteView body) {
  ByteReader in(body);
  Hello out;
  out.nonce = in.u64();
  out.digest = in.u64();
  for (size_t count = in.u8(); count > 0 && in.ok(); --count) {
    const MacAddress al_mac = in.mac();
    out.heard.push_back({al_mac, in.u64()});
  }
  if (!in.at_end()) return std::nullopt;
  return out;
}

std::vector<Bytes> encode_acks(const std::vector<AckEntry>& entries) {
  std::vector<Bytes> out;
  for (const AckEntry& entry : entries) {
    Bytes one;
    ByteWriter writer(one);
    write_key(writer, entry.key);
    writer.u64(entry.version);
    writer.u8(entry.wants_reply ? 1 : 0);
    write_macs(writer, entry.held_by);
    if (out.empty() || out.back().size() + one.size() > body_bytes) out.emplace_back();
    out.back().insert(out.back().end(), one.begin(), one.end());
  }
  return out;
}

std::optional<std::vector<AckEntry>> decode_acks(ByteReader in) {
  std::vector<AckEntry> out;
  while (in.ok() && !in.at_end()) {
    const auto key = read_key(in);
    if (!key) return std::nullopt;
    AckEntry entry;
    entry.key = *key;
    entry.version = in.u64();
    entry.wants_reply = in.u8() != 0;
    entry.held_by = read_macs(in);
    out.push_back(std::move(entry));
  }
  if (!in.ok()) return std::nullopt;
  return out;
}

Bytes encode_forward(const Forward& forward) {
  Bytes body;
  ByteWriter out(body);
  out.u8(static_cast<uint8_t>(key_of(forward.content).kind));
  out.u64(forward.version);
  write_macs(out, forward.held_by);
  out.bytes(encode_content(forward.content));
  return body;
}

std::optional<Forward> decode_forward(ByteReader in) {
  const auto kind = static_cast<RecordKind>(in.u8());
  const uint64_t version = in.u64();
  MacSet held_by = read_macs(in);
  if (!in.ok()) return std::nullopt;
  auto content = decode_content(kind, in.bytes(in.left()));
  if (!content) return std::nullopt;
  // The version of an alarm follows from what it says.
  const auto* alarm = std::get_if<Alarm>(&*content);
  if (alarm != nullptr && version_of(*alarm) != version) return std::nullopt;
  return Forward{version, std::move(held_by), *std::move(content)};
}

std::vector<Bytes> encode_summaries(const std::vector<Summary::Entry>& entries) {
  std::vector<Bytes> out;
  RecordKey after = lowest_key;
  size_t at = 0;
  do {
    const size_t end = std::min(entries.size(), at + summary_entries);
    const RecordKey until = end == entries.size() ? highest_key : entries[end - 1].key;
    ByteWriter writer(out.emplace_back());
    write_key(writer, after);
    write_key(writer, until);
    for (; at < end; ++at) {
      write_key(writer, entries[at].key);
      writer.u64(entries[at].version);
      writer.u64(entries[at].digest);
    }
    after = until;
  } while (at < entries.size());
  return out;
}

std::optional<Summary> decode_summary(ByteReader in) {
  Summary out;
  out.after = read_bound(in);
  out.until = read_bound(in);
  while (in.ok() && !in.at_end()) {
    const auto key = read_key(in);
    if (!key) return std::nullopt;
    const uint64_t version = in.u64();
    out.entries.push_back({*key, version, in.u64()});
  }
  if (!in.ok()) return std::nullopt;
  return out;
}

}  // namespace bayward::mesh
