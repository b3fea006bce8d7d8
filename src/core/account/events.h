// What happens to an account and its wallet. No name, phone or plate: ids and fingerprints. Fields are only appended.
#pragma once

#include <cstdint>
#include <vector>

#include "base/fields.h"
#include "core/account/account.h"
#include "core/ledger/ledger.h"

namespace bayward::core {

struct AccountOpened {
  AccountId account;
  uint32_t roles = role_driver;
  Fingerprint phone;
  BAYWARD_FIELDS(AccountOpened, account, roles, phone)
};
struct RolesChanged {
  uint32_t roles = role_driver;
  std::vector<SiteId> property_of;
  BAYWARD_FIELDS(RolesChanged, roles, property_of)
};
struct VehicleAdded {
  Vehicle vehicle;
  BAYWARD_FIELDS(VehicleAdded, vehicle)
};
struct VehicleRemoved {
  VehicleId vehicle;
  BAYWARD_FIELDS(VehicleRemoved, vehicle)
};
struct TokenAdded {
  Token token;
  BAYWARD_FIELDS(TokenAdded, token)
};
struct TokenRemoved {
  Fingerprint token;
  BAYWARD_FIELDS(TokenRemoved, token)
};
struct LedgerPosted {
  LedgerEntry entry;
  BAYWARD_FIELDS(LedgerPosted, entry)
};
struct FundsHeld {
  BookingId booking;
  Money amount;  // in all, after a change
  LedgerEntry entry;
  BAYWARD_FIELDS(FundsHeld, booking, amount, entry)
};
// Once per booking; what was held and not needed is available again in the same entry.
struct FundsCaptured {
  BookingId booking;
  Money amount;
  LedgerEntry entry;
  BAYWARD_FIELDS(FundsCaptured, booking, amount, entry)
};
struct BookingRefunded {
  BookingId booking;
  Money amount;
  LedgerEntry entry;
  BAYWARD_FIELDS(BookingRefunded, booking, amount, entry)
};
struct OwnerCredited {
  BookingId booking;
  Money amount;
  LedgerEntry entry;
  BAYWARD_FIELDS(OwnerCredited, booking, amount, entry)
};

}  // namespace bayward::core
