// Guides cars from the entrance to their bays by the lamps at the junctions (B1, B2). Pure; one thread.
//
// The rules that keep two cars apart:
// 1. Each guided car has a colour and a rhythm of its own, shown at the entrance; no two guided cars have the same.
// There
//    are six; a further car waits at the entrance until one is free again.
// 2. A lamp shows one car at a time: the one that is expected there first among those that are near. It keeps the lamp
//    until it has passed; then the next one gets it.
// 3. A lamp is lit for a car only while that car is near: from when it passed the junction before, or `lead` before it
// is
//    expected, until it has passed.
// A car passes a junction when its sensor says so, and without a sensor when it should have. A sensor's word belongs to
// the car that is expected there, within `window` and at no impossible speed; a car that nobody guides moves no lamp. A
// car that isn't seen for `lost` has gone another way: its lamps go off.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "core/guidance/route.h"
#include "ports/lamp.h"

namespace bayward::site {

struct GuideOptions {
  int32_t speed_dm_per_s = 28;  // 10 km/h
  Duration lead{15s};
  Duration slack{10s};   // no sensor: it has passed so long after it was expected
  Duration window{60s};  // a sensor's word so early or late still belongs to the car; as long a sensor is waited for
  Duration lost{5min};   // after it should have been at its bay
};

struct CarToGuide {
  BookingId booking;
  BayId bay;
};

enum class GuideWhat : uint8_t { started, waiting, arrived, lost, ended, not_guided };
constexpr std::string_view to_text(GuideWhat what) {
  constexpr std::string_view words[] = {"started", "waiting", "arrived", "lost", "ended", "not_guided"};
  return words[static_cast<size_t>(what)];
}
struct GuideEvent {
  GuideWhat what{};
  CarToGuide car;
  LampColour colour = LampColour::none;  // `started`
  std::string reason;                    // `not_guided`
};

class Guide {
 public:
  // The entrance of every car is a node of the graph.
  Guide(core::GarageGraph graph, GuideOptions options);

  // The car of this booking is at that entrance. A booking that is guided already begins anew; another car guided to
  // the same bay is guided no more.
  void start(std::string_view entrance, CarToGuide car, Instant now);
  // A vehicle passed the sensor of that junction: which one, it doesn't know.
  void passed(std::string_view junction, Instant now);
  // The car stands in its bay.
  void arrived(BayId bay, Instant now);
  // The booking is over or moved.
  void end(BookingId booking, Instant now);
  void advance(Instant now);

  // All lamps that are lit: by the junction's name, and by bay_lamp() the lamp of a bay that is waited in.
  const std::map<std::string, LampShow>& lamps() const { return lamps_; }
  static std::string bay_lamp(BayId bay) { return "bay." + to_text(bay); }

  // What happened since the last call.
  std::vector<GuideEvent> take_events();

 private:
  struct Guided {
    CarToGuide car;
    core::Route route;
    LampColour colour{};
    size_t at = 0;  // the step it passed last
    Instant at_since{};
  };
  struct Waiting {
    CarToGuide car;
    core::GarageGraph::NodeIndex entrance{};
    Instant since{};
  };

  Instant expected(const Guided& car, size_t step) const;
  // When it counts as passed without a word.
  Instant given_up(const Guided& car, size_t step) const;
  void begin(CarToGuide car, core::GarageGraph::NodeIndex entrance, Instant now);
  void finish(size_t index, GuideWhat what);
  void begin_waiting(Instant now);
  std::optional<LampColour> free_colour() const;
  void light(Instant now);
  void light_junction(const std::string& lamp, core::GarageGraph::NodeIndex node, Instant now);
  // The step of the car that is at `node` and still ahead; nothing: none.
  static std::optional<size_t> ahead(const Guided& car, core::GarageGraph::NodeIndex node);

  const core::GarageGraph graph_;
  const GuideOptions options_;
  std::vector<Guided> cars_;  // at most one a colour
  std::deque<Waiting> waiting_;
  std::map<std::string, BookingId> owners_;  // of lit junction lamps
  std::map<std::string, LampShow> lamps_;
  std::vector<GuideEvent> events_;
  LampColour last_colour_ = LampColour::none;
};

// The rhythm that goes with a colour.
LampRhythm rhythm_of(LampColour colour);

}  // namespace bayward::site
