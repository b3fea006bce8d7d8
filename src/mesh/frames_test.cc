// Bytes: messages, TLVs, seals, records. What others depend on is written out here byte by byte.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <variant>

#include "base/limits.h"
#include "mesh/cmdu.h"
#include "mesh/exchange_wire.h"
#include "mesh/records.h"
#include "mesh/standard_tlvs.h"
#include "mesh/test_site.h"
#include "mesh/vendor.h"

namespace bayward::mesh::test {
namespace {

Bytes discovery() {
  CmduWriter writer({multicast_1905, interface_mac_of(0, 0), MessageType::topology_discovery, 0x1234, false});
  writer.tlv(TlvType::al_mac_address, al_mac_of(0).bytes);
  writer.tlv(TlvType::mac_address, interface_mac_of(0, 0).bytes);
  return std::move(writer).finish();
}

// IEEE 1905.1-2013 clauses 6.2 and 6.3.1.
TEST(Cmdu, ADiscoveryHasTheBytesOfTheStandard) {
  const Bytes expected{0x01, 0x80, 0xC2, 0x00, 0x00, 0x13, 0x02, 0x01, 0x01, 0x00, 0x53, 0x00, 0x89, 0x3A,  // Ethernet
                       0x00, 0x00, 0x00, 0x00, 0x12, 0x34, 0x00, 0x80,                                      // header
                       0x01, 0x00, 0x06, 0x02, 0x00, 0x5E, 0x00, 0x53, 0x01,                                // AL MAC
                       0x02, 0x00, 0x06, 0x02, 0x01, 0x01, 0x00, 0x53, 0x00,                                // MAC
                       0x00, 0x00, 0x00};
  EXPECT_EQ(discovery(), expected);
  const auto read = decode_cmdu(expected);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, 0x1234);
  EXPECT_FALSE(read->relay);
  EXPECT_EQ(read->only_mac(TlvType::al_mac_address), al_mac_of(0));
}

TEST(Cmdu, PaddingAfterTheEndOfMessageIsIgnored) {
  Bytes frame = discovery();
  const size_t size = frame.size();
  frame.resize(60, 0xAA);
  const auto read = decode_cmdu(frame);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->tlvs.size(), 2u);
  EXPECT_EQ(read->size, size);
}

TEST(Cmdu, WhatIsCutOffFragmentedOrOfAnotherVersionIsNothing) {
  const Bytes whole = discovery();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_cmdu(ByteView(whole).first(size))) << size;
  }
  const auto changed = [&whole](size_t at, uint8_t value) {
    Bytes frame = whole;
    frame[at] = value;
    return decode_cmdu(frame).has_value();
  };
  EXPECT_FALSE(changed(12, 0x08));  // another ethertype
  EXPECT_FALSE(changed(14, 1));     // version
  EXPECT_FALSE(changed(20, 1));     // fragment
  EXPECT_FALSE(changed(21, 0));     // not the last fragment
  EXPECT_FALSE(changed(23, 0xFF));  // a TLV longer than the frame
  EXPECT_FALSE(decode_cmdu(Bytes(limits::mesh_frame_bytes + 1)));
}

TEST(Cmdu, ATlvThatMustBeThereOnceIsNotTakenTwice) {
  CmduWriter writer({multicast_1905, interface_mac_of(0, 0), MessageType::topology_notification, 1, true});
  writer.tlv(TlvType::al_mac_address, al_mac_of(0).bytes);
  writer.tlv(TlvType::al_mac_address, al_mac_of(1).bytes);
  const Bytes frame = std::move(writer).finish();
  const auto read = decode_cmdu(frame);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->only(TlvType::al_mac_address));
}

// Clauses 6.4.5 and 6.4.9.
TEST(StandardTlvs, DeviceInformationAndNeighboursComeBack) {
  const std::vector<InterfaceConfig> interfaces{{interface_mac_of(0, 0), MediaType::gigabit_ethernet},
                                                {interface_mac_of(0, 1), MediaType::power_line_fft}};
  const Bytes information = encode_device_information(al_mac_of(0), interfaces);
  EXPECT_EQ(information.size(), 6u + 1 + 9 + 9 + 7) << "IEEE 1901 has 7 bytes of network identifier";
  const auto device = decode_device_information(information);
  ASSERT_TRUE(device);
  EXPECT_EQ(device->interfaces[1].media, MediaType::power_line_fft);
  const auto list = decode_neighbour_list(
      encode_neighbour_list({interface_mac_of(0, 0), {{al_mac_of(1), false}, {al_mac_of(2), true}}}));
  ASSERT_TRUE(list);
  ASSERT_EQ(list->neighbours.size(), 2u);
  EXPECT_TRUE(list->neighbours[1].bridged);
  EXPECT_FALSE(decode_device_information(ByteView(information).first(information.size() - 1)));
}

TEST(Sealer, OneChangedBitAnywhereIsAForgery) {
  const NodeConfig config = test_config(0, 1);
  const Sealer sealer(config.oui, config.keys);
  const Bytes body{1, 2, 3};
  const Bytes sealed = sealer.seal({Subtype::alarm, al_mac_of(0), 42, body});
  EXPECT_EQ(sealed.size(), Sealer::overhead_bytes + body.size());
  const auto opened = sealer.open(sealed);
  ASSERT_TRUE(std::holds_alternative<Sealed>(opened));
  EXPECT_EQ(std::get<Sealed>(opened).counter, 42u);
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] = static_cast<uint8_t>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(std::holds_alternative<Sealed>(sealer.open(changed))) << bit;
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(std::holds_alternative<Sealed>(sealer.open(ByteView(sealed).first(size)))) << size;
  }
}

