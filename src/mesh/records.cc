#include "mesh/records.h"

#include <openssl/sha.h>

#include <array>

#include "base/limits.h"
#include "base/utf8.h"

namespace bayward::mesh {

namespace {

constexpr size_t links_max = 96;  // 12 bytes each: a gateway's record stays within a frame

uint64_t short_hash(ByteView bytes) {
  std::array<uint8_t, SHA256_DIGEST_LENGTH> out{};
  SHA256(bytes.data(), bytes.size(), out.data());
  return ByteReader(out).u64();
}

Status check_text(std::string_view what, std::string_view text, size_t longest) {
  if (text.size() > longest) {
    return fail(std::string(what) + " has " + std::to_string(text.size()) + " bytes, at most " +
                std::to_string(longest));
  }
  if (!is_utf8(text)) return fail(std::string(what) + " is not UTF-8");
  return Done{};
}

Status first_failure(std::initializer_list<Status> checks) {
  for (const Status& check : checks) {
    if (!check) return check;
  }
  return Done{};
}

void encode(ByteWriter& out, const Alarm& alarm) {
  const AlarmContent& content = alarm.content;
  out.mac(alarm.id.origin);
  out.u64(alarm.id.number);
  out.u32(alarm.revision);
  out.u8(static_cast<uint8_t>((alarm.cleared ? 1 : 0) | (content.growing_after_cut ? 2 : 0)));
  out.u8(static_cast<uint8_t>(content.kind));
  out.u8(static_cast<uint8_t>(content.level));
  out.u64(static_cast<uint64_t>(unix_ms(content.raised_at)));
  out.u32(static_cast<uint32_t>(content.value_milli));
  out.text(content.unit);
  out.text(content.device);
  out.text(content.bay);
  out.text(content.address);
  out.text(content.detail);
}

bool decode(ByteReader& in, Alarm& alarm) {
  alarm.id.origin = in.mac();
  alarm.id.number = in.u64();
  alarm.revision = in.u32();
  const uint8_t flags = in.u8();
  alarm.cleared = (flags & 1) != 0;
  AlarmContent& content = alarm.content;
  content.growing_after_cut = (flags & 2) != 0;
  const uint8_t kind = in.u8();
  const uint8_t level = in.u8();
  content.kind = static_cast<AlarmKind>(kind);
  content.level = static_cast<AlarmLevel>(level);
  // Beyond the years that can be written down it is nonsense, and sums with it would overflow.
  const uint64_t at = in.u64();
  content.raised_at = from_unix_ms(static_cast<int64_t>(at));
  content.value_milli = static_cast<int32_t>(in.u32());
  content.unit = in.text(limits::mesh_unit_bytes);
  content.device = in.text(limits::mesh_label_bytes);
  content.bay = in.text(limits::mesh_label_bytes);
  content.address = in.text(limits::mesh_text_bytes);
  content.detail = in.text(limits::mesh_text_bytes);
  constexpr uint64_t year_9999 = 253'402'300'799'999;
  // An unknown kind is a later version's: it is passed on and shown as "other".
  return flags < 4 && level <= static_cast<uint8_t>(AlarmLevel::danger) && alarm.revision > 0 && at <= year_9999 &&
         !alarm.id.origin.is_group();
}

void encode(ByteWriter& out, const GatewayRecord& gateway) {
  out.mac(gateway.al_mac);
  out.u8(gateway.controller_priority);
  out.text(gateway.name);
  out.u8(static_cast<uint8_t>(gateway.interfaces.size()));
  for (const MacAddress& interface : gateway.interfaces) out.mac(interface);
  const size_t count = std::min(gateway.links.size(), links_max);
  out.u8(static_cast<uint8_t>(count));
  for (size_t i = 0; i < count; ++i) {
    out.mac(gateway.links[i].local_interface);
    out.mac(gateway.links[i].neighbour);
  }
}

bool decode(ByteReader& in, GatewayRecord& gateway) {
  gateway.al_mac = in.mac();
  gateway.controller_priority = in.u8();
  gateway.name = in.text(limits::mesh_label_bytes);
  const size_t interfaces = in.u8();
  if (interfaces > limits::mesh_interfaces) return false;
  for (size_t i = 0; i < interfaces; ++i) gateway.interfaces.push_back(in.mac());
  const size_t links = in.u8();
  if (links > links_max) return false;
  for (size_t i = 0; i < links && in.ok(); ++i) {
    const MacAddress local = in.mac();
    gateway.links.push_back({local, in.mac()});
  }
  return !gateway.al_mac.is_group();
}

void encode(ByteWriter& out, const StateReceived& received) {
  const BayState& state = received.state;
  out.mac(received.gateway);
  out.u8(state.index);
  out.u8(static_cast<uint8_t>(state.condition));
  out.u8(static_cast<uint8_t>((state.vehicle_seen ? 1 : 0) | (state.plugged_in ? 2 : 0) | (state.on_battery ? 4 : 0)));
  out.text(state.bay);
  out.text(state.device);
  out.text(state.detail);
}

bool decode(ByteReader& in, StateReceived& received) {
  received.gateway = in.mac();
  BayState& state = received.state;
  state.index = in.u8();
  state.condition = static_cast<BayCondition>(in.u8());
  const uint8_t flags = in.u8();
  state.vehicle_seen = (flags & 1) != 0;
  state.plugged_in = (flags & 2) != 0;
  state.on_battery = (flags & 4) != 0;
  state.bay = in.text(limits::mesh_label_bytes);
  state.device = in.text(limits::mesh_label_bytes);
  state.detail = in.text(limits::mesh_text_bytes);
  return flags < 8 && state.index < limits::mesh_bays_per_gateway && !received.gateway.is_group();
}

template <class T>
std::optional<Content> decode_as(ByteView body) {
  ByteReader in(body);
  T out;
  if (!decode(in, out) || !in.at_end()) return std::nullopt;
  return out;
}

}  // namespace

uint64_t version_of(const Alarm& alarm) {
  constexpr uint64_t hash_mask = (uint64_t{1} << 28) - 1;
  return (uint64_t{alarm.revision} << 32) | (alarm.cleared ? 0 : uint64_t{1} << 31) |
         (uint64_t{static_cast<uint8_t>(alarm.content.level)} << 29) |
         (alarm.content.growing_after_cut ? uint64_t{1} << 28 : 0) | (short_hash(encode_content(alarm)) & hash_mask);
}

RecordKey key_of(const Content& content) {
  if (const auto* alarm = std::get_if<Alarm>(&content)) return {RecordKind::alarm, alarm->id.origin, alarm->id.number};
  if (const auto* gateway = std::get_if<GatewayRecord>(&content)) return {RecordKind::gateway, gateway->al_mac, 0};
  const auto& state = std::get<StateReceived>(content);
  return {RecordKind::state, state.gateway, state.state.index};
}

Status check_content(const AlarmContent& content) {
  return first_failure({check_text("unit", content.unit, limits::mesh_unit_bytes),
                        check_text("device", content.device, limits::mesh_label_bytes),
                        check_text("bay", content.bay, limits::mesh_label_bytes),
                        check_text("address", content.address, limits::mesh_text_bytes),
                        check_text("detail", content.detail, limits::mesh_text_bytes)});
}

Status check_state(const BayState& state) {
  if (state.index >= limits::mesh_bays_per_gateway) {
    return fail("bay index " + std::to_string(state.index) + ": a gateway publishes at most " +
                std::to_string(limits::mesh_bays_per_gateway) + " bays");
  }
  return first_failure({check_text("bay", state.bay, limits::mesh_label_bytes),
                        check_text("device", state.device, limits::mesh_label_bytes),
                        check_text("detail", state.detail, limits::mesh_text_bytes)});
}

Bytes encode_content(const Content& content) {
  Bytes body;
  ByteWriter out(body);
  std::visit([&out](const auto& held) { encode(out, held); }, content);
  return body;
}

std::optional<Content> decode_content(RecordKind kind, ByteView body) {
  switch (kind) {
    case RecordKind::alarm:
      return decode_as<Alarm>(body);
    case RecordKind::gateway:
      return decode_as<GatewayRecord>(body);
    case RecordKind::state:
      return decode_as<StateReceived>(body);
  }
  return std::nullopt;
}

uint64_t digest_of(const RecordKey& key, uint64_t version, const MacSet& held_by) {
  Bytes bytes;
  ByteWriter out(bytes);
  write_key(out, key);
  out.u64(version);
  write_macs(out, held_by);
  return short_hash(bytes);
}

void write_key(ByteWriter& out, const RecordKey& key) {
  out.u8(static_cast<uint8_t>(key.kind));
  out.mac(key.origin);
  out.u64(key.number);
}

std::optional<RecordKey> read_key(ByteReader& in) {
  RecordKey key;
  const uint8_t kind = in.u8();
  key.kind = static_cast<RecordKind>(kind);
  key.origin = in.mac();
  key.number = in.u64();
  const bool known = kind >= static_cast<uint8_t>(RecordKind::alarm) && kind <= static_cast<uint8_t>(RecordKind::state);
  if (!known || key.origin.is_group()) return std::nullopt;
  return key;
}

void write_macs(ByteWriter& out, const MacSet& macs) {
  out.u8(static_cast<uint8_t>(std::min(macs.size(), limits::mesh_gateways)));
  size_t left = limits::mesh_gateways;
  for (const MacAddress& mac : macs) {
    if (left-- == 0) break;
    out.mac(mac);
  }
}

MacSet read_macs(ByteReader& in) {
  MacSet out;
  for (size_t count = in.u8(); count > 0 && in.ok(); --count) out.insert(in.mac());
  if (!in.ok()) out.clear();
  return out;
}

}  // namespace bayward::mesh
