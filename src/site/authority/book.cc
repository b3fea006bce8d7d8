#include "site/authority/book.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::authority {
namespace {

using core::BriefedBay;
using core::BriefedClaim;
using core::GrantKind;
using core::Refusal;

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

const BriefedBay* bay_of(const Book& book, BayId bay) {
  const auto found = std::find_if(book.briefing.bays.begin(), book.briefing.bays.end(),
                                  [&](const BriefedBay& one) { return one.bay == bay; });
  return found == book.briefing.bays.end() ? nullptr : &*found;
}

bool freed_here(const Book& book, uint64_t number) {
  return std::any_of(book.entries.begin(), book.entries.end(), [&](const Entry& entry) {
    return entry.grant.kind == GrantKind::free && entry.grant.of == number;
  });
}

// What is held in a bay: claims as briefed, and what was given since.
std::vector<Interval> held_in(const Book& book, const BriefedBay& bay) {
  std::vector<Interval> out;
  for (const BriefedClaim& claim : bay.claims) {
    if (claim.grant == 0 || !freed_here(book, claim.grant)) out.push_back(claim.held);
  }
  for (const Entry& entry : book.entries) {
    const bool here = entry.grant.bay == bay.bay && entry.grant.kind != GrantKind::free;
    if (here && !freed_here(book, entry.grant.number)) {
      out.push_back({entry.grant.span.start, entry.grant.granted_until});
    }
  }
  return out;
}

bool untaken(const std::vector<Interval>& held, const Interval& span) {
  return std::none_of(held.begin(), held.end(), [&](const Interval& one) { return one.overlaps(span); });
}

bool open(const BriefedBay& bay, const Interval& span) {
  return std::any_of(bay.open.begin(), bay.open.end(), [&](const Interval& one) { return one.contains(span); });
}

Duration unit_of(const Book& book) {
  return std::chrono::seconds{book.briefing.slot_unit_s};
}

Instant slot_start(const Book& book, Instant now) {
  const int64_t unit = unit_of(book).count();
  const int64_t ms = unix_ms(now);
  const int64_t into = ((ms % unit) + unit) % unit;
  return from_unix_ms(ms - into);
}

bool asks_for_own_end(const Wish& wish) {
  return wish.span.end == Instant{};
}

// As many slots as are ours, open and free, from `start` on.
Instant furthest(const Book& book, const BriefedBay& bay, const std::vector<Interval>& held, Instant start) {
  Instant end = start;
  for (int64_t slots = 0; slots < book.briefing.walk_up_slots; ++slots) {
    const Interval slot{end, end + unit_of(book)};
    if (slot.start >= book.briefing.watermark || !untaken(held, slot) || !open(bay, slot)) break;
    end = slot.end;
  }
  return end;
}

bool same_person(const OwnHold& hold, const Wish& wish) {
  return (wish.account && hold.account == wish.account) || (!wish.phone.empty() && hold.phone == wish.phone);
}

// Offline nobody can look into the wallet: one hold at a time.
bool holds_already(const Book& book, const Wish& wish, Instant now) {
  return std::any_of(book.holds.begin(), book.holds.end(), [&](const OwnHold& hold) {
    return same_person(hold, wish) && !hold.freed && !hold.used && hold.until > now;
  });
}

const Entry* answered_before(const Book& book, const std::string& ask, Entry& out) {
  const auto waiting =
      std::find_if(book.entries.begin(), book.entries.end(), [&](const Entry& entry) { return entry.ask == ask; });
  if (waiting != book.entries.end()) return &*waiting;
  const auto known =
      std::find_if(book.asks.begin(), book.asks.end(), [&](const Answered& one) { return one.ask == ask; });
  if (known == book.asks.end()) return nullptr;
  out.grant.log = book.log;
  out.grant.number = known->number;
  out.ask = ask;
  return &out;
}

}  // namespace

bool sound(const core::Briefing& briefing) {
  const int32_t unit = briefing.slot_unit_s;
  return unit >= 60 && unit <= 86'400 && briefing.walk_up_slots >= 0 && briefing.walk_up_slots <= 1000 &&
         briefing.walk_up_hold >= Duration{0} && briefing.walk_up_hold <= 24h &&
         briefing.bays.size() <= limits::handover_bays;
}

Briefed brief(Book& book, const core::Briefing& briefing) {
  if (briefing.log > book.log) {
    // Ours anew, or for the first time. What the platform has of this log it has from somebody with another memory.
    if (briefing.taken > 0) return Briefed::lost_memory;
    book = Book{};
    book.log = briefing.log;
  }
  if (briefing.log != book.log) return Briefed::other_log;
  if (briefing.taken > book.last) return Briefed::lost_memory;
  if (briefing.revision < book.briefing.revision) return Briefed::old;
  book.briefing = briefing;
  std::erase_if(book.entries, [&](const Entry& entry) { return entry.grant.number <= briefing.taken; });
  std::erase_if(book.holds, [&](const OwnHold& hold) {
    if (hold.number > briefing.taken) return false;
    const BriefedBay* bay = bay_of(book, hold.bay);
    return !bay || std::none_of(bay->claims.begin(), bay->claims.end(),
                                [&](const BriefedClaim& claim) { return claim.grant == hold.number && !claim.active; });
  });
  return Briefed::taken_in;
}

