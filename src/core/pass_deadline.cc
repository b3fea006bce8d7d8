#include "core/pass_deadline.h"

#include "core/booking/decide.h"
#include "core/driving/decide.h"
#include "core/incident/decide.h"
#include "core/watch/decide.h"

namespace bayward::core {

Decided decide(const State& state, const Actor&, const PassDeadline& command, Instant now) {
  const Deadline& deadline = command.deadline;
  if (deadline.kind == DeadlineKind::watch) {
    const WatchOrder* order = state.watch_book.find(WatchOrderId{deadline.subject});
    return Decision{StreamId::of_platform(), order ? pass_watch(*order, now) : std::vector<Event>{}, deadline.subject};
  }
  if (deadline.kind == DeadlineKind::accident) {
    const Account* account = state.account(AccountId{deadline.subject});
    if (!account) return Failure{Refusal::unknown_account};
    return Decision{StreamId::of(account->id), pass_accidents(*account, now), deadline.subject};
  }
  const Site* site = state.site(deadline.site);
  if (!site) return Failure{Refusal::unknown_site};
  Decision decision{StreamId::of(site->id), {}, deadline.subject};
  switch (deadline.kind) {
    case DeadlineKind::day:
      decision.events.push_back(DayBegan{to_days(site->zone.local_date(now))});
      break;
    case DeadlineKind::booking:
      if (const Booking* booking = site->bookings.find(BookingId{deadline.subject}); booking && booking->due <= now) {
        decision.events = pass_booking(*site, *booking, now);
      }
      break;
    case DeadlineKind::charging:
      if (const Bay* bay = site->bay(BayId{deadline.subject});
          bay && bay->wanted_start && bay->wanted_start->until <= now) {
        decision.events.push_back(ChargingLapsed{bay->id, bay->wanted_start->booking, bay->wanted_start->account});
      }
      break;
    case DeadlineKind::incident:
      if (const Incident* incident = site->incidents.find(IncidentId{deadline.subject})) {
        decision.events = pass_incident(*site, *incident, now);
      }
      break;
    case DeadlineKind::delivery:
      if (const Delivery* delivery = site->deliveries.find(DeliveryId{deadline.subject});
          delivery && delivery->pending() && delivery->due <= now) {
        decision.events = pass_delivery(*delivery, now);
      }
      break;
    case DeadlineKind::silence:
      if (const Station* station = site->station(StationId{deadline.subject})) {
        decision.events = pass_silence(*site, *station, now);
      }
      break;
    case DeadlineKind::watch:
    case DeadlineKind::accident:
      break;
  }
  return decision;
}

}  // namespace bayward::core
