#include "stations/judge.h"

#include <algorithm>

#include "core/visit/identify.h"

namespace bayward::stations {
namespace {

using core::Verdict;

// Who the token is, or nobody.
core::Identity identify(const core::State& state, const Presented& presented) {
  if (const core::Booking* booking = state.booking(presented.booking)) {
    return {core::IdentityVia::app, {}, booking->account};
  }
  return core::resolve(state, core::IdentityVia::token, presented.token);
}

bool is_blocked(const core::State& state, const core::Identity& identity) {
  const core::Account* account = state.account(identity.account);
  return account && std::any_of(account->tokens.begin(), account->tokens.end(), [&](const core::Token& token) {
           return token.token == identity.fingerprint && token.blocked;
         });
}

bool charges(const core::Site& site, const core::Bay& bay, AccountId account) {
  const core::Session* session = bay.session ? site.sessions.find(bay.session) : nullptr;
  return session && session->open && account && session->account == account;
}

bool charges_elsewhere(const core::Site& site, AccountId account) {
  return std::any_of(site.bays.begin(), site.bays.end(),
                     [&](const core::Bay& bay) { return charges(site, bay, account); });
}

Standing standing_at(const core::Site& site, const core::Bay& bay, const core::Identity& identity,
                     const Presented& presented, Instant at) {
  if (charges(site, bay, identity.account)) return Standing::accepted;  // shown again, to stop
  const core::Match found = core::match(site, bay, identity, at);
  // A booking's own token opens that booking and no other.
  if (presented.booking) return found.booking == presented.booking ? Standing::accepted : Standing::not_now;
  switch (found.verdict) {
    case Verdict::holder:
    case Verdict::owner:
      return Standing::accepted;
    case Verdict::wrong_bay:
      return Standing::elsewhere;
    case Verdict::reserved:
    case Verdict::no_booking:
      return Standing::not_now;
    case Verdict::unknown:
      return Standing::unknown;
  }
  return Standing::unknown;
}

// A car that stands there says which bay is meant.
bool better(const core::Bay& a, const core::Bay* b) {
  return b == nullptr || (a.occupied && !b->occupied);
}

}  // namespace

Judgement judge(const core::State& state, StationId station, const std::vector<StationBay>& bays,
                std::optional<uint16_t> evse, const Presented& presented, Instant at) {
  Judgement out;
  const core::Site* site = state.site(site_of(station));
  const core::Identity identity = identify(state, presented);
  if (!site || !identity.account) return out;
  out.account = identity.account;
  out.standing = Standing::not_now;
  if (is_blocked(state, identity)) {
    out.standing = Standing::blocked;
    return out;
  }
  const core::Bay* free = nullptr;
  for (const StationBay& place : bays) {
    const core::Bay* bay = evse && place.evse != *evse ? nullptr : site->bay(place.bay);
    if (!bay) continue;
    const Standing standing = standing_at(*site, *bay, identity, presented, at);
    if (standing == Standing::accepted) return {Standing::accepted, identity.account, std::nullopt};
    if (standing == Standing::elsewhere) out.standing = standing;
    const bool nothing_booked =
        !presented.booking && core::match(*site, *bay, identity, at).verdict == Verdict::no_booking;
    if (nothing_booked && !bay->session && better(*bay, free)) free = bay;
  }
  const core::Account& account = *state.account(identity.account);
  if (free && site->rules.tap_starts_walk_up && !account.vehicles.empty()) {
    out.walk_up = core::RequestBooking{};
    out.walk_up->account = account.id;
    out.walk_up->vehicle = account.vehicles.front().id;
    out.walk_up->bay = free->id;
    out.walk_up->kind = core::BookingKind::walk_up;
  }
  if (out.standing == Standing::elsewhere && charges_elsewhere(*site, identity.account)) {
    out.standing = Standing::concurrent;
  }
  return out;
}

Standing standing_after(core::Refusal refusal) {
  switch (refusal) {
    case core::Refusal::insufficient_funds:
    case core::Refusal::debt_outstanding:
      return Standing::no_credit;
    case core::Refusal::overloaded:
    case core::Refusal::storage_unavailable:
      return Standing::busy;
    default:
      return Standing::not_now;
  }
}

}  // namespace bayward::stations
