// What comes from outside around Wi-Fi: hostapd's replies, and ids, addresses and passwords on their way into its PSK
// file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "site/access/hostapd.h"
#include "site/access/radius.h"
#include "site/access/wifi_grants.h"

using namespace bayward;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto station = site::read_station(text)) BAYWARD_CHECK(site::valid_mac(station->mac));
  site::WifiGrants grants("key");
  const Interval time{Instant{}, Instant{} + 1h};
  const size_t half = size / 2;
  const site::WifiTerms terms{.device = "pod", .phone = std::string(text), .booking = "b", .time = time};
  const auto grant = grants.give(std::string(text.substr(0, half)), terms, {}, std::string(text), Instant{});
  BAYWARD_CHECK(grant.ok());
  (void)grants.use(text.substr(half), "pod", text.substr(0, half), Instant{});
  (void)grants.bind(text.substr(0, half), text.substr(half));
  const std::string file = site::psk_file(grants.all(), "pod", grants);
  BAYWARD_CHECK(std::ranges::count(file, '\n') <= 1);
  const std::string users = site::radius_users_file(grants.all(), grants, Instant{});
  BAYWARD_CHECK(std::ranges::count(users, '\n') <= 6);
  return 0;
}
