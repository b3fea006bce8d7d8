#include "core/watch/decide.h"

#include <algorithm>

#include "base/limits.h"
#include "core/incident/desk.h"
#include "core/visit/decide.h"

namespace bayward::core {
namespace {

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

bool readable(const std::vector<PlatePrints>& plates) {
  return std::all_of(plates.begin(), plates.end(), [](const PlatePrints& plate) { return plate && plate.bare; });
}

void watch_order(State& state, const WatchOrder& order) {
  state.watch({order.due(), SiteId{}, DeadlineKind::watch, order.id.value});
}

void look_at_standing(const State& state, const PlatePrints& wanted, std::vector<Command>& out) {
  for (auto it = state.standing.lower_bound({wanted.bare, BayId{}});
       it != state.standing.end() && it->first == wanted.bare; ++it) {
    const Bay* bay = state.site(site_of(it->second))->bay(it->second);
    out.push_back(LookUpPlate{it->second, bay->reading, Instant{}});
  }
}

}  // namespace

Decided decide(const State& state, const Actor&, const PlaceWatchOrder& command, Instant now) {
  if (!command.reference || command.end <= command.begin || !readable(command.plates)) return refuse(Refusal::invalid);
  if (command.end <= now) return refuse(Refusal::in_the_past);
  if (command.plates.size() > limits::watch_plates_together) return refuse(Refusal::limit_reached);
  const WatchOrder* before = state.watch_book.find(command.reference);
  const size_t freed = before ? before->plates.size() : 0;
  if (state.watch_book.orders() - (before ? 1 : 0) >= limits::watch_orders ||
      state.watch_book.plates() - freed + command.plates.size() > limits::watch_plates) {
    return refuse(Refusal::limit_reached);
  }
  WatchOrder order;
  order.id = state.watch_book.next_order();
  order.reference = command.reference;
  order.begin = command.begin;
  order.end = command.end;
  order.in_force = command.begin <= now;
  Decision decision{StreamId::of_platform(), {}, order.id.value};
  if (before) decision.events.push_back(WatchOrderEnded{before->id, WatchEnd::replaced});
  decision.events.push_back(WatchOrderPlaced{order});
  if (!command.plates.empty()) decision.events.push_back(WatchPlatesAdded{order.id, command.plates});
  return decision;
}

Decided decide(const State& state, const Actor&, const AddWatchPlates& command, Instant) {
  const WatchOrder* order = state.watch_book.find(command.order);
  if (!order) return refuse(Refusal::unknown_thing);
  if (!readable(command.plates)) return refuse(Refusal::invalid);
  if (command.plates.size() > limits::watch_plates_together ||
      state.watch_book.plates() + command.plates.size() > limits::watch_plates) {
    return refuse(Refusal::limit_reached);
  }
  Decision decision{StreamId::of_platform(), {}, order->id.value};
  if (!command.plates.empty()) decision.events.push_back(WatchPlatesAdded{order->id, command.plates});
  return decision;
}

// One that is gone has been withdrawn before, or has expired.
Decided decide(const State& state, const Actor&, const WithdrawWatchOrder& command, Instant) {
  const WatchOrder* order = state.watch_book.find(command.reference);
  Decision decision{StreamId::of_platform(), {}, order ? order->id.value : 0};
  if (order) decision.events.push_back(WatchOrderEnded{order->id, WatchEnd::withdrawn});
  return decision;
}

Decided decide(const State& state, const Actor&, const LookUpPlate& command, Instant now) {
  const Site* site = state.site(site_of(command.bay));
  const Bay* bay = site ? site->bay(command.bay) : nullptr;
  if (!bay) return refuse(Refusal::unknown_bay);
  if (!command.plate || !command.plate.bare) return refuse(Refusal::invalid);
  Decision decision{StreamId::of(site->id), {}, bay->id.value};
  const bool same_car = bay->reading == command.plate;
  if (same_car && bay->looked_up_revision == state.watch_book.revision()) return decision;
  const Instant at = believable(command.at, now);
  std::vector<WatchHit> hits = state.watch_book.look_up(command.plate);
  decision.events.push_back(PlateLookedUp{bay->id, command.plate, at, state.watch_book.revision(), hits});
  std::erase_if(hits, [&](const WatchHit& hit) {
    const bool told = same_car && std::count(bay->watch_told.begin(), bay->watch_told.end(), hit.order) > 0;
    return told || hit.score < watch_score_told;
  });
  if (hits.empty()) return decision;
  HazardReport report{bay->id, IncidentKind::watch_list, {}, command.plate.exact, at};
  report.hits = std::move(hits);
  IncidentDesk(*site, now, decision.events).raise(report);
  return decision;
}

Decided decide(const State& state, const Actor&, const GivePicture& command, Instant) {
  const Site* site = state.site(site_of(command.bay));
  const Bay* bay = site ? site->bay(command.bay) : nullptr;
  if (!bay) return refuse(Refusal::unknown_bay);
  if (command.desk.empty() || command.desk.size() > limits::label_chars) return refuse(Refusal::invalid);
  return Decision{
      StreamId::of(site->id), {PictureGiven{bay->id, command.vehicle, command.taken_at, command.desk}}, bay->id.value};
}

std::vector<Event> pass_watch(const WatchOrder& order, Instant now) {
  if (order.end <= now) return {WatchOrderEnded{order.id, WatchEnd::expired}};
  if (!order.in_force && order.begin <= now) return {WatchOrderBegan{order.id}};
  return {};
}

std::vector<Command> look_again(const State& state, const Event& event) {
  std::vector<Command> out;
  if (const auto* added = std::get_if<WatchPlatesAdded>(&event)) {
    const WatchOrder* order = state.watch_book.find(added->order);
    if (!order || !order->in_force) return out;
    for (const PlatePrints& wanted : added->plates) look_at_standing(state, wanted, out);
  } else if (const auto* began = std::get_if<WatchOrderBegan>(&event)) {
    const WatchOrder* order = state.watch_book.find(began->order);
    if (!order) return out;
    for (const PlatePrints& wanted : order->plates) look_at_standing(state, wanted, out);
  }
  return out;
}

void apply_to_watch(State& state, const Event& event) {
  if (const auto* placed = std::get_if<WatchOrderPlaced>(&event)) {
    state.watch_book.place(placed->order);
    watch_order(state, placed->order);
  } else if (const auto* added = std::get_if<WatchPlatesAdded>(&event)) {
    state.watch_book.add(added->order, added->plates);
  } else if (const auto* began = std::get_if<WatchOrderBegan>(&event)) {
    state.watch_book.begin(began->order);
    watch_order(state, *state.watch_book.find(began->order));
  } else if (const auto* ended = std::get_if<WatchOrderEnded>(&event)) {
    state.watch_book.end(ended->order);
  }
  ++state.platform_sequence;
}

}  // namespace bayward::core
