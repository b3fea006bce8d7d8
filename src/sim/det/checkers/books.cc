#include "sim/det/checkers/books.h"

namespace bayward::sim {

using namespace core;

void Books::enter(AccountId account, const LedgerEntry& entry) {
  int64_t sum = 0;
  for (const Posting& posting : entry.postings) {
    sum += posting.minor;
    sheets_[account][{entry.currency, posting.account}] += posting.minor;
  }
  if (sum != 0) problems_.report("ledger", "an entry of " + to_text(account) + " sums to " + std::to_string(sum));
}

void Books::look(AccountId account, const Event& event) {
  if (const auto* posted = std::get_if<LedgerPosted>(&event)) {
    enter(account, posted->entry);
    if (++references_[{account, posted->entry.reference}] > 1) {
      problems_.report("ledger", "the reference " + posted->entry.reference + " counts twice");
    }
  } else if (const auto* held = std::get_if<FundsHeld>(&event)) {
    enter(account, held->entry);
  } else if (const auto* captured = std::get_if<FundsCaptured>(&event)) {
    enter(account, captured->entry);
    if (!captured_.emplace(captured->booking, captured->amount.minor).second) {
      problems_.report("ledger", to_text(captured->booking) + " is captured twice");
    }
  } else if (const auto* credited = std::get_if<OwnerCredited>(&event)) {
    enter(account, credited->entry);
    if (!credited_.insert(credited->booking).second) {
      problems_.report("ledger", to_text(credited->booking) + " is credited twice");
    }
  } else if (const auto* refunded = std::get_if<BookingRefunded>(&event)) {
    enter(account, refunded->entry);
  }
}

void Books::compare(const State& state) const {
  for (size_t number = 1; number <= state.account_count(); ++number) {
    const Account& account = *state.account(AccountId{number});
    const auto sheet = sheets_.find(account.id);
    for (const auto& [key, minor] : account.balances) {
      int64_t expected = 0;
      if (sheet != sheets_.end()) {
        if (const auto found = sheet->second.find(key); found != sheet->second.end()) expected = found->second;
      }
      if (minor != expected) {
        problems_.report("ledger", to_text(account.id) + " has " + std::to_string(minor) + " on " +
                                       std::string(core::to_text(key.second)) + ", its entries sum to " +
                                       std::to_string(expected));
      }
    }
  }
}

void Books::at_rest() const {
  std::map<Currency, int64_t> transit;
  for (const auto& [account, sheet] : sheets_) {
    for (const auto& [key, minor] : sheet) {
      if (key.second == LedgerAccount::transit) transit[key.first] += minor;
      if (key.second == LedgerAccount::user_held && minor != 0) {
        problems_.report("ledger", to_text(account) + " still holds " + std::to_string(minor) + " for nothing");
      }
    }
  }
  for (const auto& [currency, minor] : transit) {
    if (minor != 0) problems_.report("ledger", std::to_string(minor) + " are between the accounts for good");
  }
}

int Books::times_posted(AccountId account, const std::string& reference) const {
  const auto found = references_.find({account, reference});
  return found == references_.end() ? 0 : found->second;
}

}  // namespace bayward::sim
