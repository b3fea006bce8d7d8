// The payment provider of the running server, as configured. The io thread must outlive it.
#pragma once

#include <memory>

#include "net/http_client.h"
#include "payment_config.h"
#include "ports/clock.h"
#include "ports/payment.h"

namespace bayward {

class PaymentLink {
 public:
  // Fails when the secret can't be read, and says which.
  Status open(const PaymentConfig& config, net::IoContext& io, const Clock& world_clock);
  // Null: none is configured.
  PaymentProvider* provider() const { return provider_.get(); }

 private:
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<PaymentProvider> provider_;
};

}  // namespace bayward
