// Commands about incidents. See desk.h for how one comes about.
#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State& state, const Actor& actor, const ReportHazard& command, Instant now);
Decided decide(const State& state, const Actor& actor, const AcknowledgeIncident& command, Instant now);
Decided decide(const State& state, const Actor& actor, const AssignIncident& command, Instant now);
Decided decide(const State& state, const Actor& actor, const CloseIncident& command, Instant now);
Decided decide(const State& state, const Actor& actor, const SuppressAlarms& command, Instant now);
Decided decide(const State& state, const Actor& actor, const LiftSuppression& command, Instant now);
Decided decide(const State& state, const Actor& actor, const SetIncidentPolicy& command, Instant now);
Decided decide(const State& state, const Actor& actor, const RecordDelivery& command, Instant now);
Decided decide(const State& state, const Actor& actor, const RecordInspection& command, Instant now);

// What is due: an escalation or the end, the next try, the word that a station has fallen silent.
std::vector<Event> pass_incident(const Site& site, const Incident& incident, Instant now);
std::vector<Event> pass_delivery(const Delivery& delivery, Instant now);
std::vector<Event> pass_silence(const Site& site, const Station& station, Instant now);

}  // namespace bayward::core
