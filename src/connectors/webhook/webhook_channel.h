// Alarms as signed JSON to an HTTP server of somebody else's: the property's own system, a push or voice service.
//
//   POST <path>
//   Idempotency-Key: dlv-100000001
//   Bayward-Signature: t=1763730202,v1=<hex HMAC-SHA256 of the secret over "t" + "." + body>
//
// The receiver compares the signature, refuses a time more than five minutes off (a replay), and takes a delivery it
// knows for a repetition. Any answer of 200 to 299 acknowledges; redirects are not followed. Thread rules are those of
// AlarmChannel.
#pragma once

#include <string>

#include "ports/alarm_channel.h"
#include "ports/clock.h"
#include "ports/http_out.h"

namespace bayward::webhook {

std::string body_of(const AlarmMessage& message);
// "t=..,v1=.." for the body sent at `now`.
std::string signature(std::string_view secret, Instant now, std::string_view body);

class WebhookChannel final : public AlarmChannel {
 public:
  // The clock is the world's, not a demonstration's: receivers compare it with theirs.
  WebhookChannel(HttpOut http, std::string path, std::string secret, const Clock& clock)
      : http_(std::move(http)), path_(std::move(path)), secret_(std::move(secret)), clock_(clock) {}

  void send(const AlarmMessage& message, SendDone done) override;

 private:
  const HttpOut http_;
  const std::string path_;
  const std::string secret_;
  const Clock& clock_;
};

}  // namespace bayward::webhook
