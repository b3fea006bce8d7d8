#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <thread>

#include "base/limits.h"
#include "site/access/habits.h"
#include "site/access/hostapd.h"
#include "site/access/passphrase.h"
#include "site/access/radius.h"
#include "site/access/wifi_grants.h"

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'899'999'900);  // a whole quarter hour
const std::string key(32, 'k');
constexpr std::string_view phone_a = "02:00:00:00:00:0a";
constexpr std::string_view phone_b = "02:00:00:00:00:0b";

WifiTerms terms(std::string device = "pod-7", Duration life = 4h) {
  return {.device = std::move(device),
          .phone = "+4915112345678",
          .booking = "bkg-2a00000001",
          .time = {start, start + life}};
}

TEST(Passphrase, IsAsTheProtocolSays) {
  // Made independently: python3, hmac and base64.b32encode over the same text.
  EXPECT_EQ(wifi_passphrase(key, terms()), "HB7MMG2CZ3EUIOCD");
}

TEST(Passphrase, EveryPartMakesAnother) {
  std::set<std::string> seen{wifi_passphrase(key, terms())};
  WifiTerms other = terms();
  other.device = "pod-8";
  EXPECT_TRUE(seen.insert(wifi_passphrase(key, other)).second);
  other = terms();
  other.phone = "+4915112345679";
  EXPECT_TRUE(seen.insert(wifi_passphrase(key, other)).second);
  other = terms();
  other.booking = "bkg-2a00000002";
  EXPECT_TRUE(seen.insert(wifi_passphrase(key, other)).second);
  other = terms();
  other.time.start += 15min;
  EXPECT_TRUE(seen.insert(wifi_passphrase(key, other)).second);
  EXPECT_TRUE(seen.insert(wifi_passphrase("another key", terms())).second);
}

TEST(Passphrase, ItsTimeIsRecoveredByRecomputation) {
  EXPECT_TRUE(rc::check("for every life and quarter hour of the last day", [] {
    WifiTerms made = terms();
    made.time.start = start + std::chrono::minutes{15 * *rc::gen::inRange(0, 90)};
    made.time.end =
        made.time.start + *rc::gen::elementOf(std::vector<Duration>(std::begin(wifi_lives), std::end(wifi_lives)));
    const std::string text = wifi_passphrase(key, made);
    const auto found = recover_time(key, text, terms(), start + 24h);
    RC_ASSERT(found && *found == made.time);
    RC_ASSERT(!recover_time(key, text, terms("pod-8"), start + 24h));
    RC_ASSERT(!recover_time("another key", text, terms(), start + 24h));
  }));
  EXPECT_FALSE(recover_time(key, "not one", terms(), start));
}

TEST(Habits, ShortenTheLifeWithTheReason) {
  Habits habits;
  EXPECT_EQ(habits.judge("+1", "pod-7", 18), std::vector{Unusual::new_account});
  EXPECT_EQ(wifi_life({Unusual::new_account}), 2h);
  for (int i = 0; i < 5; ++i) habits.note("+1", "pod-7", 18, start);
  EXPECT_TRUE(habits.judge("+1", "pod-7", 20).empty());
  EXPECT_EQ(wifi_life({}), 4h);
  EXPECT_EQ(habits.judge("+1", "pod-7", 3), std::vector{Unusual::unusual_hour});
  EXPECT_EQ(habits.judge("+1", "pod-9", 18), std::vector{Unusual::unusual_place});
  const auto both = habits.judge("+1", "pod-9", 3);
  EXPECT_EQ(both.size(), 2U);
  EXPECT_EQ(wifi_life(both), 30min);
  // Around midnight the clock is a circle.
  for (int i = 0; i < 5; ++i) habits.note("+2", "pod-7", 23, start);
  EXPECT_TRUE(habits.judge("+2", "pod-7", 1).empty());
  habits.forget("+1");
  EXPECT_EQ(habits.judge("+1", "pod-7", 18), std::vector{Unusual::new_account});
}

TEST(WifiGrants, ExpiredReplayedAndForeignPasswordsAreRefused) {
  WifiGrants grants(key);
  const auto grant = grants.give("g1", terms(), {}, "10.0.0.7", start);
  ASSERT_TRUE(grant.ok());
  const std::string text = grants.passphrase(*grant);
  EXPECT_EQ(grants.use("AAAAAAAAAAAAAAAA", "pod-7", phone_a, start).error(), WifiRefusal::unknown);
  EXPECT_EQ(grants.use(text, "pod-8", phone_a, start).error(), WifiRefusal::foreign_device);
  EXPECT_TRUE(grants.use(text, "pod-7", phone_a, start).ok());
  EXPECT_TRUE(grants.use(text, "pod-7", phone_a, start + 1h).ok()) << "the same device again";
  EXPECT_EQ(grants.use(text, "pod-7", phone_b, start + 1h).error(), WifiRefusal::replayed);
  EXPECT_EQ(grants.use(text, "pod-7", phone_a, start + 4h).error(), WifiRefusal::expired);
  EXPECT_EQ(grants.use(text, "pod-7", phone_a, start + 40h).error(), WifiRefusal::unknown);
}

TEST(WifiGrants, TheSameRequestGetsTheSamePassword) {
  WifiGrants grants(key);
  const auto one = grants.give("g1", terms(), {}, "10.0.0.7", start);
  const uint64_t version = grants.version();
  const auto two = grants.give("g2", terms(), {}, "10.0.0.7", start + 1min);
  EXPECT_EQ(one->id, two->id);
  EXPECT_EQ(grants.version(), version);
}

