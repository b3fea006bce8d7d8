// What a site's controller knows and has decided about near slots (design "Authority when the link is down"): the last
// briefing, and its own log of what the platform has not taken yet. A plain value that is durable as a whole; all
// functions are pure and take the time.
//
// Always holds: nothing is given that begins at or after the watermark, or overlaps a claim, or what was given before;
// every number of the log is used once; a number is dropped only when a briefing says that it is in the books.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/command.h"
#include "core/handover/briefing.h"
#include "core/refusal.h"

namespace bayward::authority {

// A numbered decision; the platform takes them in order.
struct Entry {
  core::TakeGrant grant;
  std::string phone;  // E.164, instead of an account: who asked on the spot and is known by it only
  std::string ask;    // names what was asked: the same again gets the same answer
  Instant at{};
  BAYWARD_FIELDS(Entry, grant, phone, ask, at)
};

// A hold given here, until a briefing shows that it is over.
struct OwnHold {
  uint64_t number = 0;
  BayId bay;
  AccountId account;
  std::string phone;
  Instant until{};
  bool freed = false;
  bool used = false;  // its car has come
  BAYWARD_FIELDS(OwnHold, number, bay, account, phone, until, freed, used)
};

struct Answered {
  std::string ask;
  uint64_t number = 0;
  BAYWARD_FIELDS(Answered, ask, number)
};

struct Book {
  uint64_t log = 0;   // 0: never briefed
  uint64_t last = 0;  // number given
  core::Briefing briefing;
  std::vector<Entry> entries;  // that the platform has not taken yet
  std::vector<OwnHold> holds;
  std::vector<Answered> asks;  // lately
  BAYWARD_FIELDS(Book, log, last, briefing, entries, holds, asks)
};

enum class Briefed : uint8_t {
  taken_in,
  old,          // an earlier one: ignored
  other_log,    // for another controller, or for this one before it was assigned anew
  lost_memory,  // the platform has entries that are not known here: the controller must be assigned anew
};
// It can be meant: slots have a length, and are few.
bool sound(const core::Briefing& briefing);
// Of a sound briefing.
Briefed brief(Book& book, const core::Briefing& briefing);

struct Wish {
  std::string ask;    // empty: nobody will repeat it
  AccountId account;  // or:
  std::string phone;
  core::GrantKind kind = core::GrantKind::hold;
  BayId bay;
  VehicleId vehicle;
  core::BookingKind booking_kind = core::BookingKind::walk_up;
  Interval span;  // a walk-up begins with the slot that now is in; an end of zero: as far as the rules and the slots go
  int64_t energy_estimate_milliwh = 0;
  BookingId booking;           // to be extended
  bool platform_asks = false;  // it has looked at windows and permissions itself
};
// The entry to be made durable and added; or one that answers the same ask already: its number is not above book.last.
Result<Entry, core::Refusal> decide(const Book& book, const Wish& wish, Instant now);

// The next hold that is over and whose bay is empty.
std::optional<Entry> next_to_free(const Book& book, const std::set<BayId>& bays_with_car, Instant now);

void add(Book& book, Entry entry);

// Who has the bay now: a claim's account, or a hold's; and what it is called to a station.
struct Holder {
  AccountId account;
  BookingId booking;
};
std::optional<Holder> holder_at(const Book& book, BayId bay, Instant now);
// Until when somebody has it; nothing: nobody does now.
std::optional<Instant> held_until(const Book& book, BayId bay, Instant now);
// A car of the hold's account has come: the hold does not expire any more.
void mark_used(Book& book, BayId bay);

}  // namespace bayward::authority
