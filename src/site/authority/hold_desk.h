// The garage's HoldDesk (site/lan) on the controller: who proved a phone number on the LAN page holds a bay, with or
// without the platform. Its calls may come from any thread; they are worked off on the controller's.
#pragma once

#include <functional>

#include "site/authority/controller.h"
#include "site/lan/hold_desk.h"

namespace bayward::authority {

class LanHoldDesk final : public site::HoldDesk {
 public:
  // `post` runs work on the controller's thread; both outlive this.
  LanHoldDesk(Controller& controller, std::function<void(std::function<void()>)> post)
      : controller_(controller), post_(std::move(post)) {}

  void hold(site::HoldRequest request, Answered answered) override;

 private:
  Controller& controller_;
  std::function<void(std::function<void()>)> post_;
};

site::HoldRefusal hold_refusal(core::Refusal refusal);

}  // namespace bayward::authority
