// Who takes money from people: the API asks a provider for a page on which to pay, and the provider says later, signed,
// what was paid. Only that word credits a wallet (core/payment). Implementations: connectors/payment.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/money.h"
#include "base/result.h"
#include "ports/http.h"

namespace bayward {

struct PaymentOrder {
  PaymentId payment;
  Money amount;
};

// Any thread.
class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;
  // Begins the reference under which its money stands in the ledger: 1 to 16 of a-z, 0-9 and '-'.
  virtual std::string_view name() const = 0;
  // No money moves: people are told so wherever it is offered.
  virtual bool is_test() const = 0;
  // `done`, once and from any thread: the address of the page on which the order is paid, or why there is none.
  virtual void begin(const PaymentOrder& order, std::function<void(Result<std::string>)> done) = 0;
  // Whether a callback is the provider's own, unchanged and of now.
  virtual bool genuine(const HttpRequest& callback) const = 0;
};

}  // namespace bayward