TEST(WifiGrants, AreBounded) {
  WifiGrants grants(key);
  for (size_t i = 0; i < limits::wifi_grants; ++i) {
    WifiTerms one = terms();
    one.booking = std::to_string(i);
    ASSERT_TRUE(grants.give("g", one, {}, "", start).ok());
  }
  EXPECT_EQ(grants.give("more", terms(), {}, "", start).error(), WifiRefusal::full);
}

TEST(PskFile, HasWhatLivesAtThisPodAndNothingThatBreaksIt) {
  WifiGrants grants(key);
  const auto mine = grants.give("g1", terms(), {}, "", start);
  (void)grants.give("g2", terms("pod-8"), {}, "", start);
  WifiTerms other = terms();
  other.booking = "x";
  (void)grants.give("evil id\nkeyid=root", other, {}, "", start);
  const std::string pass = grants.passphrase(*mine);
  EXPECT_EQ(psk_file(grants.all(), "pod-7", grants), "keyid=g1 00:00:00:00:00:00 " + pass + "\n");
  ASSERT_TRUE(grants.bind("g1", phone_a));
  EXPECT_FALSE(grants.bind("g1", phone_b));
  EXPECT_EQ(psk_file(grants.all(), "pod-7", grants), "keyid=g1 02:00:00:00:00:0a " + pass + "\n");
  grants.advance(start + 4h);
  EXPECT_EQ(psk_file(grants.all(), "pod-7", grants), "");
}

TEST(RadiusUsers, HasOneEntryADeviceWithWhatIsLeftOfItsTime) {
  WifiGrants grants(key);
  const auto grant = grants.give("g1", terms(), {}, "", start);
  EXPECT_EQ(radius_users_file(grants.all(), grants, start).find("Tunnel-Password"), std::string::npos)
      << "no device is known yet";
  ASSERT_TRUE(grants.bind("g1", phone_a));
  const std::string file = radius_users_file(grants.all(), grants, start + 1h);
  EXPECT_NE(file.find("02000000000a Cleartext-Password := \"02000000000a\""), std::string::npos);
  EXPECT_NE(file.find("Tunnel-Password = \"" + grants.passphrase(*grant) + "\""), std::string::npos);
  EXPECT_NE(file.find("Session-Timeout = 10800"), std::string::npos);
  EXPECT_EQ(radius_users_file(grants.all(), grants, start + 5h).find("Tunnel-Password"), std::string::npos);
}

TEST(Macs, OnlyADevicesOwnAddressIsOne) {
  EXPECT_TRUE(valid_mac("02:00:00:00:00:0a"));
  for (const std::string_view bad : {"", "02:00:00:00:00:0A", "02-00-00-00-00-0a", "03:00:00:00:00:0a",
                                     "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "02:00:00:00:00:0a "}) {
    EXPECT_FALSE(valid_mac(bad)) << bad;
  }
}

// Answers as hostapd does, one datagram each.
class FakeHostapd {
 public:
  explicit FakeHostapd(std::vector<std::string> replies)
      : path_(std::filesystem::temp_directory_path() / ("fake-hostapd-" + std::to_string(::getpid()))),
        replies_(std::move(replies)) {
    std::filesystem::remove(path_);
    handle_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path_.string().copy(at.sun_path, sizeof at.sun_path - 1);
    EXPECT_EQ(::bind(handle_, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    thread_ = std::thread([this] { run(); });
  }
  ~FakeHostapd() {
    thread_.join();
    ::close(handle_);
    std::filesystem::remove(path_);
  }
  const std::filesystem::path& path() const { return path_; }
  std::vector<std::string> asked;

 private:
  void run() {
    for (const std::string& reply : replies_) {
      char command[256];
      sockaddr_un from{};
      socklen_t size = sizeof from;
      const ssize_t got = ::recvfrom(handle_, command, sizeof command, 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (got < 0) return;
      asked.emplace_back(command, static_cast<size_t>(got));
      ::sendto(handle_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }
  const std::filesystem::path path_;
  const std::vector<std::string> replies_;
  int handle_ = -1;
  std::thread thread_;
};

TEST(Hostapd, ListsStationsWithTheirPasswords) {
  std::vector<Station> found;
  std::vector<std::string> asked;
  {
    FakeHostapd hostapd({"02:00:00:00:00:0a\nflags=[AUTH]\nkeyid=g1\nrx=1\n", "02:00:00:00:00:0b\nflags=[AUTH]\n", ""});
    const auto stations = HostapdControl(hostapd.path(), 5s).stations();
    ASSERT_TRUE(stations.ok()) << stations.error().message;
    found = *stations;
    asked = hostapd.asked;
  }
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].keyid, "g1");
  EXPECT_EQ(found[1].keyid, "");
  EXPECT_EQ(asked[1], "STA-NEXT 02:00:00:00:00:0a");
}

TEST(Hostapd, ThatIsNotThereIsAReason) {
  const Status reload = HostapdControl("/nowhere/wlan0", 1s).reload_psk();
  ASSERT_FALSE(reload.ok());
  EXPECT_NE(reload.error().message.find("does not answer: No such file or directory"), std::string::npos);
}

}  // namespace
}  // namespace bayward::site
