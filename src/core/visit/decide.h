#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const RecordOccupancy&, Instant now);
Decided decide(const State&, const Actor&, const RecordConnectorStatus&, Instant now);
Decided decide(const State&, const Actor&, const RecordStationLink&, Instant now);
Decided decide(const State&, const Actor&, const IdentifyVehicle&, Instant now);
Decided decide(const State&, const Actor&, const CheckIn&, Instant now);
Decided decide(const State&, const Actor&, const LeaveBay&, Instant now);

// Device clocks are wrong at times: nothing in the future, nothing older than a week.
Instant believable(Instant at, Instant now);

// A car has left, or its last session has stopped after it left: ends visit and booking, now or when the last reading
// is in.
std::vector<Event> depart(const Site& site, const Bay& bay, Instant left_at, Instant now);

// The open visit is somebody else's: when this one is in the bay, that one has left unseen.
bool supersedes(const Site& site, const Bay& bay, BookingId booking);

// A visit of the matched booking, or of the owner, begins.
VisitBegan begin_visit(const Site& site, const Bay& bay, BookingId booking, AccountId account, Instant at);

}  // namespace bayward::core
