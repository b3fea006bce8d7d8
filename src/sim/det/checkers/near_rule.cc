#include "sim/det/checkers/near_rule.h"

#include <algorithm>

namespace bayward::sim {

using namespace core;

bool NearRule::freed(SiteId site, uint64_t grant) const {
  const auto& waiting = sites_.at(site).waiting;
  return std::any_of(waiting.begin(), waiting.end(), [&](const auto& item) {
    return item.second.grant.kind == GrantKind::free && item.second.grant.of == grant;
  });
}

// `granted_until`: the part before was the controller's to give.
void NearRule::promised_by_platform(SiteId site, BookingId id, BayId bay, const Interval& span, Instant granted_until) {
  Controlled& controlled = sites_[site];
  if (!controlled.has_controller) return;
  const Interval own{std::max(span.start, granted_until), span.end};
  if (own.empty()) return;
  if (own.start < controlled.watermark) {
    problems_.report("near", to_text(id) + " is sold by the platform from " + to_rfc3339(own.start) +
                                 ", the controller's slots reach to " + to_rfc3339(controlled.watermark));
  }
  for (const auto& [number, given] : controlled.waiting) {
    const TakeGrant& grant = given.grant;
    const bool holds = grant.kind != GrantKind::free && grant.bay == bay && !freed(site, number);
    if (holds && own.overlaps({grant.span.start, grant.granted_until})) {
      problems_.report(
          "near", to_text(id) + " is sold on top of number " + std::to_string(number) + " of the controller's log");
    }
  }
}

void NearRule::taken(SiteId site, const GrantTaken& event) {
  Controlled& controlled = sites_[site];
  if (event.number != controlled.taken + 1) {
    problems_.report("near", to_text(site) + " takes number " + std::to_string(event.number) + " after " +
                                 std::to_string(controlled.taken));
  }
  controlled.taken = event.number;
  if (controlled.waiting.erase(event.number) == 0) {
    problems_.report("near", "number " + std::to_string(event.number) + " was never given");
  }
  marks_.hit(event.refusal ? Mark::grant_refused : Mark::grant_taken);
}

void NearRule::look(SiteId site, const Event& event) {
  if (std::holds_alternative<ControllerAssigned>(event)) {
    sites_[site].has_controller = true;
    sites_[site].taken = 0;
  } else if (const auto* over = std::get_if<SlotsHandedOver>(&event)) {
    if (over->watermark <= sites_[site].watermark) problems_.report("near", "the watermark retreats");
    sites_[site].watermark = over->watermark;
  } else if (const auto* requested = std::get_if<BookingRequested>(&event)) {
    const Instant granted = requested->grant != 0 ? requested->granted_until : Instant{};
    if (requested->grant != 0) grant_of_[requested->booking] = requested->grant;
    promised_by_platform(site, requested->booking, requested->bay, requested->span, granted);
  } else if (const auto* moved = std::get_if<BookingMoved>(&event)) {
    const ModelBooking& booking = model_.bookings.at(moved->booking);
    promised_by_platform(site, moved->booking, moved->to, {booking.span.start, booking.slots_end}, {});
  } else if (const auto* extended = std::get_if<BookingExtended>(&event)) {
    const ModelBooking& booking = model_.bookings.at(extended->booking);
    Instant granted{};
    for (const auto& [number, given] : sites_[site].waiting) {
      const bool next = number == sites_[site].taken + 1 && given.grant.kind == GrantKind::extend;
      if (next && given.grant.booking == extended->booking) granted = given.grant.granted_until;
    }
    promised_by_platform(site, extended->booking, booking.bay, {booking.span.end, extended->end}, granted);
  } else if (const auto* number = std::get_if<GrantTaken>(&event)) {
    taken(site, *number);
  }
}

void NearRule::given(const TakeGrant& grant, Instant watermark) {
  const SiteId site = grant.site;
  Controlled& controlled = sites_[site];
  if (watermark > controlled.watermark) problems_.report("near", "the controller has slots that were not handed over");
  if (grant.kind == GrantKind::free) {
    marks_.hit(Mark::hold_freed_on_the_spot);
    controlled.waiting.emplace(grant.number, Given{grant});
    return;
  }
  const Interval given{grant.span.start, grant.granted_until};
  if (given.end > watermark) problems_.report("near", "the controller gives what is the platform's");
  const auto there = model_.on_bay.find(grant.bay);
  const std::vector<BookingId> none;
  for (const BookingId id : there == model_.on_bay.end() ? none : there->second) {
    const ModelBooking& booking = model_.bookings.at(id);
    const auto of = grant_of_.find(id);
    const bool over = of != grant_of_.end() && freed(site, of->second);
    const Interval held{booking.span.start, booking.slots_end};
    if (over || held.empty() || !given.overlaps(held)) continue;
    problems_.report("near", "number " + std::to_string(grant.number) + " is given on top of " + describe(booking, id));
  }
  for (const auto& [number, other] : controlled.waiting) {
    const bool holds = other.grant.kind != GrantKind::free && other.grant.bay == grant.bay && !freed(site, number);
    if (holds && given.overlaps({other.grant.span.start, other.grant.granted_until})) {
      problems_.report(
          "near", "numbers " + std::to_string(number) + " and " + std::to_string(grant.number) + " are the same slots");
    }
  }
  controlled.waiting.emplace(grant.number, Given{grant});
}

void NearRule::at_rest() const {
  for (const auto& [site, controlled] : sites_) {
    for (const auto& [number, given] : controlled.waiting) {
      problems_.report("near",
                       "number " + std::to_string(number) + " of " + to_text(site) + " never came to the books");
    }
  }
}

}  // namespace bayward::sim
