#include "core/payment/decide.h"

#include <algorithm>

#include "base/limits.h"
#include "core/account/decide.h"

namespace bayward::core {
namespace {

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

const TopUp* find(const Account& account, PaymentId payment) {
  const auto found =
      std::find_if(account.top_ups.begin(), account.top_ups.end(), [&](const TopUp& one) { return one.id == payment; });
  return found == account.top_ups.end() ? nullptr : &*found;
}

}  // namespace

Decided decide(const State& state, const Actor& actor, const BeginTopUp& command, Instant now) {
  const Account* account = state.account(command.account);
  const Money& amount = command.amount;
  if (amount.minor <= 0 || amount.minor > top_up_max_minor || !parse_currency(amount.currency.text())) {
    return refuse(Refusal::invalid);
  }
  if (!account) return refuse(Refusal::unknown_account);
  if (actor.kind == Actor::Kind::person && actor.account != account->id) return refuse(Refusal::not_yours);
  const auto waiting = std::count_if(account->top_ups.begin(), account->top_ups.end(), [&](const TopUp& one) {
    return one.phase == TopUpPhase::waiting && one.begun_at + top_up_lapses_after > now;
  });
  if (static_cast<size_t>(waiting) >= limits::top_ups_waiting) return refuse(Refusal::limit_reached);
  const PaymentId payment{(account->id.value << 32) | (account->last_top_up + 1)};
  return Decision{StreamId::of(account->id), {TopUpBegun{payment, amount}}, payment.value};
}

Decided decide(const State& state, const Actor& actor, const EndTopUp& command, Instant) {
  const Account* account = state.account(AccountId{command.payment.value >> 32});
  const auto number = static_cast<uint32_t>(command.payment.value);
  if (!account || number == 0 || number > account->last_top_up) return refuse(Refusal::unknown_thing);
  if (actor.kind != Actor::Kind::system) return refuse(Refusal::not_yours);
  const TopUp* known = find(*account, command.payment);
  Decision decision{StreamId::of(account->id), {}, command.payment.value};
  if (!command.paid) {
    if (known && known->phase == TopUpPhase::waiting) {
      decision.events.push_back(TopUpEnded{command.payment, TopUpPhase::failed, known->amount});
    }
    return decision;
  }
  if (known && known->phase == TopUpPhase::paid) return decision;
  const auto credit = credit_of(*account, command.amount, command.reference);
  if (!credit && credit.error() == Refusal::already_exists) return decision;
  if (!credit) return refuse(credit.error());
  decision.events.push_back(TopUpEnded{command.payment, TopUpPhase::paid, command.amount});
  decision.events.push_back(*credit);
  return decision;
}

}  // namespace bayward::core
