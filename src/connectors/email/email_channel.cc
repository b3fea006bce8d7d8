#include "connectors/email/email_channel.h"

#include "ports/normalise.h"

namespace bayward::email {

SendResult result_of(const MailAnswer& answer) {
  if (answer.accepted) return SendResult::delivered;
  return answer.code >= 500 && answer.code < 600 ? SendResult::impossible : SendResult::failed;
}

void EmailChannel::send(const AlarmMessage& message, SendDone done) {
  if (!is_email(message.address)) return done(SendResult::impossible, "no e-mail address is known");
  mail_(letter_for(sender_, message, clock_.now()),
        [done = std::move(done)](const MailAnswer& answer) { done(result_of(answer), answer.why); });
}

}  // namespace bayward::email
