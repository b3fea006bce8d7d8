// What happens to incidents. Kept for years: fields are only appended.
#pragma once

#include <cstdint>
#include <string>

#include "base/fields.h"
#include "core/incident/delivery.h"
#include "core/incident/incident.h"
#include "core/incident/policy.h"

namespace bayward::core {

struct IncidentOpened {
  Incident incident;
  BAYWARD_FIELDS(IncidentOpened, incident)
};
// It is over: subsided by itself, or closed by a person.
struct IncidentClosed {
  IncidentId incident;
  IncidentEnd end = IncidentEnd::closed;
  AccountId by;  // none: by itself
  BAYWARD_FIELDS(IncidentClosed, incident, end, by)
};
// A sensor joined in, fell silent or spoke again.
struct IncidentReported {
  IncidentId incident;
  BayId bay;
  IncidentKind kind{};
  bool active = true;
  Instant at{};
  Severity severity{};  // of the incident from now on
  Instant quiet_at = far_future;
  std::optional<Instant> escalate_at;  // it has grown: a person has to answer again, by then
  bool suppressed = false;             // from now on
  BAYWARD_FIELDS(IncidentReported, incident, bay, kind, active, at, severity, quiet_at, escalate_at, suppressed)
};
// It was over and is back before everybody had done with it, or may be told now and goes on.
struct IncidentReraised {
  IncidentId incident;
  BayId bay;
  IncidentKind kind{};
  Instant at{};
  Instant escalate_at = far_future;
  bool suppressed = false;
  BAYWARD_FIELDS(IncidentReraised, incident, bay, kind, at, escalate_at, suppressed)
};
struct IncidentAcknowledged {
  IncidentId incident;
  AccountId by;
  BAYWARD_FIELDS(IncidentAcknowledged, incident, by)
};
struct IncidentAssigned {
  IncidentId incident;
  AccountId to;
  AccountId by;
  BAYWARD_FIELDS(IncidentAssigned, incident, to, by)
};
// Nobody has answered in time; at the same level: it is still suppressed, and looked at again then.
struct IncidentEscalated {
  IncidentId incident;
  int32_t level = 0;
  Instant next{};
  BAYWARD_FIELDS(IncidentEscalated, incident, level, next)
};

// Alarms of a kind (or of every kind) at a bay (or at the whole site) that nobody is to be told of for a while:
// maintenance, a fire drill. They are opened and shown all the same.
struct Suppression {
  uint32_t number = 0;
  BayId bay;                         // none: the whole site
  std::optional<IncidentKind> kind;  // none: every kind
  Instant until{};
  AccountId by;
  std::string reason;  // 1..limits::label_chars
  BAYWARD_FIELDS(Suppression, number, bay, kind, until, by, reason)
};
struct AlarmsSuppressed {
  Suppression suppression;
  BAYWARD_FIELDS(AlarmsSuppressed, suppression)
};
struct SuppressionLifted {
  uint32_t number = 0;
  BAYWARD_FIELDS(SuppressionLifted, number)
};
struct IncidentPolicySet {
  IncidentKind kind{};
  IncidentPolicy policy;
  BAYWARD_FIELDS(IncidentPolicySet, kind, policy)
};

struct DeliveryQueued {
  Delivery delivery;
  BAYWARD_FIELDS(DeliveryQueued, delivery)
};
// It is to be sent now; again at `due` unless it has been answered by then.
struct DeliveryTried {
  DeliveryId delivery;
  Instant due{};
  BAYWARD_FIELDS(DeliveryTried, delivery, due)
};
struct DeliveryEnded {
  DeliveryId delivery;
  DeliveryState state{};
  BAYWARD_FIELDS(DeliveryEnded, delivery, state)
};

// D8: a device that alarms too often is to be looked at before it is believed again.
struct InspectionListed {
  BayId bay;
  int32_t reports = 0;  // of the day
  BAYWARD_FIELDS(InspectionListed, bay, reports)
};
struct InspectionDone {
  BayId bay;
  AccountId by;
  BAYWARD_FIELDS(InspectionDone, bay, by)
};

}  // namespace bayward::core
