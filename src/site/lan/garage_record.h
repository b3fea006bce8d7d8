// What happened in the garage and has to be on record: who unlocked which pod with which network identity, which
// password was given and why it lives shorter, whose car was guided. No passwords, codes or pictures. The garage's
// thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace bayward::site {

struct GarageNote {
  Instant at{};
  std::string what;  // "pod.unlocked", "wifi.given", "guide.started"
  std::vector<std::pair<std::string, std::string>> facts;
  bool alarm = false;
};

class GarageRecord {
 public:
  virtual ~GarageRecord() = default;
  virtual void note(const GarageNote& note) = 0;
};

}  // namespace bayward::site
