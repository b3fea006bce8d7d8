// What the bay says to the people before it: lamp, display, and the sentence for the speaker, from what is going on
// (B3, B4, A9, D2, D3). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bay/agent/config.h"
#include "bay/hal/outputs.h"
#include "bay/safety/faults.h"

namespace bayward::bay {

struct Situation {
  bool operative = true;
  bool occupied = false;
  bool plugged = false;
  bool transaction = false;
  bool power_on = false;
  bool authorised = false;                  // known, and waiting for the plug
  std::optional<int64_t> reserved_minutes;  // left
  bool wrong_vehicle = false;               // the car that stands here is not the one the bay is, or was, reserved for
  bool holder = false;                      // it is
  bool refused = false;                     // a card was just refused
  std::optional<safety::Fault> fault;       // the worst that is latched
  std::optional<safety::Fault> warning;     // that asks the driver
  bool everybody = false;                   // danger that grows, here or heard over the mesh
  std::string danger_elsewhere;             // the other bay's label
  int64_t energy_wh = 0;                    // of the transaction
  int32_t power_w = 0;
  std::optional<std::string> message;  // of the central system (O01), shown as it is
  bool message_in_front = false;

  friend bool operator==(const Situation&, const Situation&) = default;
};

struct Signs {
  Lamp::Signal lamp;
  std::vector<std::string> lines;
  std::string sentence;  // empty: nothing to say
  bool urgent = false;
  friend bool operator==(const Signs&, const Signs&) = default;
};

Signs signs_of(const Situation& situation, Language language);

}  // namespace bayward::bay
