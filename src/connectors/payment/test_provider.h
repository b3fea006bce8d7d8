// A payment provider for trying things out: its page is the terminals' own, says that no money moves, and lets the
// payer choose whether it is paid. What it credits stands in the ledger as "test:...". Any thread.
#pragma once

#include "ports/payment.h"

namespace bayward::payment {

class TestProvider final : public PaymentProvider {
 public:
  std::string_view name() const override { return "test"; }
  bool is_test() const override { return true; }
  void begin(const PaymentOrder& order, std::function<void(Result<std::string>)> done) override {
    done("/#/pay-test/" + to_text(order.payment));
  }
  bool genuine(const HttpRequest&) const override { return false; }
};

}  // namespace bayward::payment
