// What the stations of the OCPP load say.
#pragma once

#include <array>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace bayward::bench {

struct Station {
  std::string identity;
  std::string password;
};

inline std::string base64(std::string_view text) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < text.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (i + j < text.size() ? static_cast<uint8_t>(text[i + j]) : uint32_t{0});
    }
    for (size_t j = 0; j < 4; ++j) out += i + j <= text.size() ? digits[bits >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

inline std::string handshake(const Station& station, const std::string& subprotocol) {
  return "GET /ocpp/" + station.identity +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
         "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: " +
         subprotocol + "\r\nAuthorization: Basic " + base64(station.identity + ":" + station.password) + "\r\n\r\n";
}

inline const std::string boot_v16 = R"({"chargePointVendor":"Bench","chargePointModel":"Bench"})";
inline const std::string boot_v201 = R"({"chargingStation":{"vendorName":"Bench","model":"Bench"},"reason":"PowerUp"})";

inline std::string now_text() {
  const time_t now = ::time(nullptr);
  std::array<char, 32> at{};
  (void)std::strftime(at.data(), at.size(), "%FT%TZ", std::gmtime(&now));
  return at.data();
}

// Of now: old values would be dropped instead of stored.
inline std::string meter_values() {
  return R"({"connectorId":1,"meterValue":[{"timestamp":")" + now_text() +
         R"(","sampledValue":[{"value":"16.2","measurand":"Current.Import","unit":"A","phase":"L1"},)"
         R"({"value":"11178.4","measurand":"Power.Active.Import","unit":"W"},)"
         R"({"value":"1234567.8","measurand":"Energy.Active.Import.Register","unit":"Wh"}]}]})";
}

// Even numbers begin a transaction, odd ones end it.
inline std::string transaction_event(size_t station, uint64_t number) {
  const bool begins = number % 2 == 0;
  const std::string at = now_text();
  std::string out = R"({"eventType":")";
  out += begins ? R"(Started","triggerReason":"Authorized")" : R"(Ended","triggerReason":"EVDeparted")";
  out += R"(,"timestamp":")" + at + R"(","seqNo":)" + (begins ? "0" : "1") +
         R"(,"transactionInfo":{"transactionId":")" + std::to_string(station) + "-" + std::to_string(number / 2) +
         R"("},"evse":{"id":1,"connectorId":1},"meterValue":[{"timestamp":")" + at + R"(","sampledValue":[{"value":)" +
         (begins ? "0" : "5") + "}]}]";
  if (begins) out += R"(,"idToken":{"idToken":"BENCHCARD","type":"ISO14443"})";
  return out + "}";
}

}  // namespace bayward::bench
