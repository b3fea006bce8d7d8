// One message of an incident to one recipient, from the moment it is owed until the far side has acknowledged it.
//
// It is tried again and again, with growing pauses, until it has been answered: a connector that crashed between
// sending and saying so sends twice, never not at all (D7). An all-clear waits for the alarm that it belongs to.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/fields.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/incident/policy.h"

namespace bayward::core {

enum class DeliveryStep : uint8_t {
  alarm,
  reminder,  // nobody has answered: an escalation
  all_clear,
};
std::string_view to_text(DeliveryStep step);

enum class DeliveryState : uint8_t {
  pending,
  delivered,    // the far side has acknowledged it, or a person has
  impossible,   // no address, no such connector
  dropped,      // overtaken: nobody needs it any more
  sent,         // a gateway has it and will say whether it has arrived
  undelivered,  // it has said: no, and there were tries enough
};
std::string_view to_text(DeliveryState state);

// Who exactly: a desk is told by party alone, a person by account as well.
struct Recipient {
  Party party{};
  AccountId account;
  BAYWARD_FIELDS(Recipient, party, account)
  friend auto operator<=>(const Recipient&, const Recipient&) = default;
};

struct Delivery {
  DeliveryId id;
  IncidentId incident;
  BayId bay;  // where; none: the site as a whole
  Recipient to;
  DeliveryStep step{};
  Severity severity{};
  IncidentKind kind{};  // as it was when this was owed
  int32_t round = 1;
  DeliveryId after;  // held back until that one has ended
  Instant queued_at{};
  int32_t tries = 0;
  Instant due = far_future;  // the next try
  DeliveryState state = DeliveryState::pending;
  BAYWARD_FIELDS(Delivery, id, incident, bay, to, step, severity, kind, round, after, queued_at, tries, due, state)

  bool pending() const { return state == DeliveryState::pending; }
  // Not known to have reached the recipient.
  bool awaited() const { return pending() || state == DeliveryState::sent; }
};

// A gateway that says that a message was lost is asked again, until it has been tried so often.
inline constexpr int32_t tries_through_gateway = 3;

// The pause after a try: doubles from 2 s to a minute for danger, from 10 s to 10 minutes for the rest, spread by a
// fifth so that a thousand do not come back at once.
Duration pause_after(const Delivery& delivery);

}  // namespace bayward::core
