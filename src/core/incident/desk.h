// How an incident comes about, grows and ends, as events: used by decide() of whatever notices something wrong. Pure.
#pragma once

#include <optional>
#include <vector>

#include "core/state.h"

namespace bayward::core {

IncidentPolicy policy_of(const Site& site, IncidentKind kind);
// Until when nobody is told of this by itself; nothing: people are told. `lifted`: a suppression that no longer counts.
std::optional<Instant> suppressed_until(const Site& site, BayId bay, IncidentKind kind, Instant now,
                                        uint32_t lifted = 0);
// The incident that a report of this kind at this bay belongs to: an open one, or one at this bay that is over but not
// done with.
const Incident* incident_for(const Site& site, BayId bay, IncidentKind kind);

struct HazardReport {
  BayId bay;  // none: the site as a whole
  IncidentKind kind{};
  BookingId booking;
  Fingerprint vehicle;
  Instant at{};
  std::vector<WatchHit> hits{};
};

// Appends events to one decision. A decision touches an incident once at most.
class IncidentDesk {
 public:
  IncidentDesk(const Site& site, Instant now, std::vector<Event>& events);

  // Something is wrong: a new incident, another voice in one, or one that is back. Nothing if it has been known. The
  // incident it belongs to.
  IncidentId raise(const HazardReport& report);
  // That source has fallen silent. An incident whose kind needs no quiet time is over at once.
  void subside(BayId bay, IncidentKind kind, Instant at);
  void close(const Incident& incident, IncidentEnd end, AccountId by);
  // A person of the site has answered: no more reminders.
  void acknowledge(const Incident& incident, AccountId by);
  void escalate(const Incident& incident);
  // A suppression has ended: what still goes on and may be told is told now.
  void speak_up(const Incident& incident, uint32_t lifted = 0);

 private:
  void open(const HazardReport& report, const IncidentPolicy& policy);
  void join(const Incident& incident, const HazardReport& report);
  void reraise(const Incident& incident, const HazardReport& report);
  struct Message {
    DeliveryStep step{};
    IncidentKind kind{};
    int32_t round = 1;
  };
  // Owes the message to the recipient; what it overtakes is dropped.
  void owe(const Incident& incident, BayId at, const Recipient& to, const Message& message, DeliveryId after);
  void tell(const Incident& incident, BayId at, PartySet set, const Message& message);
  std::vector<Recipient> recipients(BayId bay, PartySet set) const;

  const Site& site_;
  Instant now_;
  std::vector<Event>& events_;
  uint32_t next_incident_;
  uint32_t next_delivery_;
};

}  // namespace bayward::core
