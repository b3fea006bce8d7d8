// What a driver finds at a bay, whoever's charger stands there: drive in, plug in, show a card, drive off. A foreign
// charger's EVSE (foreign_side.h) or a bay of ours (bays/own_bay.h). The town's thread.
//
// Times say when it happened; they may lie a little in the past, never before an earlier event of the same bay.
#pragma once

#include <cstdint>
#include <string>

#include "sim/town/draw.h"
#include "sim/town/task.h"

namespace bayward::town {

class BaySide {
 public:
  virtual ~BaySide() = default;

  virtual void car_enters(const std::string& plate, Instant at) = 0;
  virtual void car_leaves(Instant at) = 0;
  virtual void plug_in(const Battery& battery, Instant at) = 0;
  virtual void unplug(Instant at) = 0;
  // What comes of it is seen in charging() after a while.
  virtual void show_card(const std::string& card, Instant at) = 0;
  // A transaction is running.
  virtual bool charging() const = 0;
  virtual int64_t power_max_w() const = 0;  // 0: no charger

  // Announced when something of the above has changed.
  Changes changes;
};

}  // namespace bayward::town
