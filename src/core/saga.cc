#include "core/saga.h"

#include "core/driving/decide.h"
#include "core/watch/decide.h"

namespace bayward::core {
namespace {

Command capture(const Booking& booking) {
  return CaptureFunds{booking.account,     booking.id,           booking.charged, booking.tax,
                      booking.owner_share, booking.compensation, booking.owner};
}

// Steps that begin with what happened to a booking.
void after_event(const State& state, const Event& event, std::vector<Command>& steps) {
  if (const auto* requested = std::get_if<BookingRequested>(&event)) {
    steps.push_back(HoldFunds{requested->account, requested->booking, requested->hold, false});
  } else if (const auto* extended = std::get_if<BookingExtended>(&event)) {
    steps.push_back(HoldFunds{state.booking(extended->booking)->account, extended->booking, extended->hold, true});
  } else if (const auto* ended = std::get_if<BookingEnded>(&event)) {
    const Booking& booking = *state.booking(ended->booking);
    if (booking.phase == BookingPhase::settling) steps.push_back(capture(booking));
    if (const auto note = parking_to_note(state, booking)) steps.push_back(*note);
  } else if (const auto* renewed = std::get_if<DeadlineRenewed>(&event)) {
    const Booking& booking = *state.booking(renewed->booking);
    if (booking.phase == BookingPhase::settling) steps.push_back(capture(booking));
    if (booking.phase == BookingPhase::awaiting_funds) {
      steps.push_back(HoldFunds{booking.account, booking.id, booking.hold, false});
    }
  } else if (const auto* claimed = std::get_if<WrongParkingClaimed>(&event)) {
    const Claim& claim = claimed->claim;
    if (claim.account) steps.push_back(ChargeClaim{claim.account, claim.id, claim.fee});
  } else if (const auto* stopped = std::get_if<SessionStopped>(&event)) {
    const Session* session = state.session(stopped->session);
    if (session && session->booking) steps.push_back(BillBooking{session->booking});
  }
}

}  // namespace

std::vector<Command> next_steps(const State& state, const Command& command, const Decided& decided) {
  std::vector<Command> steps;
  if (decided) {
    for (const Event& event : decided->events) {
      after_event(state, event, steps);
      std::vector<Command> again = look_again(state, event);
      std::move(again.begin(), again.end(), std::back_inserter(steps));
    }
  }
  if (const auto* read = std::get_if<IdentifyVehicle>(&command); read && read->plate) {
    steps.push_back(LookUpPlate{read->bay, read->plate, read->at});
  }
  if (const auto* hold = std::get_if<HoldFunds>(&command); hold && !hold->mandatory) {
    steps.push_back(ConfirmBooking{hold->booking, decided.ok()});
  } else if (const auto* captured = std::get_if<CaptureFunds>(&command); captured && decided) {
    if (captured->owner_share.minor != 0) {
      steps.push_back(CreditOwner{captured->owner, captured->booking, captured->owner_share});
    } else {
      steps.push_back(ConfirmSettlement{captured->booking});
    }
  } else if (const auto* credited = std::get_if<CreditOwner>(&command); credited && decided) {
    steps.push_back(ConfirmSettlement{credited->booking});
  }
  return steps;
}

std::optional<Refusal> late_refusal(const State& state, const Command& command, uint64_t subject) {
  if (!std::holds_alternative<RequestBooking>(command)) return std::nullopt;
  const Booking* booking = state.booking(BookingId{subject});
  if (booking && booking->end == BookingEnd::no_funds) return Refusal::insufficient_funds;
  return std::nullopt;
}

}  // namespace bayward::core
