// Where the SMS gateway says what has become of a message (Kannel user guide, "SMS delivery reports": dlr-url):
//
//   GET /sms/receipts/<delivery>/<proof>?type=1
//
// The proof is ours: it went out with the message, and nobody can make one for another delivery. The alarms' thread.
#pragma once

#include <optional>
#include <string>

#include "core/incident/delivery.h"
#include "ports/engine.h"
#include "ports/http.h"

namespace bayward::sms {

// What the gateway is told to call; Kannel puts the type of the report where %d stands.
std::string receipt_url(std::string_view base_url, std::string_view key, DeliveryId delivery);

struct Receipt {
  DeliveryId delivery;
  // delivered or undelivered; nothing: a report on the way, such as "the network has it"
  std::optional<core::DeliveryState> state;
};
// Nothing: not a receipt, or its proof is wrong.
std::optional<Receipt> read_receipt(const HttpRequest& request, std::string_view key);

class ReceiptDesk final : public HttpHandler {
 public:
  ReceiptDesk(EngineDoor& engine, std::string key) : engine_(engine), key_(std::move(key)) {}

  void handle(HttpRequest request, Responder responder) override;

 private:
  EngineDoor& engine_;
  const std::string key_;
};

}  // namespace bayward::sms
