#include "sim/det/checkers/checkers.h"

#include <algorithm>

namespace bayward::sim {

using namespace core;

namespace {

bool starts(const StreamEvent& event) {
  return std::holds_alternative<SessionStarted>(event.event);
}

}  // namespace

void Checkers::follow(Journal& journal) {
  const auto read = journal.read(followed_, [&](const JournalRecord& record) {
    if (record.position != followed_ + 1) {
      problems_.report("sequence",
                       "record " + std::to_string(record.position) + " follows " + std::to_string(followed_));
    }
    followed_ = record.position;
    const auto body = decode(record.body);
    if (!body) {
      problems_.report("replay", "record " + std::to_string(record.position) + " can't be read");
      return false;
    }
    for (const StreamEvent& event : body->events) look(event, record.at, body->events);
    promises_.look(*body);
    return true;
  });
  if (!read) problems_.report("replay", "the journal can't be read: " + read.error().message);
}

void Checkers::look(const StreamEvent& event, Instant at, const std::vector<StreamEvent>& record) {
  uint64_t& sequence = sequences_[event.stream];
  if (event.sequence != sequence + 1) {
    problems_.report("sequence", to_text(event.stream) + " goes from " + std::to_string(sequence) + " to " +
                                     std::to_string(event.sequence));
  }
  sequence = event.sequence;
  mark(event.event);
  if (std::holds_alternative<SessionStopped>(event.event) && std::any_of(record.begin(), record.end(), starts)) {
    marks_.hit(Mark::forgotten_session);
  }
  if (event.stream.kind == StreamKind::account) {
    books_.look(event.stream.account(), event.event);
    return;
  }
  if (const auto* day = std::get_if<DayBegan>(&event.event)) {
    const Interval span = model_.zones.at(event.stream.site()).day(from_days(day->day));
    if (span.length() != 24h) marks_.hit(Mark::short_or_long_day);
  }
  near_.look(event.stream.site(), event.event);
  alarms_.look(event.stream.site(), event.event, at, record);
  overlap_.look(event.event);
  power_.look(event.event, at, record);
  quota_.look(event.event);
  window_.look(event.event);
  if (const auto* ended = std::get_if<BookingEnded>(&event.event)) bill_.look(*ended);
  model_.apply(event.stream.site(), event.event);
}

void Checkers::mark_end(const BookingEnded& event) {
  if (event.end == BookingEnd::displaced) marks_.hit(Mark::displaced);
  if (event.end == BookingEnd::no_show) marks_.hit(Mark::no_show);
  if (event.end == BookingEnd::expired) marks_.hit(Mark::expired);
  if (event.end == BookingEnd::timed_out) marks_.hit(Mark::timed_out);
  if (event.end == BookingEnd::withdrawn) marks_.hit(Mark::withdrawn);
  if (event.end == BookingEnd::no_funds) marks_.hit(Mark::no_funds);
  if (event.end == BookingEnd::completed && event.slots_end < model_.bookings.at(event.booking).span.end) {
    marks_.hit(Mark::early_leave);
  }
}

void Checkers::mark(const Event& event) {
  if (const auto* ended = std::get_if<BookingEnded>(&event)) mark_end(*ended);
  if (std::holds_alternative<BookingMoved>(event)) marks_.hit(Mark::moved);
  if (std::holds_alternative<OverstayBegan>(event)) marks_.hit(Mark::overstay);
  if (std::holds_alternative<DeadlineRenewed>(event)) marks_.hit(Mark::saga_retried);
  if (std::holds_alternative<BookingExtended>(event)) marks_.hit(Mark::extended);
  if (const auto* wanted = std::get_if<SessionStopWanted>(&event)) stop_wanted_.push_back(wanted->session);
  if (const auto* stopped = std::get_if<SessionStopped>(&event); stopped && stopped->register_defect) {
    marks_.hit(Mark::register_defect);
  }
  if (const auto* began = std::get_if<VisitBegan>(&event); began && began->visit.kind == VisitKind::owner) {
    marks_.hit(Mark::owner_visit);
  }
}

void Checkers::compare(const State& state) const {
  books_.compare(state);
  alarms_.compare(state);
  for (uint64_t number = 1; number <= state.site_count(); ++number) {
    const Site& site = *state.site(SiteId{number});
    const SlotCalendar& calendar = site.calendar;
    // Days further ahead are compared where they have bookings: by the rules, as they are made.
    const Slot end = std::min(calendar.end(), calendar.first() + 4 * 86400 / calendar.unit_s());
    for (const Bay& bay : site.bays) {
      for (Slot slot = calendar.first(); slot < end; ++slot) {
        const Instant at = calendar.start_of(slot);
        const bool free = model_.shared(bay.id, at) && !model_.held(bay.id, at);
        if (free == calendar.free(Site::index(bay.id), slot)) continue;
        problems_.report("calendar",
                         to_text(bay.id) + " at " + to_rfc3339(at) +
                             (free ? " is free, but not for the calendar" : " is free for the calendar only"));
        return;
      }
    }
  }
}

void Checkers::at_rest(const State& state) const {
  for (const auto& [id, booking] : model_.bookings) {
    if (booking.phase != ModelBooking::Phase::closed) {
      problems_.report("stuck", describe(booking, id) + " never ends; it is in phase " +
                                    std::to_string(static_cast<int>(booking.phase)));
    }
    const auto captured = books_.captured().find(id);
    const bool charged = booking.end != BookingEnd::no_funds;
    if (charged && (captured == books_.captured().end() || captured->second != booking.total.minor)) {
      problems_.report("ledger",
                       to_text(id) + " costs " + to_text(booking.total) + ", captured was " +
                           (captured == books_.captured().end() ? "nothing" : std::to_string(captured->second)));
    }
  }
  near_.at_rest();
  alarms_.at_rest();
  books_.compare(state);
  books_.at_rest();
  promises_.effects_remain();
}

}  // namespace bayward::sim
