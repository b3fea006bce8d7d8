// C4: the ledger of every account, kept a second time from the entries.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/state.h"
#include "sim/det/checkers/problems.h"

namespace bayward::sim {

class Books {
 public:
  explicit Books(Problems& problems) : problems_(problems) {}

  void look(AccountId account, const core::Event& event);
  // The accounts of the engine say the same.
  void compare(const core::State& state) const;
  // When no saga is open: nothing is under way between two accounts, and nothing is held.
  void at_rest() const;

  // How often a bank's reference has been counted.
  int times_posted(AccountId account, const std::string& reference) const;
  // What a booking's account was charged, once it was.
  const std::map<BookingId, int64_t>& captured() const { return captured_; }

 private:
  using Key = std::pair<Currency, core::LedgerAccount>;
  void enter(AccountId account, const core::LedgerEntry& entry);

  Problems& problems_;
  std::map<AccountId, std::map<Key, int64_t>> sheets_;
  std::map<std::pair<AccountId, std::string>, int> references_;
  std::map<BookingId, int64_t> captured_;
  std::set<BookingId> credited_;
};

}  // namespace bayward::sim
