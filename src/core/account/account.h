// An account: a driver, an owner, a community, a member of staff. Names, phones and plates are in the vault; here are
// ids, keyed fingerprints and the wallet.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/flat_map.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/dispute/dispute.h"
#include "core/driving/driving.h"
#include "core/ledger/ledger.h"
#include "core/payment/top_up.h"
#include "core/site/site.h"

namespace bayward::core {

// Bits of Account::roles. Drivers are everybody; staff of a property are named with their site.
enum Role : uint32_t { role_driver = 1, role_owner = 2, role_property = 4, role_operator = 8 };

struct Vehicle {
  VehicleId id;
  Fingerprint plate;  // of the normalised plate
  ConnectorType connector = ConnectorType::none;
  int32_t battery_wh = 0;   // 0: not told
  int32_t power_max_w = 0;  // of the on-board charger; 0: not told
  BAYWARD_FIELDS(Vehicle, id, plate, connector, battery_wh, power_max_w)
};

// A card, key fob, eMAID or MAC address: what a charger reads. Compared case-insensitively (OCPP 2.0.1 C01), so the
// fingerprint is of the upper-case text.
struct Token {
  Fingerprint token;
  bool blocked = false;
  BAYWARD_FIELDS(Token, token, blocked)
};

enum class HoldPhase : uint8_t { held, captured };
std::string_view to_text(HoldPhase phase);

// What a booking has set aside. Kept after its end, so that a repeated step of the saga changes nothing.
struct FundsHold {
  Money amount;
  HoldPhase phase = HoldPhase::held;
  Money captured;
  Instant changed_at{};
  int64_t refunded_minor = 0;
  int64_t tax_minor = 0;  // of what was captured
  BAYWARD_FIELDS(FundsHold, amount, phase, captured, changed_at, refunded_minor, tax_minor)
};

struct Account {
  AccountId id;
  uint32_t roles = role_driver;
  std::vector<SiteId> property_of;
  Fingerprint phone;
  std::vector<Vehicle> vehicles;
  std::vector<Token> tokens;
  uint32_t last_vehicle = 0;
  Balances balances;
  FlatMap<BookingId, FundsHold> holds;
  std::map<BookingId, Money> credits;     // owner's shares received
  std::vector<std::string> references;    // of the last top-ups and payouts: each counts once
  uint64_t sequence = 0;                  // of the stream
  std::map<BookingId, Dispute> disputes;  // of holds that are kept
  std::vector<TopUp> top_ups;             // the latest, oldest first
  uint32_t last_top_up = 0;
  DrivingRecord driving;
  BAYWARD_FIELDS(Account, id, roles, property_of, phone, vehicles, tokens, last_vehicle, balances, holds, credits,
                 references, sequence, disputes, top_ups, last_top_up, driving)

  const Vehicle* vehicle(VehicleId wanted) const;
  bool has(Role role) const { return (roles & role) != 0; }
};

}  // namespace bayward::core
