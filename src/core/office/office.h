// What the property office keeps beside the incidents themselves: standing orders (what staff has to do, by kind of
// incident) and the hand-over from one shift to the next.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/fields.h"
#include "base/ids.h"
#include "base/time.h"

namespace bayward::core {

// In the languages of the terminals; both empty: there is none.
struct StandingOrder {
  std::string chinese;  // at most limits::standing_order_bytes, as is the other
  std::string english;
  BAYWARD_FIELDS(StandingOrder, chinese, english)

  bool empty() const { return chinese.empty() && english.empty(); }
};

// One shift hands over to the next: offered and signed by who goes, taken and signed by who comes. The words that go
// with it are in the vault.
struct Shift {
  uint32_t number = 0;
  AccountId from;
  AccountId to;
  Instant offered_at{};
  Instant taken_at{};            // zero: not yet, or never where a later one was offered
  std::vector<IncidentId> open;  // the first ones of what was open when it was offered
  int32_t open_count = 0;        // of all of them
  BAYWARD_FIELDS(Shift, number, from, to, offered_at, taken_at, open, open_count)

  bool taken() const { return taken_at != Instant{}; }
};

}  // namespace bayward::core
