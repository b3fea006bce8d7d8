// The network password for a scanned pod, and the captive portal's word (E3). The garage's thread.
//
//   POST /lan/v1/wifi {code} -> {network, password, until, shortened}; the phone number is proven
//   GET  /captive/api        application/captive+json (RFC 8908) for the device that asks
#pragma once

#include <map>
#include <string>

#include "base/zone.h"
#include "site/access/habits.h"
#include "site/access/wifi_grants.h"
#include "site/lan/garage_record.h"
#include "site/lan/lan_call.h"
#include "site/lan/people.h"
#include "site/lan/qr_code.h"

namespace bayward::site {

struct WifiOptions {
  SiteId site;
  std::string site_key;
  std::string portal_url;                       // of the LAN page: https, as RFC 8908 asks
  std::map<std::string, std::string> networks;  // a pod's name to its network's (SSID)
  ZoneRules zone;                               // hours are the site's
};

class WifiRoutes : public LanRoutes {
 public:
  WifiRoutes(WifiOptions options, WifiGrants& grants, Habits& habits, People& people, GarageRecord& record)
      : options_(std::move(options)), grants_(grants), habits_(habits), people_(people), record_(record) {}

  bool handle(LanCall& call) override;

 private:
  void give(const LanCall& call);
  void captive(const LanCall& call) const;

  const WifiOptions options_;
  WifiGrants& grants_;
  Habits& habits_;
  People& people_;
  GarageRecord& record_;
};

}  // namespace bayward::site
