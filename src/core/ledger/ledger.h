// C4: the double-entry ledger of an account stream. Every entry sums to zero, so every balance sheet does, at every
// sequence number. A credit (what is owed to that account) is positive.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fields.h"
#include "base/ids.h"
#include "base/money.h"

namespace bayward::core {

enum class LedgerAccount : uint8_t {
  user_available,  // spendable; negative: debt
  user_held,       // set aside for a booking
  owner_payable,   // earned, not yet paid out
  platform_fee,
  tax_payable,
  psp_clearing,  // money that came in or went out by bank or payment provider
  transit,       // between two account streams: zero over all streams when no saga is open
};
std::string_view to_text(LedgerAccount account);

enum class EntryKind : uint8_t { top_up, hold, release, capture, owner_credit, refund, payout, compensation, penalty };
std::string_view to_text(EntryKind kind);

struct Posting {
  LedgerAccount account{};
  int64_t minor = 0;
  BAYWARD_FIELDS(Posting, account, minor)
};

struct LedgerEntry {
  EntryKind kind{};
  BookingId booking;      // none for top-ups and payouts
  std::string reference;  // the bank's or provider's; never a name
  Currency currency{};
  std::vector<Posting> postings;  // sums to zero
  BAYWARD_FIELDS(LedgerEntry, kind, booking, reference, currency, postings)

  int64_t sum() const;
};

using Balances = std::map<std::pair<Currency, LedgerAccount>, int64_t>;

int64_t balance(const Balances& balances, Currency currency, LedgerAccount account);
// CHECKs that the entry sums to zero.
void post(Balances& balances, const LedgerEntry& entry);

}  // namespace bayward::core