Result<Entry, Refusal> decide(const Book& book, const Wish& wish, Instant now) {
  Entry entry;
  if (!wish.ask.empty()) {
    if (const Entry* known = answered_before(book, wish.ask, entry)) return *known;
  }
  const BriefedBay* bay = bay_of(book, wish.bay);
  if (!bay) return refuse(Refusal::unknown_bay);
  if (book.entries.size() >= limits::handover_log_entries) return refuse(Refusal::limit_reached);
  const bool on_the_spot = wish.kind == GrantKind::hold && wish.booking_kind == core::BookingKind::walk_up;
  const Instant start = on_the_spot ? slot_start(book, now) : wish.span.start;
  if (start >= book.briefing.watermark) return refuse(Refusal::beyond_horizon);
  if (start + unit_of(book) <= now) return refuse(Refusal::in_the_past);
  const std::vector<Interval> held = held_in(book, *bay);
  Interval given{start, std::min(wish.span.end, book.briefing.watermark)};
  if (asks_for_own_end(wish)) given.end = furthest(book, *bay, held, start);
  const Interval first{start, start + unit_of(book)};
  if (!wish.platform_asks && !open(*bay, given.empty() ? first : given)) return refuse(Refusal::outside_window);
  if (given.empty() || !untaken(held, given)) return refuse(Refusal::slot_taken);
  if (!wish.platform_asks && holds_already(book, wish, now)) return refuse(Refusal::too_many_bookings);
  entry.grant.log = book.log;
  entry.grant.number = book.last + 1;
  entry.grant.kind = wish.kind;
  entry.grant.bay = wish.bay;
  entry.grant.site = site_of(wish.bay);
  entry.grant.account = wish.account;
  entry.grant.vehicle = wish.vehicle;
  entry.grant.booking_kind = wish.booking_kind;
  entry.grant.span = {start, wish.span.end};
  entry.grant.granted_until = given.end;
  entry.grant.energy_estimate_milliwh = wish.energy_estimate_milliwh;
  entry.grant.booking = wish.booking;
  entry.phone = wish.phone;
  entry.ask = wish.ask;
  entry.at = now;
  return entry;
}

std::optional<Entry> next_to_free(const Book& book, const std::set<BayId>& bays_with_car, Instant now) {
  if (book.entries.size() >= limits::handover_log_entries) return std::nullopt;
  for (const OwnHold& hold : book.holds) {
    if (hold.freed || hold.used || hold.until > now || bays_with_car.contains(hold.bay)) continue;
    Entry entry;
    entry.grant.log = book.log;
    entry.grant.number = book.last + 1;
    entry.grant.kind = GrantKind::free;
    entry.grant.site = site_of(hold.bay);
    entry.grant.bay = hold.bay;
    entry.grant.of = hold.number;
    entry.at = now;
    return entry;
  }
  return std::nullopt;
}

void add(Book& book, Entry entry) {
  book.last = entry.grant.number;
  if (entry.grant.kind == GrantKind::free) {
    for (OwnHold& hold : book.holds) hold.freed |= hold.number == entry.grant.of;
  } else if (entry.grant.kind == GrantKind::hold && entry.grant.booking_kind == core::BookingKind::walk_up) {
    book.holds.push_back(
        {entry.grant.number, entry.grant.bay, entry.grant.account, entry.phone, entry.at + book.briefing.walk_up_hold});
  }
  if (!entry.ask.empty()) {
    if (book.asks.size() >= limits::handover_asks_known) book.asks.erase(book.asks.begin());
    book.asks.push_back({entry.ask, entry.grant.number});
  }
  book.entries.push_back(std::move(entry));
}

std::optional<Holder> holder_at(const Book& book, BayId bay, Instant now) {
  const BriefedBay* briefed = bay_of(book, bay);
  if (!briefed) return std::nullopt;
  for (const BriefedClaim& claim : briefed->claims) {
    const bool freed = claim.grant != 0 && freed_here(book, claim.grant);
    if (!freed && claim.held.contains(now)) return Holder{claim.account, claim.booking};
  }
  for (const Entry& entry : book.entries) {
    const bool hold = entry.grant.kind == GrantKind::hold && entry.grant.bay == bay;
    const bool now_in = entry.grant.span.start <= now && now < entry.grant.granted_until;
    if (hold && now_in && !freed_here(book, entry.grant.number)) return Holder{entry.grant.account, {}};
  }
  return std::nullopt;
}

std::optional<Instant> held_until(const Book& book, BayId bay, Instant now) {
  const BriefedBay* briefed = bay_of(book, bay);
  if (!briefed) return std::nullopt;
  for (const Interval& held : held_in(book, *briefed)) {
    if (held.contains(now)) return held.end;
  }
  return std::nullopt;
}

void mark_used(Book& book, BayId bay) {
  for (OwnHold& hold : book.holds) hold.used |= hold.bay == bay && !hold.freed;
}

}  // namespace bayward::authority
