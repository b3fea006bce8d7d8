// What stands in the street: charging stations with their lines, bays, and which car is in which bay. The town's
// thread.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "net/io.h"
#include "sim/town/bay_side.h"
#include "sim/town/charge_point.h"
#include "sim/town/station_door.h"
#include "sim/town/task.h"

namespace bayward::town {

enum class OcppVersion : uint8_t { v16, v201 };

struct Post {
  std::string identity;
  std::unique_ptr<ChargePoint> point;
  std::vector<BaySide*> sides;  // told when something changes; theirs are the places
};

struct Place {
  std::string bay;  // the platform's id
  std::string label;
  std::string station;  // OCPP identity
  int32_t evse = 1;
  std::unique_ptr<BaySide> side;
  Duration way_in{};    // from the entrance
  std::string car;      // the plate that stands here or is on its way in; empty: nobody
  bool stands = false;  // ... and it is there

  bool has_charger() const { return side->power_max_w() > 0; }
};

class Street {
 public:
  // All outlive the street.
  Street(net::IoContext& io, TownTime& time, const StationDoor& door) : io_(io), time_(time), door_(door) {}

  // Given to every post that is added afterwards, see ChargePoint.
  std::function<void(Instant)> clock_told;

  Post& add_post(OcppVersion version, ChargePointConfig config, const std::string& password);
  // With the side that goes with this EVSE of the post.
  static std::unique_ptr<BaySide> side_of(Post& post, int32_t evse);
  Place& add_place(Place place);
  Place* find(const std::string& bay);
  // Some bay where nobody stands; null when all are taken.
  Place* some_empty(uint64_t dice);

  void switch_on();
  void hang_up();
  bool all_accepted() const;
  // No message waits and no answer is missing.
  bool idle() const;
  size_t posts() const { return posts_.size(); }
  size_t online() const;
  StationLink::Counters counters() const;
  std::list<Place>& places() { return places_; }
  std::list<Post>& all_posts() { return posts_; }

 private:
  net::IoContext& io_;
  TownTime& time_;
  const StationDoor& door_;
  std::list<Post> posts_;
  std::list<Place> places_;
  std::map<std::string, Place*> by_bay_;
};

}  // namespace bayward::town
