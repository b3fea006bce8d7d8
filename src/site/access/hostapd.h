// hostapd as the access points run it: the PSK file each of them reads, and the control socket that makes it read
// again. Files are replaced whole; a socket that does not answer is a failure with a reason, and the next tick tries
// again.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "site/access/wifi_grants.h"

namespace bayward::site {

// One line a grant, as hostapd's wpa_psk_file wants it: "keyid=<id> <mac or zeros> <passphrase>". What could break the
// format out of an id, address or passphrase is left out: such a grant gets no line. Pure.
std::string psk_file(const std::vector<WifiGrant>& grants, std::string_view device, const WifiGrants& keys);

struct Station {
  std::string mac;
  std::string keyid;
};
// A reply to STA-FIRST or STA-NEXT: the address in its first line, "keyid=..." in another. Nothing: no (further)
// station, or no PSK of ours. Pure.
std::optional<Station> read_station(std::string_view reply);

// The control interface (wpa_ctrl): datagrams between two UNIX sockets. Blocks up to `limit`: not on the io thread.
class HostapdControl {
 public:
  HostapdControl(std::filesystem::path socket, Duration limit) : socket_(std::move(socket)), limit_(limit) {}

  Result<std::string> ask(std::string_view command) const;
  Status reload_psk() const;
  // Who is connected with which password; at most limits::wifi_grants.
  Result<std::vector<Station>> stations() const;
  Status throw_off(std::string_view mac) const;

 private:
  std::filesystem::path socket_;
  Duration limit_;
};

}  // namespace bayward::site
