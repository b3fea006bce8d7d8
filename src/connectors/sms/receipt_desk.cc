#include "connectors/sms/receipt_desk.h"

#include <sodium.h>

#include "connectors/wire/hmac.h"
#include "ports/log.h"

namespace bayward::sms {
namespace {

constexpr std::string_view root = "/sms/receipts/";
constexpr size_t proof_chars = 32;  // 128 bits

std::string proof_of(std::string_view key, std::string_view delivery) {
  return wire::hex_hmac(key, "sms receipt of " + std::string(delivery)).substr(0, proof_chars);
}

HttpResponse plain(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

// Kannel: 1 delivered to the phone, 2 not delivered, 4 queued and 8 taken by the SMS centre, 16 refused by it.
std::optional<core::DeliveryState> state_of(std::string_view type) {
  if (type == "1") return core::DeliveryState::delivered;
  if (type == "2" || type == "16") return core::DeliveryState::undelivered;
  return std::nullopt;
}

}  // namespace

std::string receipt_url(std::string_view base_url, std::string_view key, DeliveryId delivery) {
  const std::string id = to_text(delivery);
  return std::string(base_url) + std::string(root) + id + "/" + proof_of(key, id) + "?type=%d";
}

std::optional<Receipt> read_receipt(const HttpRequest& request, std::string_view key) {
  std::string_view path = request.path;
  if (!path.starts_with(root)) return std::nullopt;
  path.remove_prefix(root.size());
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto delivery = parse_id<DeliveryId>(path.substr(0, slash));
  const std::string_view proof = path.substr(slash + 1);
  if (!delivery || proof.size() != proof_chars) return std::nullopt;
  const std::string expected = proof_of(key, to_text(*delivery));
  if (sodium_memcmp(proof.data(), expected.data(), proof_chars) != 0) return std::nullopt;
  return Receipt{*delivery, state_of(request.parameter("type").value_or(""))};
}

// Answered when it is durable: a gateway repeats what was not answered.
void ReceiptDesk::handle(HttpRequest request, Responder responder) {
  if (request.method != HttpMethod::get) return responder.send(plain(405, "GET\n"));
  const auto receipt = read_receipt(request, key_);
  if (!receipt) {
    log::warn("alarm.receipt_refused", {{"peer", request.peer}});
    return responder.send(plain(403, "not a receipt of a message from here\n"));
  }
  if (!receipt->state) return responder.send(plain(200, "noted\n"));
  Envelope envelope;
  envelope.command = core::RecordDelivery{receipt->delivery, *receipt->state};
  engine_.submit(
      std::move(envelope), [responder = std::move(responder), id = receipt->delivery](const Outcome& outcome) {
        if (outcome) return responder.send(plain(200, "noted\n"));
        log::warn("alarm.not_recorded", {{"delivery", to_text(id)}, {"why", core::to_text(outcome.error())}});
        responder.send(plain(503, "come again\n"));
      });
}

}  // namespace bayward::sms
