// What crosses streams: after a command has done its part on one stream, which commands are due on others.
//
//   RequestBooking (site) ─▶ HoldFunds (driver) ─▶ ConfirmBooking (site)
//   IdentifyVehicle by plate, WatchPlatesAdded, WatchOrderBegan ─▶ LookUpPlate (site)
//   WrongParkingClaimed (site) ─▶ ChargeClaim (wrong parker)
//   any end of a booking (site) ─▶ CaptureFunds (driver) ─▶ CreditOwner (owner) ─▶ ConfirmSettlement (site)
//
// Every step is safe to repeat: done again it changes nothing and leads to the same next step. A saga that lost its
// next step in a crash is taken up by the booking's deadline (DeadlineRenewed).
#pragma once

#include <optional>
#include <vector>

#include "core/decide.h"

namespace bayward::core {

// `decided` is what decide() said; its events have been applied to `state`.
std::vector<Command> next_steps(const State& state, const Command& command, const Decided& decided);

// A command that was accepted, but whose saga has ended in a refusal since: a booking without funds.
std::optional<Refusal> late_refusal(const State& state, const Command& command, uint64_t subject);

}  // namespace bayward::core
