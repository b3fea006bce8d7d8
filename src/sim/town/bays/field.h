// All bays of ours in the town with what surrounds them: the mains, the sun, the air, smoke. Steps them in town time.
//
// A bay is stepped every 400 ms of town time when nothing happens to it, and every 10 ms from when something does (a
// drill, or a danger that its agent reports) until a minute after. 400 ms is what the slowest rule of bay/safety bears:
// readings are stale and steps too far apart after 500 ms. At speeds above 60 the short step grows with the speed, so
// that one bay in trouble costs at most 6000 steps a second of the machine's.
//
// The town's thread. When the machine can't keep up, the bays' time lags behind the town's; lag() tells by how much.
#pragma once

#include <list>
#include <map>
#include <string>
#include <vector>

#include "net/io.h"
#include "sim/physics/mains.h"
#include "sim/physics/smoke.h"
#include "sim/physics/sun.h"
#include "sim/town/bays/own_bay.h"
#include "sim/town/town_time.h"

namespace bayward::town {

inline constexpr Duration coarse_step{400ms};

class Field {
 public:
  Field(net::IoContext& io, TownTime& time, double speed, uint64_t seed);
  ~Field();
  Field(const Field&) = delete;
  Field& operator=(const Field&) = delete;

  struct Spot {
    size_t level = 0;
    double east_m = 0;
    double north_m = 0;
  };
  // The bay outlives the field's last step; its owner lets it go after stop().
  void add(OwnBay& bay, const Spot& spot);
  // Smoke spreads between the bays that are there by then.
  void start();
  // No more steps; the agents hang up.
  void stop();

  OwnBay* find(std::string_view label);
  std::vector<OwnBay*> bays();
  size_t size() const { return places_.size(); }
  size_t online() const;
  bool all_online() const { return online() == size(); }
  bool idle() const;
  uint64_t calls() const;
  // By how much the bays' time is behind the town's.
  Duration lag() const { return time_.now() - stepped_to_; }
  uint64_t steps() const { return steps_; }

  // Something happens to this bay: short steps for a while.
  void attend(const OwnBay& bay);
  physics::Mains& mains() { return mains_; }
  void set_smoke_source(const OwnBay& bay, double percent_per_m_s);
  double smoke_at(const OwnBay& bay) const;

 private:
  struct Place {
    OwnBay* bay = nullptr;
    Spot spot;
    size_t smoke_index = 0;
    Instant stepped_to{};
    Instant fine_until{};
  };

  void tick();
  void step_all(Instant to);
  void step_one(Place& place, Instant to);
  Surroundings surroundings_of(const Place& place, Instant at);
  Duration next_round() const;  // of the machine's time
  bay::Moment moment(Instant at) const { return {at - began_ + 1h, at}; }
  const Place* place_of(const OwnBay& bay) const;

  net::IoContext& io_;
  TownTime& time_;
  double speed_;
  Duration fine_step_;
  uint64_t seed_;
  physics::Mains mains_;
  std::list<Place> places_;
  std::vector<physics::Smoke> smoke_;  // by level
  Surroundings shared_;                // but for smoke, at shared_at_
  Instant shared_at_{};
  Instant began_{};
  Instant stepped_to_{};
  uint64_t steps_ = 0;
  bool running_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // timers look here first
};

}  // namespace bayward::town
