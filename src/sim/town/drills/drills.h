// Drills: something goes wrong in the running town on purpose, and it is written down who noticed when. One at a time.
// The town's thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/town/community.h"
#include "sim/town/drills/alarm_watch.h"
#include "sim/town/far_ends.h"
#include "sim/town/site/site_side.h"
#include "sim/town/trip.h"

namespace bayward::town {

struct DrillWorld {
  net::IoContext& io;
  TownTime& time;
  GarageField& field;
  Community& community;
  TripWorld& trips;
  TaskScope& scope;  // of the people that a drill sends
  SiteSide& site;
  FarEnds& far_ends;
  uint16_t server_port = 0;
  std::optional<uint16_t> police_door;  // of the server, for watch orders
};

// What the drill "server-down" needs besides: processes to kill. Not for a running demo (server_down.h).
inline constexpr std::string_view server_down = "server-down";

struct DrillOrder {
  std::string name;
  std::string bay;  // its label; empty: one that fits
};

struct DrillReport {
  std::string name;
  std::string bay;
  std::string trouble;  // empty: it went as it should
  Timeline timeline;
  std::vector<std::string> silent;  // of the marks, those of which the server's feed said nothing
  ocpp::Json books;                 // the server's figures at the end, where they are the point

  ocpp::Json to_json() const;
  std::string for_people() const;
};

struct DrillInfo {
  std::string_view name;
  std::string_view what;
};
std::span<const DrillInfo> drill_list();
bool is_drill(std::string_view name);

// Until all is well again, or the patience of its steps has ended.
Task<DrillReport> run_drill(DrillWorld& world, DrillOrder order);

}  // namespace bayward::town