AlarmContent longest_alarm() {
  AlarmContent out = fire_at(std::string(limits::mesh_label_bytes, 'b'));
  out.device = std::string(limits::mesh_label_bytes, 'd');
  out.address = std::string(limits::mesh_text_bytes, 'a');
  out.detail = std::string(limits::mesh_text_bytes, 'x');
  out.unit = std::string(limits::mesh_unit_bytes, 'u');
  return out;
}

TEST(Records, TheLargestOfEachKindFitsIntoAFrame) {
  MacSet holders;
  for (size_t i = 0; i < limits::mesh_gateways; ++i) holders.insert(al_mac_of(i));
  const Alarm alarm{{al_mac_of(0), 1}, 1, false, longest_alarm()};
  GatewayRecord gateway{al_mac_of(0), 1, std::string(limits::mesh_label_bytes, 'n'), {}, {}};
  for (size_t i = 0; i < limits::mesh_interfaces; ++i) gateway.interfaces.push_back(interface_mac_of(0, i));
  for (size_t i = 0; i < limits::mesh_interfaces * limits::mesh_neighbours; ++i) {
    gateway.links.push_back({interface_mac_of(0, 0), al_mac_of(i)});
  }
  const size_t around = 14 + 8 + 3 + Sealer::overhead_bytes + 9 + 3;  // Ethernet, header, TLVs
  EXPECT_LE(encode_forward({version_of(alarm), holders, alarm}).size() + around, limits::mesh_frame_bytes);
  EXPECT_LE(encode_forward({1, {}, gateway}).size() + around, limits::mesh_frame_bytes);
  Hello hello{1, 2, {}};
  hello.heard.resize(limits::mesh_neighbours);
  EXPECT_LE(encode_hello(hello).size() + around, limits::mesh_frame_bytes);
  const std::vector<AckEntry> acks(40, AckEntry{key_of(alarm), 1, true, holders});
  for (const Bytes& body : encode_acks(acks)) EXPECT_LE(body.size() + around, limits::mesh_frame_bytes);
  const std::vector<Summary::Entry> entries(1000, Summary::Entry{key_of(alarm), 1, 2});
  for (const Bytes& body : encode_summaries(entries)) EXPECT_LE(body.size() + around, limits::mesh_frame_bytes);
}

RC_GTEST_PROP(Records, AnAlarmComesBackAsItWas, ()) {
  Alarm alarm{{al_mac_of(3), *rc::gen::arbitrary<uint64_t>()},
              *rc::gen::inRange<uint32_t>(1, 1000),
              *rc::gen::arbitrary<bool>(),
              {}};
  alarm.content.kind = static_cast<AlarmKind>(*rc::gen::inRange(0, 16));
  alarm.content.level = static_cast<AlarmLevel>(*rc::gen::inRange(0, 3));
  alarm.content.growing_after_cut = *rc::gen::arbitrary<bool>();
  alarm.content.value_milli = *rc::gen::arbitrary<int32_t>();
  alarm.content.raised_at = from_unix_ms(*rc::gen::inRange<int64_t>(0, 4'000'000'000'000));
  alarm.content.bay = "车位 12";
  const auto back = decode_content(RecordKind::alarm, encode_content(alarm));
  RC_ASSERT(back.has_value());
  RC_ASSERT(std::get<Alarm>(*back) == alarm);
}

TEST(Records, ADangerIsNeverLostToARaceForTheSameRevision) {
  Alarm open{{al_mac_of(0), 1}, 2, false, fire_at("A1")};
  Alarm cleared = open;
  cleared.cleared = true;
  EXPECT_GT(version_of(open), version_of(cleared));
  Alarm milder = open;
  milder.content.level = AlarmLevel::notice;
  EXPECT_GT(version_of(open), version_of(milder));
  cleared.revision = 3;
  EXPECT_LT(version_of(open), version_of(cleared));
}

TEST(Records, TextsThatAreNoTextAreRefused) {
  for (const char* bad : {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE4\xBD"}) {
    AlarmContent content = fire_at("A1");
    content.detail = bad;
    EXPECT_FALSE(check_content(content).ok());
  }
}

TEST(Summaries, TogetherCoverEveryKey) {
  std::vector<Summary::Entry> entries;
  for (uint64_t i = 0; i < 100; ++i) entries.push_back({{RecordKind::alarm, al_mac_of(1), i}, i, 0});
  const auto bodies = encode_summaries(entries);
  ASSERT_EQ(bodies.size(), 3u);
  RecordKey last{static_cast<RecordKind>(0), {}, 0};
  for (const Bytes& body : bodies) {
    const auto summary = decode_summary(ByteReader(body));
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->after, last);
    last = summary->until;
  }
  EXPECT_GT(last, (RecordKey{RecordKind::state, al_mac_of(255), ~uint64_t{0}}));
}

TEST(Mac, IsReadInBothSpellingsAndNothingElse) {
  EXPECT_EQ(parse_mac("02:00:5e:00:53:01"), al_mac_of(0));
  EXPECT_EQ(parse_mac("02-00-5E-00-53-01"), al_mac_of(0));
  for (const char* bad : {"", "02:00:5e:00:53", "02:00:5e:00:53:0g", "02:00:5e:00:53:01:", "2:0:5e:0:53:1:000000"}) {
    EXPECT_FALSE(parse_mac(bad)) << bad;
  }
}

TEST(Keys, AFileKeyIs64HexadecimalDigits) {
  EXPECT_TRUE(parse_site_key(std::string(64, 'a')).ok());
  EXPECT_FALSE(parse_site_key(std::string(63, 'a')).ok());
  EXPECT_FALSE(parse_site_key(std::string(63, 'a') + "x").ok());
}

}  // namespace
}  // namespace bayward::mesh::test
