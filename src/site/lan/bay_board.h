// The bays of the configuration with what their stations last said: the BayStates of a site whose stations are heard
// over OCPP or the mesh. One thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "site/lan/bay_states.h"

namespace bayward::site {

class BayBoard : public BayStates {
 public:
  // In the order they are shown. Their `doing` is unknown until they are heard.
  struct Entry {
    BayState state;
    std::string station;  // OCPP identity; "" without a charger
    int evse = 1;
  };
  explicit BayBoard(std::vector<Entry> entries, Duration silent_after = 15min)
      : entries_(std::move(entries)), silent_after_(silent_after) {}

  // A station's word about one of its EVSEs; unknown ones are ignored.
  void heard(std::string_view station, int evse, BayDoing doing, Instant now) {
    for (Entry& entry : entries_) {
      if (entry.station != station || entry.evse != evse) continue;
      entry.state.doing = doing;
      entry.state.heard_at = now;
    }
  }
  // A sensor's word about a bay that has no station; false: there is no such bay, or its station speaks for it.
  bool tell(BayId bay, BayDoing doing, bool vehicle, Instant now) {
    for (Entry& entry : entries_) {
      if (entry.state.bay != bay || !entry.station.empty()) continue;
      entry.state.doing = doing;
      entry.state.sensed_vehicle = vehicle;
      entry.state.heard_at = now;
      return true;
    }
    return false;
  }
  // Any sign of life: what it said before still holds.
  void alive(std::string_view station, Instant now) {
    for (Entry& entry : entries_) {
      if (entry.station == station) entry.state.heard_at = now;
    }
  }
  void sensed(BayId bay, bool vehicle) {
    for (Entry& entry : entries_) {
      if (entry.state.bay == bay) entry.state.sensed_vehicle = vehicle;
    }
  }
  // The same, by the station that has the sensor.
  void sensed_at(std::string_view station, int64_t evse, bool vehicle) {
    for (Entry& entry : entries_) {
      if (entry.station == station && entry.evse == evse) entry.state.sensed_vehicle = vehicle;
    }
  }
  std::optional<BayId> bay_of(std::string_view station, int64_t evse) const {
    for (const Entry& entry : entries_) {
      if (entry.station == station && entry.evse == evse) return entry.state.bay;
    }
    return std::nullopt;
  }
  // A hold or booking until then.
  void taken(BayId bay, std::optional<Instant> until) {
    for (Entry& entry : entries_) {
      if (entry.state.bay == bay) entry.state.taken_until = until;
    }
  }

  std::vector<BayState> bays(Instant now) override {
    std::vector<BayState> out;
    for (const Entry& entry : entries_) {
      out.push_back(entry.state);
      BayState& state = out.back();
      if (now - state.heard_at > silent_after_) state.doing = BayDoing::unknown;
      if (state.taken_until && *state.taken_until <= now) state.taken_until.reset();
      if (state.taken_until && state.doing == BayDoing::idle) state.doing = BayDoing::reserved;
      if (state.sensed_vehicle == true && state.doing == BayDoing::idle) state.doing = BayDoing::occupied;
    }
    return out;
  }

 private:
  std::vector<Entry> entries_;
  const Duration silent_after_;
};

}  // namespace bayward::site
