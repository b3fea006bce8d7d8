// The same passwords for access points that ask a RADIUS server (hostapd with macaddr_acl=2 and wpa_psk_radius=2): the
// users file of FreeRADIUS's module `files`. Pure.
//
// Why FreeRADIUS and no answer of our own: RADIUS is a datagram protocol with a shared secret and old cryptography,
// exposed to the whole network; duplicate detection, Message-Authenticator and the limits of Tunnel-Password are solved
// there and patched by others. What we have to say is one small file. The access point tells only the device's address
// before the handshake, so a grant goes in once its device is known; others wait for it (docs/site.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "site/access/wifi_grants.h"

namespace bayward::site {

// User-Name and User-Password are the address without colons, as hostapd sends it; the answer has the password of the
// newest grant and as Session-Timeout what is left of its time. One entry a device.
std::string radius_users_file(const std::vector<WifiGrant>& grants, const WifiGrants& keys, Instant now);

}  // namespace bayward::site
