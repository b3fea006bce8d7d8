#include "core/account/decide.h"

#include <algorithm>

#include "base/limits.h"
#include "core/driving/decide.h"

namespace bayward::core {
namespace {

using enum LedgerAccount;

constexpr int64_t amount_max_minor = 10'000'000'000;  // a hundred million: more is a slip of the pen

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

Decision on(const Account& account, std::vector<Event> events, uint64_t subject) {
  return {StreamId::of(account.id), std::move(events), subject};
}

bool others(const Actor& actor, AccountId account) {
  return actor.kind == Actor::Kind::person && actor.account != account;
}

bool good_amount(const Money& amount) {
  return amount.minor > 0 && amount.minor <= amount_max_minor && parse_currency(amount.currency.text());
}

bool seen(const Account& account, const std::string& reference) {
  return std::find(account.references.begin(), account.references.end(), reference) != account.references.end();
}

LedgerEntry entry(EntryKind kind, BookingId booking, Currency currency, std::vector<Posting> postings) {
  std::erase_if(postings, [](const Posting& posting) { return posting.minor == 0; });
  return {kind, booking, {}, currency, std::move(postings)};
}

// Of all the tax on a bill, what belongs to the first `refunded_minor` of it, half up.
int64_t tax_in(const FundsHold& hold, int64_t refunded_minor) {
  if (hold.captured.minor == 0) return 0;
  const auto exact = static_cast<__int128>(hold.tax_minor) * refunded_minor * 2 + hold.captured.minor;
  return static_cast<int64_t>(exact / (static_cast<__int128>(hold.captured.minor) * 2));
}

}  // namespace

Decided decide(const State& state, const Actor&, const OpenAccount& command, Instant) {
  if (command.roles >= 2 * role_operator || command.roles == 0) return refuse(Refusal::invalid);
  if (command.phone && state.account_of_phone.contains(command.phone)) return refuse(Refusal::already_exists);
  const AccountId account = state.next_account();
  return Decision{StreamId::of(account), {AccountOpened{account, command.roles, command.phone}}, account.value};
}

Decided decide(const State& state, const Actor&, const ChangeRoles& command, Instant) {
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  if (command.roles >= 2 * role_operator || command.roles == 0) return refuse(Refusal::invalid);
  for (SiteId site : command.property_of) {
    if (!state.site(site)) return refuse(Refusal::unknown_site);
  }
  return on(*account, {RolesChanged{command.roles, command.property_of}}, account->id.value);
}

Decided decide(const State& state, const Actor& actor, const AddVehicle& command, Instant) {
  const Account* account = state.account(command.account);
  if (!command.vehicle.plate || command.vehicle.battery_wh < 0 || command.vehicle.battery_wh > 2'000'000 ||
      command.vehicle.power_max_w < 0 || command.vehicle.power_max_w > 1'000'000) {
    return refuse(Refusal::invalid);
  }
  if (!account) return refuse(Refusal::unknown_account);
  if (others(actor, account->id)) return refuse(Refusal::not_yours);
  if (state.account_of_plate.contains(command.vehicle.plate)) return refuse(Refusal::already_exists);
  if (account->vehicles.size() >= limits::vehicles_per_account) return refuse(Refusal::limit_reached);
  Vehicle vehicle = command.vehicle;
  vehicle.id = VehicleId{(account->id.value << 32) | (account->last_vehicle + 1)};
  return on(*account, {VehicleAdded{vehicle}}, vehicle.id.value);
}

Decided decide(const State& state, const Actor& actor, const RemoveVehicle& command, Instant) {
  const Account* account = state.account(AccountId{command.vehicle.value >> 32});
  if (!account || !account->vehicle(command.vehicle)) return refuse(Refusal::unknown_vehicle);
  if (others(actor, account->id)) return refuse(Refusal::not_yours);
  std::vector<Event> events;
  forget_accidents(*account, command.vehicle, events);
  events.push_back(VehicleRemoved{command.vehicle});
  return on(*account, std::move(events), command.vehicle.value);
}

Decided decide(const State& state, const Actor& actor, const AddToken& command, Instant) {
  const Account* account = state.account(command.account);
  if (!command.token) return refuse(Refusal::invalid);
  if (!account) return refuse(Refusal::unknown_account);
  if (others(actor, account->id)) return refuse(Refusal::not_yours);
  if (state.account_of_token.contains(command.token)) return refuse(Refusal::already_exists);
  if (account->tokens.size() >= limits::tokens_per_account) return refuse(Refusal::limit_reached);
  return on(*account, {TokenAdded{Token{command.token, false}}}, account->id.value);
}

Decided decide(const State& state, const Actor& actor, const RemoveToken& command, Instant) {
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  if (others(actor, account->id)) return refuse(Refusal::not_yours);
  const auto found = state.account_of_token.find(command.token);
  if (found == state.account_of_token.end() || found->second != account->id) return refuse(Refusal::unknown_thing);
  return on(*account, {TokenRemoved{command.token}}, account->id.value);
}

Result<LedgerPosted, Refusal> credit_of(const Account& account, const Money& amount, const std::string& reference) {
  if (!good_amount(amount) || reference.empty() || reference.size() > limits::label_chars) {
    return refuse(Refusal::invalid);
  }
  if (seen(account, reference)) return refuse(Refusal::already_exists);
  LedgerEntry credit =
      entry(EntryKind::top_up, {}, amount.currency, {{psp_clearing, -amount.minor}, {user_available, amount.minor}});
  credit.reference = reference;
  return LedgerPosted{credit};
}

Decided decide(const State& state, const Actor&, const CreditWallet& command, Instant) {
  const Account* account = state.account(command.account);
  const auto credit = credit_of(account ? *account : Account{}, command.amount, command.reference);
  if (!credit && credit.error() == Refusal::invalid) return refuse(Refusal::invalid);
  if (!account) return refuse(Refusal::unknown_account);
  if (!credit) return refuse(credit.error());
  return on(*account, {*credit}, account->id.value);
}

Decided decide(const State& state, const Actor&, const RecordPayout& command, Instant) {
  const Account* account = state.account(command.account);
  if (!good_amount(command.amount) || command.reference.empty() || command.reference.size() > limits::label_chars) {
    return refuse(Refusal::invalid);
  }
  if (!account) return refuse(Refusal::unknown_account);
  if (seen(*account, command.reference)) return refuse(Refusal::already_exists);
  if (balance(account->balances, command.amount.currency, owner_payable) < command.amount.minor) {
    return refuse(Refusal::insufficient_funds);
  }
  LedgerEntry payout = entry(EntryKind::payout, {}, command.amount.currency,
                             {{owner_payable, -command.amount.minor}, {psp_clearing, command.amount.minor}});
  payout.reference = command.reference;
  return on(*account, {LedgerPosted{payout}}, account->id.value);
}

// The tax on what is given back is no longer owed. The rest is the platform's: an owner keeps what was earned.
Result<BookingRefunded, Refusal> refund_of(const Account& account, BookingId booking, const Money& amount) {
  const FundsHold* hold = account.holds.find(booking);
  if (!hold) return refuse(Refusal::unknown_booking);
  if (hold->phase != HoldPhase::captured) return refuse(Refusal::wrong_phase);
  if (!good_amount(amount) || hold->captured.currency != amount.currency ||
      hold->captured.minor - hold->refunded_minor < amount.minor) {
    return refuse(Refusal::invalid);
  }
  const int64_t tax = tax_in(*hold, hold->refunded_minor + amount.minor) - tax_in(*hold, hold->refunded_minor);
  const LedgerEntry refund =
      entry(EntryKind::refund, booking, amount.currency,
            {{platform_fee, tax - amount.minor}, {tax_payable, -tax}, {user_available, amount.minor}});
  return BookingRefunded{booking, amount, refund};
}

Decided decide(const State& state, const Actor&, const RefundBooking& command, Instant) {
  const Account* account = state.account(command.account);
  if (!good_amount(command.amount)) return refuse(Refusal::invalid);
  if (!account) return refuse(Refusal::unknown_account);
  const auto refund = refund_of(*account, command.booking, command.amount);
  if (!refund) return refuse(refund.error());
  return on(*account, {*refund}, command.booking.value);
}

Decided decide(const State& state, const Actor&, const HoldFunds& command, Instant) {
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  const FundsHold* found = account->holds.find(command.booking);
  int64_t held = 0;
  if (found) {
    if (found->phase == HoldPhase::captured) return refuse(Refusal::wrong_phase);
    if (found->amount == command.amount) return on(*account, {}, command.booking.value);
    held = found->amount.minor;
  }
  const int64_t more = command.amount.minor - held;
  const int64_t available = balance(account->balances, command.amount.currency, user_available);
  if (more > available && more > 0 && !command.mandatory) return refuse(Refusal::insufficient_funds);
  const LedgerEntry hold =
      entry(EntryKind::hold, command.booking, command.amount.currency, {{user_available, -more}, {user_held, more}});
  return on(*account, {FundsHeld{command.booking, command.amount, hold}}, command.booking.value);
}

Decided decide(const State& state, const Actor&, const CaptureFunds& command, Instant) {
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  const FundsHold* found = account->holds.find(command.booking);
  int64_t held = 0;
  if (found) {
    if (found->phase == HoldPhase::captured) return on(*account, {}, command.booking.value);
    held = found->amount.minor;
  }
  const int64_t back = held - command.total.minor + command.compensation.minor;
  const int64_t fee = command.total.minor - command.tax.minor - command.owner_share.minor - command.compensation.minor;
  const LedgerEntry capture = entry(EntryKind::capture, command.booking, command.total.currency,
                                    {{user_held, -held},
                                     {user_available, back},
                                     {transit, command.owner_share.minor},
                                     {platform_fee, fee},
                                     {tax_payable, command.tax.minor}});
  return on(*account, {FundsCaptured{command.booking, command.total, capture}}, command.booking.value);
}

Decided decide(const State& state, const Actor&, const CreditOwner& command, Instant) {
  const Account* owner = state.account(command.owner);
  if (!owner) return refuse(Refusal::unknown_account);
  if (owner->credits.contains(command.booking)) return on(*owner, {}, command.booking.value);
  const LedgerEntry credit = entry(EntryKind::owner_credit, command.booking, command.amount.currency,
                                   {{transit, -command.amount.minor}, {owner_payable, command.amount.minor}});
  return on(*owner, {OwnerCredited{command.booking, command.amount, credit}}, command.booking.value);
}

}  // namespace bayward::core
