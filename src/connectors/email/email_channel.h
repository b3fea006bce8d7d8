// Alarms by e-mail, through one mail server. Its acceptance counts as delivered: a server that has answered 250 is
// responsible for the letter (RFC 5321 4.2.5). A reply of 4xx, no reply, and everything about our own login is tried
// again; a 5xx is about this letter and final. Thread rules are those of AlarmChannel.
#pragma once

#include "connectors/email/letter.h"
#include "ports/clock.h"

namespace bayward::email {

class EmailChannel final : public AlarmChannel {
 public:
  EmailChannel(MailOut mail, Sender sender, const Clock& clock)
      : mail_(std::move(mail)), sender_(std::move(sender)), clock_(clock) {}

  void send(const AlarmMessage& message, SendDone done) override;

 private:
  const MailOut mail_;
  const Sender sender_;
  const Clock& clock_;
};

SendResult result_of(const MailAnswer& answer);

}  // namespace bayward::email
