// Moving a pod from the page that its QR code opens (E2). The phone number is proven; the garage's thread.
//
//   POST /lan/v1/pods/unlock {code}          POST /lan/v1/pods/lock {code}
//   POST /lan/v1/pods/share {code, phone}    both are on record with the network identity of who unlocked it
//   POST /lan/v1/pods/state {code} -> {pod, state, pole, until, yours}
#pragma once

#include <string>

#include "site/lan/lan_call.h"
#include "site/lan/people.h"
#include "site/lan/qr_code.h"
#include "site/pods/pods.h"

namespace bayward::site {

class PodRoutes : public LanRoutes {
 public:
  PodRoutes(SiteId site, std::string site_key, Pods& pods, People& people)
      : site_(site), site_key_(std::move(site_key)), pods_(pods), people_(people) {}

  bool handle(LanCall& call) override;

 private:
  void act(const LanCall& call);

  const SiteId site_;
  const std::string site_key_;
  Pods& pods_;
  People& people_;
};

}  // namespace bayward::site
