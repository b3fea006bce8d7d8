#include "core/claim/decide.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace bayward::core {
namespace {

using enum LedgerAccount;

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

void apply(Site& site, const WrongParkingClaimed& event) {
  site.last_claim = number_in_site(event.claim.id) & ~claim_bit;
  site.claims.push_back(event.claim);
  if (site.claims.size() > limits::claims_kept) site.claims.erase(site.claims.begin());
}

void apply(Site& site, const ClaimSettled& event) {
  for (Claim& claim : site.claims) {
    if (claim.id != event.claim) continue;
    claim.phase = event.phase;
    claim.settled_by = event.by;
  }
}

}  // namespace

std::string_view to_text(ClaimPhase phase) {
  static constexpr std::array<std::string_view, 4> words = {"charged", "open", "paid", "waived"};
  return words[static_cast<size_t>(phase)];
}

void claim_wrong_parking(const State& state, const Site& site, const Bay& bay, Instant left_at,
                         std::vector<Event>& events) {
  const auto mark = bay.incidents.find(IncidentKind::wrong_vehicle);
  const Incident* incident = mark == bay.incidents.end() ? nullptr : site.incidents.find(mark->second);
  if (!incident || incident->over() || !incident->vehicle || site.rules.wrong_parking_fee_minor <= 0) return;
  if (left_at < incident->opened_at + site.rules.wrong_parking_grace) return;
  Claim claim;
  claim.id = claim_id(site.id, site.last_claim + 1);
  claim.incident = incident->id;
  claim.bay = bay.id;
  claim.vehicle = incident->vehicle;
  const auto known = state.account_of_plate.find(incident->vehicle);
  if (known != state.account_of_plate.end()) claim.account = known->second;
  claim.phase = claim.account ? ClaimPhase::charged : ClaimPhase::open;
  claim.fee = {site.rules.wrong_parking_fee_minor, site.currency};
  claim.from = incident->opened_at;
  claim.until = left_at;
  events.push_back(WrongParkingClaimed{claim});
}

// Outside the platform: by invoice, at the desk, by a lawyer.
Decided decide(const State& state, const Actor& actor, const SettleClaim& command, Instant) {
  const Site* site = state.site(site_of(command.claim));
  if (!site) return refuse(Refusal::unknown_thing);
  const auto found =
      std::find_if(site->claims.begin(), site->claims.end(), [&](const Claim& one) { return one.id == command.claim; });
  if (found == site->claims.end()) return refuse(Refusal::unknown_thing);
  Decision decision{StreamId::of(site->id), {}, found->id.value};
  const ClaimPhase phase = command.paid ? ClaimPhase::paid : ClaimPhase::waived;
  if (found->phase == phase) return decision;
  if (found->phase != ClaimPhase::open) return refuse(Refusal::wrong_phase);
  decision.events.push_back(ClaimSettled{found->id, phase, actor.account});
  return decision;
}

// The fee is owed whether the wallet has it or not: what it lacks is a debt, which the next booking is refused for.
Decided decide(const State& state, const Actor&, const ChargeClaim& command, Instant) {
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  Decision decision{StreamId::of(account->id), {}, command.claim.value};
  if (account->holds.find(command.claim)) return decision;
  const LedgerEntry entry{EntryKind::penalty,
                          command.claim,
                          {},
                          command.fee.currency,
                          {{user_available, -command.fee.minor}, {platform_fee, command.fee.minor}}};
  decision.events.push_back(FundsCaptured{command.claim, command.fee, entry});
  return decision;
}

bool apply_to_claims(Site& site, const Event& event) {
  return std::visit(
      [&](const auto& e) {
        if constexpr (requires { apply(site, e); }) {
          apply(site, e);
          return true;
        } else {
          return false;
        }
      },
      event);
}

}  // namespace bayward::core
