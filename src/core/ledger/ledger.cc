#include "core/ledger/ledger.h"

#include <array>

#include "base/check.h"

namespace bayward::core {

std::string_view to_text(LedgerAccount account) {
  static constexpr std::array<std::string_view, 7> words = {
      "user:available", "user:held", "owner:payable", "platform:fee", "tax:payable", "psp:clearing", "transit"};
  return words[static_cast<size_t>(account)];
}

std::string_view to_text(EntryKind kind) {
  static constexpr std::array<std::string_view, 9> words = {
      "top_up", "hold", "release", "capture", "owner_credit", "refund", "payout", "compensation", "penalty"};
  return words[static_cast<size_t>(kind)];
}

int64_t LedgerEntry::sum() const {
  int64_t total = 0;
  for (const Posting& posting : postings) BAYWARD_CHECK(!__builtin_add_overflow(total, posting.minor, &total));
  return total;
}

int64_t balance(const Balances& balances, Currency currency, LedgerAccount account) {
  const auto found = balances.find({currency, account});
  return found == balances.end() ? 0 : found->second;
}

void post(Balances& balances, const LedgerEntry& entry) {
  BAYWARD_CHECK(entry.sum() == 0);
  for (const Posting& posting : entry.postings) {
    int64_t& minor = balances[{entry.currency, posting.account}];
    BAYWARD_CHECK(!__builtin_add_overflow(minor, posting.minor, &minor));
  }
}

}  // namespace bayward::core
