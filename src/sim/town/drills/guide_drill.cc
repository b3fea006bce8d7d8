// The drill "guide" (B1, B2): two cars with bookings and a strange one come to the entrance one after the other. The
// camera's plates go to bayward-site; what its lamps show comes back by Modbus, as a lamp sees it.
#include <algorithm>
#include <list>
#include <set>

#include "sim/town/drills/drill_steps.h"

namespace bayward::town {
namespace {

constexpr const char* strange_plate = "X-YZ 999";
constexpr Duration briefed_within{3s};  // of the machine: the platform looks round once a second
constexpr Duration between_cars{6s};

struct GuidedCar {
  Driver* driver = nullptr;
  OwnBay* bay = nullptr;
  Place* place = nullptr;
  std::string booking;
  std::string name;                // "car 1"
  std::vector<std::string> lamps;  // on its way, its bay's last
  LampColour colour = LampColour::none;
  std::set<std::string> seen;  // lamps that were lit in its colour
  bool arrived = false;
};

class GuideDrill {
 public:
  explicit GuideDrill(DrillRun& run) : run_(run), site_(run.world.site) {
    site_.lamps().changed = [this](const std::string& lamp, LampShow show, TownLamps::At at) {
      on_lamp(lamp, show, at);
    };
  }
  ~GuideDrill() { site_.lamps().changed = {}; }

  Task<> play(std::string label) {
    if (!co_await book(std::move(label)) || !co_await book({})) {
      co_await go_home();
      co_return;
    }
    co_await pause(run_.world.time, run_.world.time.in_real_time(briefed_within));
    if (co_await strange_car() && co_await drive_in(cars_.front())) {
      co_await pause(run_.world.time, between_cars);
      if (co_await drive_in(cars_.back())) co_await arrive();
    }
    co_await go_home();
  }

 private:
  TownTime& time() { return run_.world.time; }

  struct Lit {
    std::string lamp;
    LampShow show;
    TownLamps::At at;
  };

  Task<bool> book(std::string label) {
    GuidedCar car;
    car.driver = free_driver(run_.world);
    if (!car.driver) {
      run_.report.trouble = "no driver is free";
      co_return false;
    }
    car.booking = co_await hold_some_bay(run_, *car.driver, std::move(label));
    if (car.booking.empty()) co_return false;
    car.driver->busy = true;
    car.bay = run_.bay;
    car.place = run_.place;
    car.place->car = car.driver->plate;  // nobody else takes it
    car.name = "car " + std::to_string(cars_.size() + 1);
    car.lamps = site_.lamps_on_way(car.place->label, car.place->bay);
    run_.watch.note(car.name + " booked", "bay " + car.place->label + " for " + car.driver->plate);
    cars_.push_back(std::move(car));
    co_return true;
  }

  // A car without a booking lights nothing. In a running demo others may be guided meanwhile.
  Task<bool> strange_car() {
    const bool dark = site_.lamps().lit().empty();
    const uint64_t guided = site_.gate().guided;
    const std::string said = co_await site_.car_comes(strange_plate, cars_.front().place->label);
    co_await pause(time(), std::max(Duration{20s}, time().in_real_time(500ms)));
    if (said != "no_booking") run_.report.trouble = "the strange car: " + said;
    if (dark && guided == site_.gate().guided && !site_.lamps().lit().empty())
      run_.report.trouble = "a lamp was lit for the strange car";
    run_.watch.note("strange car", std::string(strange_plate) + ": " + said + ", no lamp is lit");
    co_return !run_.failed();
  }

  Task<bool> drive_in(GuidedCar& car) {
    others_.clear();
    run_.watch.note(car.name + " at the entrance", "the camera reads " + car.driver->plate);
    car_at_bay_.emplace_back(&car, time().now() + car.place->way_in);
    const std::string said = co_await site_.car_comes(car.driver->plate, car.place->label);
    if (said != "guided") run_.report.trouble = car.name + ": " + said;
    co_return !run_.failed();
  }

  Task<> arrive() {
    for (const auto& [car, at] : car_at_bay_) {
      co_await until(time(), at);
      car->bay->car_enters(car->driver->plate, time().now());
      car->arrived = true;
      run_.watch.note(car->name + " in its bay", car->place->label);
    }
    const auto dark = [this] {
      const auto& lit = site_.lamps().lit();
      return std::none_of(lit.begin(), lit.end(), [this](const auto& lamp) { return of(lamp.second.colour); });
    };
    if (!co_await run_.wait(dark, 2min, "the lamps did not go off")) co_return;
    run_.watch.note("all lamps off");
    for (const GuidedCar& car : cars_) {
      for (const std::string& lamp : car.lamps) {
        if (!car.seen.contains(lamp)) run_.report.trouble = lamp + " was never lit for " + car.name;
      }
    }
  }

  Task<> go_home() {
    for (GuidedCar& car : cars_) {
      if (car.arrived) car.bay->car_leaves(time().now());
      car.place->car.clear();
      (void)co_await car.driver->phone->post("/bookings/" + car.booking + "/cancel");
      car.driver->busy = false;
    }
  }

  // A car's colour is known from its bay's lamp; what was lit a moment before in that colour was for it, too.
  void on_lamp(const std::string& lamp, LampShow show, TownLamps::At at) {
    const LampShow was = std::exchange(shows_[lamp], show);
    if (show.sign == LampSign::off) {
      if (const GuidedCar* car = of(was.colour)) mark(car->name + ": " + lamp + " off", at, {});
      return;
    }
    for (GuidedCar& car : cars_) {
      if (car.colour == LampColour::none && lamp == car.lamps.back()) car.colour = show.colour;
    }
    others_.push_back({lamp, show, at});
    const auto lit = std::exchange(others_, {});
    for (const Lit& one : lit) {
      if (GuidedCar* car = of(one.show.colour)) {
        on_lit(*car, one);
      } else {
        others_.push_back(one);
      }
    }
  }
  void on_lit(GuidedCar& car, const Lit& lit) {
    car.seen.insert(lit.lamp);
    mark(car.name + ": " + lit.lamp + " lit", lit.at,
         std::string(to_text(lit.show.sign)) + ", " + std::string(to_text(lit.show.colour)) + ", " +
             std::string(to_text(lit.show.rhythm)));
    const bool on_way = std::find(car.lamps.begin(), car.lamps.end(), lit.lamp) != car.lamps.end();
    if (!on_way && !car.arrived) run_.report.trouble = lit.lamp + " is not on the way of " + car.name;
  }
  void mark(const std::string& name, TownLamps::At at, std::string note) {
    run_.watch.timeline.mark(name, at, time().now(), std::move(note));
    run_.watch.changes.announce();
  }
  GuidedCar* of(LampColour colour) {
    const auto found = std::find_if(cars_.begin(), cars_.end(), [colour](const GuidedCar& car) {
      return colour != LampColour::none && car.colour == colour;
    });
    return found == cars_.end() ? nullptr : &*found;
  }

  DrillRun& run_;
  SiteSide& site_;
  std::list<GuidedCar> cars_;
  std::vector<std::pair<GuidedCar*, Instant>> car_at_bay_;
  std::map<std::string, LampShow> shows_;
  std::vector<Lit> others_;  // nobody's of ours, since the last car came
};

}  // namespace

Task<> drill_guide(DrillRun& run, std::string label) {
  GuideDrill drill(run);
  co_await drill.play(std::move(label));
}

}  // namespace bayward::town
