// A6: a driver agrees or no longer agrees, accidents are recorded and expire. Pure.
#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const SetDrivingConsent&, Instant now);
Decided decide(const State&, const Actor&, const RecordAccident&, Instant now);
Decided decide(const State&, const Actor&, const ReadAccidents&, Instant now);
Decided decide(const State&, const Actor&, const NoteParking&, Instant now);

// What a driver's record forgets with the vehicle.
void forget_accidents(const Account& account, VehicleId vehicle, std::vector<Event>& events);
// Some have expired.
std::vector<Event> pass_accidents(const Account& account, Instant now);
// The step due when a booking's visit has ended; none without consent.
std::optional<NoteParking> parking_to_note(const State& state, const Booking& booking);

// False: not an event of driving.
bool apply_to_driving(State& state, Account& account, const Event& event, Instant at);

}  // namespace bayward::core
