// SMS by the HTTP interface of Kannel's smsbox ("sendsms", Kannel 1.4 user guide chapter 6), which many gateways and
// providers imitate:
//
//   GET /cgi-bin/sendsms?username=..&password=..&from=..&to=..&text=..   →   202 "0: Accepted for delivery"
//
// A status of 200 says nothing by itself: gateways answer it with the text of an error. The request is the secret's
// only place: it is never logged. Pure.
#pragma once

#include <string>

#include "ports/alarm_channel.h"
#include "ports/http_out.h"

namespace bayward::sms {

struct Gateway {
  std::string path = "/cgi-bin/sendsms";
  std::string user;
  std::string password;
  std::string sender;    // number or name that the phone shows; empty: the gateway's own
  std::string receipts;  // base URL where it says what has become of a message (receipt_desk.h); empty: not asked for
};

// E.164: "+", then 7 to 15 digits.
bool is_phone(std::string_view text);

HttpRequest request_for(const Gateway& gateway, const AlarmMessage& message);

struct Answer {
  SendResult result{};
  std::string why;
};
// What the gateway says of one message to one number. Its acceptance is `accepted`.
Answer read_answer(const Result<HttpResponse>& response, SendResult accepted = SendResult::delivered);

}  // namespace bayward::sms
