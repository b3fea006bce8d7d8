#include "core/account/apply.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::core {
namespace {

// A settled hold answers repeated saga steps for this long, then it is history.
constexpr Duration keep_settled{30 * 24h};
constexpr size_t keep_references = 256;
constexpr size_t keep_credits = 4096;  // and at least one of every site

void apply(State&, Account& account, const RolesChanged& event, Instant) {
  account.roles = event.roles;
  account.property_of = event.property_of;
}

void apply(State& state, Account& account, const VehicleAdded& event, Instant) {
  account.vehicles.push_back(event.vehicle);
  account.last_vehicle = number_in_site(event.vehicle.id);
  state.account_of_plate[event.vehicle.plate] = account.id;
}

void apply(State& state, Account& account, const VehicleRemoved& event, Instant) {
  std::erase_if(account.vehicles, [&](const Vehicle& vehicle) {
    if (vehicle.id != event.vehicle) return false;
    state.account_of_plate.erase(vehicle.plate);
    return true;
  });
}

void apply(State& state, Account& account, const TokenAdded& event, Instant) {
  account.tokens.push_back(event.token);
  state.account_of_token[event.token.token] = account.id;
}

void apply(State& state, Account& account, const TokenRemoved& event, Instant) {
  std::erase_if(account.tokens, [&](const Token& token) { return token.token == event.token; });
  state.account_of_token.erase(event.token);
}

void apply(State&, Account& account, const LedgerPosted& event, Instant) {
  post(account.balances, event.entry);
  account.references.push_back(event.entry.reference);
  if (account.references.size() > keep_references) account.references.erase(account.references.begin());
}

void apply(State&, Account& account, const BookingRefunded& event, Instant) {
  post(account.balances, event.entry);
  account.holds[event.booking].refunded_minor += event.amount.minor;
}

void apply(State&, Account& account, const FundsHeld& event, Instant at) {
  post(account.balances, event.entry);
  FundsHold& hold = account.holds[event.booking];
  hold.amount = event.amount;
  hold.phase = HoldPhase::held;
  hold.changed_at = at;
}

void apply(State& state, Account& account, const FundsCaptured& event, Instant at) {
  post(account.balances, event.entry);
  FundsHold& hold = account.holds[event.booking];
  hold.phase = HoldPhase::captured;
  hold.captured = event.amount;
  for (const Posting& posting : event.entry.postings) {
    if (posting.account == LedgerAccount::tax_payable) hold.tax_minor += posting.minor;
  }
  hold.changed_at = at;
  account.holds.erase_if([&](BookingId booking, const FundsHold& settled) {
    if (settled.phase != HoldPhase::captured || settled.changed_at + keep_settled >= at) return false;
    const auto dispute = account.disputes.find(booking);
    if (dispute == account.disputes.end()) return true;
    if (dispute->second.phase == DisputePhase::open) return false;
    account.disputes.erase(dispute);
    state.disputes.erase(booking);
    return true;
  });
}

void apply(State& state, Account& account, const DisputeOpened& event, Instant at) {
  Dispute& dispute = account.disputes[event.booking];
  dispute.phase = DisputePhase::open;
  dispute.reason = event.reason;
  dispute.opened_at = at;
  state.disputes[event.booking] = account.id;
}

void apply(State&, Account& account, const DisputeDecided& event, Instant at) {
  Dispute& dispute = account.disputes[event.booking];
  dispute.phase = event.phase;
  dispute.decided_at = at;
  dispute.decided_by = event.by;
  dispute.refund = event.refund;
}

void apply(State&, Account& account, const TopUpBegun& event, Instant at) {
  account.last_top_up = static_cast<uint32_t>(event.payment.value);
  account.top_ups.push_back({event.payment, event.amount, TopUpPhase::waiting, at, {}});
  if (account.top_ups.size() > limits::top_ups_kept) account.top_ups.erase(account.top_ups.begin());
}

void apply(State&, Account& account, const TopUpEnded& event, Instant at) {
  const auto found = std::find_if(account.top_ups.begin(), account.top_ups.end(),
                                  [&](const TopUp& one) { return one.id == event.payment; });
  if (found == account.top_ups.end()) return;
  found->phase = event.phase;
  found->amount = event.amount;
  found->ended_at = at;
}

void apply(State&, Account& account, const OwnerCredited& event, Instant) {
  post(account.balances, event.entry);
  account.credits[event.booking] = event.amount;
  // Ids of one site count up: its oldest goes first. The site asks again at most for minutes, and has long closed it.
  const auto oldest = account.credits.lower_bound(site_scoped<BookingId>(site_of(event.booking), 0));
  if (account.credits.size() > keep_credits && oldest->first != event.booking) account.credits.erase(oldest);
}

}  // namespace

void open_account(State& state, const AccountOpened& event) {
  Account account;
  account.id = event.account;
  account.roles = event.roles;
  account.phone = event.phone;
  if (event.phone) state.account_of_phone[event.phone] = event.account;
  state.add_account(std::move(account));
}

void apply_to_account(State& state, Account& account, const Event& event, Instant at) {
  std::visit(
      [&](const auto& e) {
        if constexpr (requires { apply(state, account, e, at); }) apply(state, account, e, at);
      },
      event);
}

}  // namespace bayward::core
