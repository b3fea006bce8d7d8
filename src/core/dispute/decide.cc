#include "core/dispute/decide.h"

#include "core/account/decide.h"

namespace bayward::core {
namespace {

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

}  // namespace

Decided decide(const State& state, const Actor& actor, const OpenDispute& command, Instant now) {
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  const FundsHold* hold = account->holds.find(command.booking);
  if (!hold) return refuse(Refusal::unknown_booking);
  if (actor.kind == Actor::Kind::person && actor.account != account->id) return refuse(Refusal::not_yours);
  if (account->disputes.contains(command.booking)) return refuse(Refusal::already_exists);
  const bool billed = hold->phase == HoldPhase::captured && hold->captured.minor > hold->refunded_minor;
  if (!billed || now > hold->changed_at + dispute_window) return refuse(Refusal::wrong_phase);
  return Decision{StreamId::of(account->id), {DisputeOpened{command.booking, command.reason}}, command.booking.value};
}

Decided decide(const State& state, const Actor& actor, const DecideDispute& command, Instant) {
  const auto found = state.disputes.find(command.booking);
  if (found == state.disputes.end()) return refuse(Refusal::unknown_thing);
  const Account& account = *state.account(found->second);
  if (actor.kind == Actor::Kind::person) return refuse(Refusal::not_yours);
  if (account.disputes.at(command.booking).phase != DisputePhase::open) return refuse(Refusal::wrong_phase);
  Decision decision{StreamId::of(account.id), {}, command.booking.value};
  const Money refund{command.refund_minor, account.holds.at(command.booking).captured.currency};
  const DisputePhase phase = refund.minor == 0 ? DisputePhase::stands : DisputePhase::refunded;
  if (phase == DisputePhase::refunded) {
    const auto refunded = refund_of(account, command.booking, refund);
    if (!refunded) return refuse(refunded.error());
    decision.events.push_back(*refunded);
  }
  decision.events.insert(decision.events.begin(), DisputeDecided{command.booking, phase, refund, actor.account});
  return decision;
}

}  // namespace bayward::core
