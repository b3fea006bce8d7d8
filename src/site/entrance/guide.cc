#include "site/entrance/guide.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/limits.h"

namespace bayward::site {
namespace {

using NodeIndex = core::GarageGraph::NodeIndex;

constexpr int colours = 6;  // LampColour::green .. white

LampSign sign_of(core::Turn turn) {
  switch (turn) {
    case core::Turn::straight:
      return LampSign::straight;
    case core::Turn::left:
      return LampSign::left;
    case core::Turn::right:
      return LampSign::right;
    case core::Turn::back:
      return LampSign::back;
    case core::Turn::up:
      return LampSign::up;
    case core::Turn::down:
      return LampSign::down;
    case core::Turn::here:
      return LampSign::here;
  }
  return LampSign::off;
}

}  // namespace

LampRhythm rhythm_of(LampColour colour) {
  return static_cast<LampRhythm>(colour);
}

Guide::Guide(core::GarageGraph graph, GuideOptions options) : graph_(std::move(graph)), options_(options) {}

Instant Guide::expected(const Guided& car, size_t step) const {
  const int64_t way_dm = car.route[step].from_start_dm - car.route[car.at].from_start_dm;
  return car.at_since + Duration{way_dm * 1000 / options_.speed_dm_per_s};
}

Instant Guide::given_up(const Guided& car, size_t step) const {
  const bool sensor = graph_.node(car.route[step].node).sensor;
  return expected(car, step) + (sensor ? options_.window : options_.slack);
}

std::optional<size_t> Guide::ahead(const Guided& car, NodeIndex node) {
  for (size_t step = car.at + 1; step < car.route.size(); ++step) {
    if (car.route[step].node == node) return step;
  }
  return std::nullopt;
}

void Guide::start(std::string_view entrance, CarToGuide car, Instant now) {
  advance(now);
  const auto from = graph_.find(entrance);
  const auto to = graph_.find(car.bay);
  if (!from || !to || !core::shortest_route(graph_, *from, *to)) {
    const std::string reason = from ? (to ? "there is no way to the bay" : "the bay is not in the garage plan")
                                    : "the entrance is not in the garage plan";
    events_.push_back({.what = GuideWhat::not_guided, .car = car, .reason = reason});
    return;
  }
  for (size_t i = cars_.size(); i-- > 0;) {
    if (cars_[i].car.booking == car.booking || cars_[i].car.bay == car.bay) finish(i, GuideWhat::ended);
  }
  std::erase_if(waiting_, [&](const Waiting& one) { return one.car.booking == car.booking || one.car.bay == car.bay; });
  begin_waiting(now);
  if (free_colour()) {
    begin(car, *from, now);
  } else if (waiting_.size() < limits::cars_waiting_for_guidance) {
    waiting_.push_back({car, *from, now});
    events_.push_back({.what = GuideWhat::waiting, .car = car});
  } else {
    events_.push_back({.what = GuideWhat::not_guided, .car = car, .reason = "too many cars are being guided"});
  }
  light(now);
}

void Guide::begin(CarToGuide car, NodeIndex entrance, Instant now) {
  const LampColour colour = *free_colour();
  last_colour_ = colour;
  cars_.push_back({.car = car,
                   .route = *core::shortest_route(graph_, entrance, *graph_.find(car.bay)),
                   .colour = colour,
                   .at_since = now});
  events_.push_back({.what = GuideWhat::started, .car = car, .colour = colour});
}

// Round and round, so that the colour of a car that has just gone isn't the next one's.
std::optional<LampColour> Guide::free_colour() const {
  for (int i = 1; i <= colours; ++i) {
    const auto colour = static_cast<LampColour>((static_cast<int>(last_colour_) - 1 + i + colours) % colours + 1);
    if (std::ranges::none_of(cars_, [colour](const Guided& car) { return car.colour == colour; })) return colour;
  }
  return std::nullopt;
}

void Guide::begin_waiting(Instant now) {
  while (!waiting_.empty() && free_colour()) {
    const Waiting next = waiting_.front();
    waiting_.pop_front();
    begin(next.car, next.entrance, now);
  }
}

void Guide::finish(size_t index, GuideWhat what) {
  events_.push_back({.what = what, .car = cars_[index].car});
  cars_.erase(cars_.begin() + static_cast<std::ptrdiff_t>(index));
}

void Guide::passed(std::string_view junction, Instant now) {
  advance(now);
  const auto node = graph_.find(junction);
  if (!node) return;
  Guided* best = nullptr;
  size_t best_step = 0;
  Duration best_off = options_.window + Duration{1};
  for (Guided& car : cars_) {
    const auto step = ahead(car, *node);
    if (!step) continue;
    // Nobody drives three times as fast as expected.
    if (now - car.at_since < (expected(car, *step) - car.at_since) / 3) continue;
    const Duration off = std::chrono::abs(expected(car, *step) - now);
    // Whoever the lamp is lit for is the likely one.
    const auto owner = owners_.find(graph_.node(*node).name);
    const bool owns = owner != owners_.end() && owner->second == car.car.booking;
    if (off > options_.window || (best != nullptr && off >= best_off && !owns)) continue;
    best = &car;
    best_step = *step;
    best_off = owns ? Duration{0} : off;
  }
  if (best == nullptr) return;
  best->at = best_step;
  best->at_since = now;
  light(now);
}

void Guide::arrived(BayId bay, Instant now) {
  const auto found = std::ranges::find(cars_, bay, [](const Guided& car) { return car.car.bay; });
  if (found != cars_.end()) finish(static_cast<size_t>(found - cars_.begin()), GuideWhat::arrived);
  advance(now);
}

void Guide::end(BookingId booking, Instant now) {
  const auto found = std::ranges::find(cars_, booking, [](const Guided& car) { return car.car.booking; });
  if (found != cars_.end()) finish(static_cast<size_t>(found - cars_.begin()), GuideWhat::ended);
  std::erase_if(waiting_, [booking](const Waiting& one) { return one.car.booking == booking; });
  advance(now);
}

void Guide::advance(Instant now) {
  for (size_t i = cars_.size(); i-- > 0;) {
    Guided& car = cars_[i];
    if (car.at_since > now) car.at_since = now;  // the clock stepped back
    // The bay itself is the last step: only its own sensor says that the car is there.
    while (car.at + 2 < car.route.size() && given_up(car, car.at + 1) <= now) {
      const Instant at = expected(car, car.at + 1);
      ++car.at;
      car.at_since = at;
    }
    if (expected(car, car.route.size() - 1) + options_.lost <= now) finish(i, GuideWhat::lost);
  }
  std::erase_if(waiting_, [&](const Waiting& one) {
    if (now - one.since < options_.lost) return false;
    events_.push_back({.what = GuideWhat::lost, .car = one.car});
    return true;
  });
  begin_waiting(now);
  light(now);
}

void Guide::light(Instant now) {
  lamps_.clear();
  std::set<NodeIndex> nodes;
  for (const Guided& car : cars_) {
    for (const core::RouteStep& step : car.route) nodes.insert(step.node);
    lamps_[bay_lamp(car.car.bay)] = {LampSign::here, car.colour, rhythm_of(car.colour)};
  }
  std::erase_if(owners_, [&](const auto& owner) {
    const auto node = graph_.find(owner.first);
    return !node || !nodes.contains(*node);
  });
  for (const NodeIndex node : nodes) {
    if (graph_.node(node).kind != core::GarageNodeKind::bay) light_junction(graph_.node(node).name, node, now);
  }
}

void Guide::light_junction(const std::string& lamp, NodeIndex node, Instant now) {
  const Guided* shown = nullptr;
  size_t shown_step = 0;
  const auto owner = owners_.find(lamp);
  for (const Guided& car : cars_) {
    // The entrance is lit until the car is away from it.
    const bool here = car.at == 0 && car.route[0].node == node && now < car.at_since + options_.lead;
    const auto step = here ? std::optional<size_t>{0} : ahead(car, node);
    if (!step) continue;
    const bool near = *step <= car.at + 1 || expected(car, *step) <= now + options_.lead;
    if (!near) continue;
    if (owner != owners_.end() && owner->second == car.car.booking) {
      shown = &car;
      shown_step = *step;
      break;
    }
    if (shown != nullptr && expected(*shown, shown_step) <= expected(car, *step)) continue;
    shown = &car;
    shown_step = *step;
  }
  if (shown == nullptr) {
    owners_.erase(lamp);
    return;
  }
  owners_[lamp] = shown->car.booking;
  lamps_[lamp] = {sign_of(shown->route[shown_step].turn), shown->colour, rhythm_of(shown->colour)};
}

std::vector<GuideEvent> Guide::take_events() {
  return std::exchange(events_, {});
}

}  // namespace bayward::site
