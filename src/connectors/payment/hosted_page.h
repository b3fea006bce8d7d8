// A payment provider reached over HTTP, or the small program in front of one that speaks its dialect
// (docs/connect-payment.md).
//
//   POST <path>                                        to the provider
//   Idempotency-Key: pay-2a00000001
//   Bayward-Signature: t=1763730202,v1=<hex HMAC-SHA256 of the secret over "t" + "." + body>
//   {"payment":"pay-2a00000001","amount":{"minor":2000,"currency":"EUR"},"return_url":"...","callback_url":"..."}
//   200 {"pay_url":"https://..."}                      where the payer goes
//
//   POST /api/v1/payments/callback                     from the provider, signed with the same secret
//   {"payment":"pay-2a00000001","paid":true,"amount":{...},"reference":"its own"}
//
// A callback counts when its signature is right and its time is at most five minutes off. Any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ports/clock.h"
#include "ports/http_out.h"
#include "ports/payment.h"

namespace bayward::payment {

// "t=..,v1=.." for a body sent at that time.
using Signer = std::function<std::string(Instant at, std::string_view body)>;

struct HostedPageConfig {
  std::string name;        // see PaymentProvider::name()
  std::string path;        // of the provider
  std::string public_url;  // of this platform, without a slash at its end
};

// The address in a provider's answer: https, or http on this machine. Bounded and without control characters.
Result<std::string> read_pay_url(const HttpResponse& answer);

class HostedPage final : public PaymentProvider {
 public:
  // The clock is the world's, not a demonstration's.
  HostedPage(HttpOut http, HostedPageConfig config, Signer sign, const Clock& clock)
      : http_(std::move(http)), config_(std::move(config)), sign_(std::move(sign)), clock_(clock) {}

  std::string_view name() const override { return config_.name; }
  bool is_test() const override { return false; }
  void begin(const PaymentOrder& order, std::function<void(Result<std::string>)> done) override;
  bool genuine(const HttpRequest& callback) const override;

 private:
  const HttpOut http_;
  const HostedPageConfig config_;
  const Signer sign_;
  const Clock& clock_;
};

}  // namespace bayward::payment
