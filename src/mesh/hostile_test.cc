// An attacker on the wire, and other vendors' devices.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "mesh/cmdu.h"
#include "mesh/test_site.h"

namespace bayward::mesh::test {
namespace {

using Frames = std::vector<std::pair<size_t, Bytes>>;

// Everything that passes the site's wires is recorded.
struct Recorded : Site {
  explicit Recorded(size_t count) : Site(count, line_of(count)) {
    bus.set_tap([this](size_t segment, std::span<const uint8_t> frame) {
      frames.emplace_back(segment, Bytes(frame.begin(), frame.end()));
    });
  }
  Frames frames;
};

// A gateway alone with an attacker who plays frames to it.
struct Victim {
  explicit Victim(NodeConfig config) : node(std::move(config), store, now) { drop(); }
  void play(const Bytes& frame) {
    node.receive(0, frame, now);
    node.poll(now);
    now += 1ms;
  }
  size_t drop() {
    size_t alarms = 0;
    for (const Event& event : node.take_events()) alarms += std::holds_alternative<AlarmReceived>(event) ? 1 : 0;
    node.take_frames();
    return alarms;
  }
  MemoryCounterStore store;
  Instant now = from_unix_s(5000);
  Node node;
};

TEST(Hostile, ARecordingOfAWholeDayDoesNothingToAGatewayWithoutMemory) {
  Recorded site(3);
  site.start_all();
  ASSERT_TRUE(site.converge());
  site.run(3s);
  const auto id = site.driver(0).raise_alarm(fire_at("A1"));
  site.run(3s);
  ASSERT_TRUE(site.driver(0).all_clear(*id).ok());
  site.run(3s);
  NodeConfig config = test_config(2, 1);
  config.boot_nonce = 0x99;  // started anew, its store lost
  Victim victim(config);
  for (int round = 0; round < 3; ++round) {
    for (const auto& [segment, frame] : site.frames) victim.play(frame);
  }
  EXPECT_EQ(victim.drop(), 0u);
  EXPECT_TRUE(victim.node.gateways().empty());
  EXPECT_TRUE(victim.node.alarms().empty());
  EXPECT_GT(victim.node.counters().unproven, 0u);
}

TEST(Hostile, AFramePlayedAgainDoesNothingToALivingSite) {
  Recorded site(3);
  site.start_all();
  ASSERT_TRUE(site.converge());
  const auto id = site.driver(0).raise_alarm(fire_at("A1"));
  site.run(3s);
  ASSERT_TRUE(site.driver(0).all_clear(*id).ok());
  site.run(3s);
  MeshLink& attacker = site.bus.attach(1, "attacker");
  const Frames recorded = site.frames;
  for (const auto& [segment, frame] : recorded) {
    attacker.send(frame);
    site.run(1ms);
  }
  EXPECT_EQ(site.count<AlarmReceived>(2), 1u);
  EXPECT_EQ(site.count<AlarmCleared>(2), 1u);
  EXPECT_EQ(site.count<GatewayLost>(2), 0u);
  EXPECT_GT(site.node(2).counters().replayed, 0u);
}

// Nor can forged copies with the next message ids keep the true alarm out.
TEST(Hostile, AFloodOfForgedFramesDoesNotHoldUpAnAlarm) {
  Recorded site(3);
  site.start_all();
  ASSERT_TRUE(site.converge());
  site.run(1s);
  const auto signed_one = std::ranges::find_if(site.frames, [](const auto& entry) {
    const auto message = decode_cmdu(entry.second);
    return message && message->type == MessageType::vendor_specific;
  });
  ASSERT_NE(signed_one, site.frames.end());
  MeshLink& attacker = site.bus.attach(0, "attacker");
  Bytes forged = signed_one->second;
  for (int i = 0; i < 20'000; ++i) {
    forged[18] = static_cast<uint8_t>(i >> 8);  // message id
    forged[19] = static_cast<uint8_t>(i);
    forged[21] = 0xC0;  // relayed
    forged[50] = static_cast<uint8_t>(i);
    attacker.send(forged);
  }
  const auto id = site.driver(0).raise_alarm(fire_at("A1"));
  site.run(1ms);
  EXPECT_TRUE(site.has_alarm(2, *id));
  EXPECT_EQ(site.node(2).counters().forged, 0u) << "forged frames are not relayed";
  EXPECT_GT(site.node(1).counters().forged, 10'000u);
}

TEST(Hostile, UnsignedTopologyMessagesAreBoundedInRateAndPlace) {
  Site site(2, line_of(2));
  site.start_all();
  ASSERT_TRUE(site.converge());
  MeshLink& attacker = site.bus.attach(0, "attacker");
  const uint64_t before = site.bus.frames_sent();
  for (uint32_t i = 0; i < 10'000; ++i) {
    MacAddress nobody{{0x06, 0, 0, 0, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)}};
    CmduWriter writer({multicast_1905, nobody, MessageType::topology_discovery, static_cast<uint16_t>(i), false});
    writer.tlv(TlvType::al_mac_address, nobody.bytes);
    writer.tlv(TlvType::mac_address, nobody.bytes);
    attacker.send(std::move(writer).finish());
  }
  site.run(1s);
  EXPECT_GT(site.node(0).counters().rate_limited, 9'000u);
  EXPECT_LE(site.driver(0).topology().devices.size(), limits::mesh_devices + 2);
  EXPECT_LT(site.bus.frames_sent() - before - 10'000, 2'000u);
  EXPECT_EQ(site.node(0).gateways().size(), 1u);
}

TEST(Hostile, AnotherVendorsRelayedMessagePassesOnceWithItsIdAndSenderKept) {
  Recorded site(3);
  site.start_all();
  ASSERT_TRUE(site.converge());
  MeshLink& stranger = site.bus.attach(0, "stranger");
  const MacAddress its{{0x06, 1, 2, 3, 4, 5}};
  CmduWriter writer({multicast_1905, its, MessageType::vendor_specific, 0x4242, true});
  const Bytes value{0xAA, 0xBB, 0xCC, 1, 2, 3};
  writer.tlv(TlvType::vendor_specific, value);
  writer.tlv(TlvType::al_mac_address, its.bytes);
  Bytes frame = std::move(writer).finish();
  frame.resize(80);  // padded, as hardware may
  site.frames.clear();
  stranger.send(frame);
  stranger.send(frame);
  site.run(100ms);
  size_t passed = 0;
  for (const auto& [segment, seen] : site.frames) {
    const auto message = decode_cmdu(seen);
    if (segment != 1 || !message || message->id != 0x4242) continue;
    ++passed;
    EXPECT_EQ(message->only_mac(TlvType::al_mac_address), its);
    EXPECT_EQ(message->source, interface_mac_of(1, 1));
    EXPECT_EQ(seen.size(), message->size) << "without the padding";
  }
  EXPECT_EQ(passed, 1u);
}

TEST(Hostile, TwoGatewaysWithOneAddressAreNoticed) {
  Site site(2, line_of(2));
  site.config(1).al_mac = site.config(0).al_mac;
  site.start_all();
  site.run(2s);
  EXPECT_GT(site.node(0).counters().address_conflicts, 0u);
}

TEST(Hostile, AGatewayThatLostStoreAndRebootsIsHeardAgain) {
  Site site(3, line_of(3));
  site.config(1).wall_clock = from_unix_s(1'700'000'000);
  site.start_all();
  ASSERT_TRUE(site.converge());
  site.lose_store(1);
  site.config(1).wall_clock = from_unix_s(1'700'000'300);
  site.restart(1);
  ASSERT_TRUE(site.converge(10s));
  const auto id = site.driver(1).raise_alarm(fire_at("A1"));
  EXPECT_TRUE(site.run_until([&] { return site.has_alarm(0, *id) && site.has_alarm(2, *id); }, 1s));
}

TEST(Hostile, StandardNeighboursAgeOutAfter65Seconds) {
  Site site(1, {{0}});
  site.start_all();
  MeshLink& stranger = site.bus.attach(0, "stranger");
  const MacAddress its{{0x06, 1, 2, 3, 4, 5}};
  CmduWriter writer({multicast_1905, its, MessageType::topology_discovery, 1, false});
  writer.tlv(TlvType::al_mac_address, its.bytes);
  writer.tlv(TlvType::mac_address, its.bytes);
  stranger.send(std::move(writer).finish());
  site.run(60s);
  EXPECT_EQ(site.driver(0).topology().devices.size(), 2u);
  site.run(6s);
  EXPECT_EQ(site.driver(0).topology().devices.size(), 1u);
}

}  // namespace
}  // namespace bayward::mesh::test
