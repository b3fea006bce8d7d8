#include "sim/town/bays/field.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bayward::town {
namespace {

constexpr double calm_speed = 60;  // up to here a bay in trouble is stepped every 10 ms
constexpr Duration finest_step{10ms};
constexpr Duration attention{1min};   // of town time, after the last sign of trouble
constexpr Duration burst_max{20ms};   // of the machine's: then sockets have their turn
constexpr Duration pause_least{2ms};  // of the machine's, between two rounds
constexpr double panel_peak_w = 20;
const physics::Spot munich{};

// A garage's air follows the street's slowly.
double air_c(Instant at) {
  const double hour = static_cast<double>(unix_ms(at) % 86'400'000) / 3.6e6;
  return 18 + 3 * std::cos((hour - 16) / 24 * 2 * std::numbers::pi);
}

}  // namespace

Field::Field(net::IoContext& io, TownTime& time, double speed, uint64_t seed)
    : io_(io),
      time_(time),
      speed_(speed),
      fine_step_(std::clamp(Duration{static_cast<int64_t>(finest_step.count() * speed / calm_speed)}, finest_step,
                            coarse_step)),
      seed_(seed),
      mains_(seed) {}

Field::~Field() {
  *alive_ = false;
}

void Field::add(OwnBay& bay, const Spot& spot) {
  places_.push_back({&bay, spot, 0, {}, {}});
}

void Field::start() {
  size_t levels = 0;
  for (const Place& place : places_) levels = std::max(levels, place.spot.level + 1);
  std::vector<std::vector<physics::Smoke::Point>> points(levels);
  for (Place& place : places_) {
    place.smoke_index = points[place.spot.level].size();
    points[place.spot.level].push_back({place.spot.east_m, place.spot.north_m});
  }
  smoke_.clear();
  for (auto& level : points) smoke_.emplace_back(std::move(level));
  began_ = stepped_to_ = time_.now();
  for (Place& place : places_) place.stepped_to = began_;
  running_ = true;
  tick();
}

void Field::stop() {
  if (!std::exchange(running_, false)) return;
  for (Place& place : places_) place.bay->shut_down(moment(stepped_to_));
}

void Field::tick() {
  if (!running_) return;
  const Instant now = time_.now();
  const auto begun = std::chrono::steady_clock::now();
  while (stepped_to_ + coarse_step <= now && running_) {
    step_all(stepped_to_ + coarse_step);
    if (std::chrono::steady_clock::now() - begun > burst_max) break;
  }
  const bool behind = stepped_to_ + coarse_step <= time_.now();
  // Bays under attention are stepped up to the present at every round.
  for (Place& place : places_) {
    if (!behind && place.fine_until > stepped_to_) step_one(place, now);
  }
  io_.after(next_round(), [this, alive = alive_] {
    if (*alive) tick();
  });
}

Duration Field::next_round() const {
  const bool trouble =
      std::any_of(places_.begin(), places_.end(), [&](const Place& place) { return place.fine_until > stepped_to_; });
  const double town_ms = static_cast<double>((trouble ? fine_step_ : coarse_step).count());
  return std::max(pause_least, Duration{static_cast<int64_t>(town_ms / speed_)});
}

void Field::step_all(Instant to) {
  for (physics::Smoke& level : smoke_) level.step(to - stepped_to_);
  stepped_to_ = to;
  for (Place& place : places_) step_one(place, to);
}

void Field::step_one(Place& place, Instant to) {
  while (place.stepped_to < to) {
    const bool fine = place.fine_until > place.stepped_to;
    const Instant next = std::min(to, place.stepped_to + (fine ? fine_step_ : coarse_step));
    if (fine && next - place.stepped_to < fine_step_ && next != stepped_to_) return;  // later, a whole one
    place.stepped_to = next;
    place.bay->step(moment(next), surroundings_of(place, next));
    ++steps_;
    if (place.bay->agent().state().danger != bay::DangerLevel::none) attend(*place.bay);
  }
}

Surroundings Field::surroundings_of(const Place& place, Instant at) {
  if (at != shared_at_) {
    shared_ = {mains_.volts(at), air_c(at), 0, physics::panel_w(munich, at, panel_peak_w, seed_)};
    shared_at_ = at;
  }
  Surroundings around = shared_;
  around.smoke_percent_per_m = smoke_[place.spot.level].percent_per_m(place.smoke_index);
  if (place.spot.level > 0) around.solar_w = 0;  // only the upper level sees the sky
  return around;
}

OwnBay* Field::find(std::string_view label) {
  const auto found =
      std::find_if(places_.begin(), places_.end(), [&](const Place& place) { return place.bay->label() == label; });
  return found == places_.end() ? nullptr : found->bay;
}

std::vector<OwnBay*> Field::bays() {
  std::vector<OwnBay*> out;
  for (const Place& place : places_) out.push_back(place.bay);
  return out;
}

const Field::Place* Field::place_of(const OwnBay& bay) const {
  const auto found =
      std::find_if(places_.begin(), places_.end(), [&](const Place& place) { return place.bay == &bay; });
  return found == places_.end() ? nullptr : &*found;
}

size_t Field::online() const {
  return static_cast<size_t>(
      std::count_if(places_.begin(), places_.end(), [](const Place& place) { return place.bay->online(); }));
}

bool Field::idle() const {
  return std::all_of(places_.begin(), places_.end(), [](const Place& place) { return place.bay->idle(); });
}

uint64_t Field::calls() const {
  uint64_t sum = 0;
  for (const Place& place : places_) sum += place.bay->calls();
  return sum;
}

void Field::attend(const OwnBay& bay) {
  for (Place& place : places_) {
    if (place.bay == &bay) place.fine_until = place.stepped_to + attention;
  }
}

void Field::set_smoke_source(const OwnBay& bay, double percent_per_m_s) {
  if (const Place* place = place_of(bay)) smoke_[place->spot.level].set_source(place->smoke_index, percent_per_m_s);
}

double Field::smoke_at(const OwnBay& bay) const {
  const Place* place = place_of(bay);
  return place ? smoke_[place->spot.level].percent_per_m(place->smoke_index) : 0;
}

}  // namespace bayward::town
