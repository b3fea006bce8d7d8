// Reading from the business state what stations are wanted to do, for the Csms. On the stations' thread.
#pragma once

#include <vector>

#include "stations/flow.h"
#include "stations/wanted.h"

namespace bayward::stations {

class Csms;

// Instead of bays: read them, too.
inline const std::vector<StationBay> unknown_bays{{0, BayId{}}};

struct LookAt {
  StationId station;
  std::vector<StationBay> bays;
  bool with_list = false;
};

// Csms::on_seen() for each of them.
Flow look_at(Csms& csms, std::vector<LookAt> stations);
// Csms::on_links().
Flow check_links(Csms& csms);
// Csms::on_touched() with the stations that the events since the last time concern.
Flow settle(Csms& csms);

}  // namespace bayward::stations
