#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <vector>

#include "net/raw_ethernet.h"
#include "net/udp_ethernet.h"

namespace bayward::net {
namespace {

using Mac = std::array<uint8_t, 6>;
constexpr Mac mac_a{2, 0, 0, 0, 0, 1};
constexpr Mac mac_b{2, 0, 0, 0, 0, 2};

std::vector<uint8_t> frame_from(const Mac& source) {
  std::vector<uint8_t> out(60);
  std::copy(source.begin(), source.end(), out.begin() + 6);
  out[12] = 0x89;
  out[13] = 0x3A;
  return out;
}

// The frames a link receives; waits for the next one.
struct Receiver {
  explicit Receiver(MeshLink& link) {
    link.on_frame([this](std::span<const uint8_t> frame) {
      ++count;
      if (count == 1) first.set_value({frame.begin(), frame.end()});
    });
  }
  std::promise<std::vector<uint8_t>> first;
  std::atomic<int> count = 0;
};

TEST(UdpEthernet, AFrameGoesToThePeerAsItIsAndNotFromStrangers) {
  IoContext io;
  auto a = UdpEthernet::open(io, {mac_a, "127.0.0.1:0", {}, {}});
  auto b = UdpEthernet::open(io, {mac_b, "127.0.0.1:0", {}, {}});
  auto stranger = UdpEthernet::open(io, {mac_a, "127.0.0.1:0", {}, {}});
  ASSERT_TRUE(a.ok() && b.ok() && stranger.ok());
  const std::string at_b = "127.0.0.1:" + std::to_string((*b)->port());
  ASSERT_TRUE((*a)->add_peer(at_b).ok());
  ASSERT_TRUE((*stranger)->add_peer(at_b).ok());
  ASSERT_TRUE((*b)->add_peer("127.0.0.1:" + std::to_string((*a)->port())).ok());
  Receiver receiver(**b);
  auto arrived = receiver.first.get_future();
  io.start();
  const auto frame = frame_from(mac_a);
  io.post([&] {
    (*stranger)->send(frame_from({2, 0, 0, 0, 0, 9}));
    (*a)->send(frame_from(mac_b));  // b's own address: its own frame come back
    (*a)->send(frame);
  });
  ASSERT_EQ(arrived.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(arrived.get(), frame);
  EXPECT_EQ(receiver.count, 1);
  std::promise<void> closed;
  io.post([&] {
    *a = nullptr;
    *b = nullptr;
    *stranger = nullptr;
    closed.set_value();
  });
  closed.get_future().wait();
}

TEST(UdpEthernet, ABadAddressIsNamed) {
  IoContext io;
  for (const char* bad : {"", "127.0.0.1", "127.0.0.1:", "localhost:1", "127.0.0.1:70000", "[::1:4"}) {
    const auto opened = UdpEthernet::open(io, {mac_a, bad, {}, {}});
    ASSERT_FALSE(opened.ok()) << bad;
    EXPECT_NE(opened.error().message.find(bad), std::string::npos);
  }
  EXPECT_FALSE(UdpEthernet::open(io, {mac_a, "127.0.0.1:0", {"nowhere"}, {}}).ok());
  EXPECT_FALSE(UdpEthernet::open(io, {mac_a, "127.0.0.1:0", {}, "10.0.0.1:5000"}).ok()) << "no multicast group";
}

TEST(RawEthernet, SaysWhatIsMissing) {
  IoContext io;
  const auto opened = RawEthernet::open(io, {"bw-none0", mac_a});
  ASSERT_FALSE(opened.ok());
  const bool root = ::geteuid() == 0;
  EXPECT_NE(opened.error().message.find(root ? "bw-none0" : "CAP_NET_RAW"), std::string::npos)
      << opened.error().message;
  EXPECT_FALSE(RawEthernet::open(io, {"", mac_a}).ok());
  EXPECT_FALSE(RawEthernet::open(io, {"a-name-that-is-too-long", mac_a}).ok());
}

}  // namespace
}  // namespace bayward::net
