// Alarms by SMS, through one gateway. With receipts its acceptance is `sent`, and the receipt says the rest
// (receipt_desk.h). Without, acceptance counts as delivered: it has promised to keep the message until the phone can be
// reached. Thread rules are those of AlarmChannel.
#pragma once

#include "connectors/sms/kannel.h"

namespace bayward::sms {

class SmsChannel final : public AlarmChannel {
 public:
  SmsChannel(HttpOut http, Gateway gateway) : http_(std::move(http)), gateway_(std::move(gateway)) {}

  void send(const AlarmMessage& message, SendDone done) override {
    if (!is_phone(message.address)) return done(SendResult::impossible, "no phone number is known");
    const SendResult accepted = gateway_.receipts.empty() ? SendResult::delivered : SendResult::sent;
    http_(request_for(gateway_, message), [accepted, done = std::move(done)](const Result<HttpResponse>& response) {
      const Answer answer = read_answer(response, accepted);
      done(answer.result, answer.why);
    });
  }

 private:
  const HttpOut http_;
  const Gateway gateway_;
};

}  // namespace bayward::sms
