#include "site/access/radius.h"

#include <algorithm>
#include <map>

namespace bayward::site {

std::string radius_users_file(const std::vector<WifiGrant>& grants, const WifiGrants& keys, Instant now) {
  std::map<std::string, const WifiGrant*> newest;
  for (const WifiGrant& grant : grants) {
    if (!valid_mac(grant.mac) || !grant.terms.time.contains(now)) continue;
    const WifiGrant*& known = newest[grant.mac];
    if (known == nullptr || known->terms.time.start <= grant.terms.time.start) known = &grant;
  }
  std::string out = "# Made by bayward-site; changes by hand are lost.\n";
  for (const auto& [mac, grant] : newest) {
    std::string user = mac;
    std::erase(user, ':');
    out += user + " Cleartext-Password := \"" + user + "\"\n\tTunnel-Password = \"" + keys.passphrase(*grant) +
           "\",\n\tSession-Timeout = " + std::to_string((grant->terms.time.end - now) / 1s) +
           ",\n\tTermination-Action = RADIUS-Request\n\n";
  }
  return out;
}

}  // namespace bayward::site
