// Carries what is decided to the drivers: only what changed, everything anew every half minute (a lamp may have been
// exchanged or restarted), and all lamps off when the program starts. Drivers ignore lamps that aren't theirs. One
// thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "ports/lamp.h"

namespace bayward::site {

class LampDesk {
 public:
  static constexpr Duration repeat{30s};

  // `lamps`: all there are, so that those nobody wants lit are off. The drivers outlive it.
  LampDesk(std::vector<LampDriver*> drivers, const std::vector<std::string>& lamps) : drivers_(std::move(drivers)) {
    for (const std::string& lamp : lamps) shown_[lamp] = {};
  }

  void show(const std::map<std::string, LampShow>& lit, Instant now) {
    const bool all = !begun_ || now - all_shown_at_ >= repeat || now < all_shown_at_;
    if (all) all_shown_at_ = now;
    begun_ = true;
    for (const auto& [lamp, show] : lit) shown_.try_emplace(lamp);
    for (auto& [lamp, was] : shown_) {
      const auto wanted = lit.find(lamp);
      const LampShow is = wanted == lit.end() ? LampShow{} : wanted->second;
      if (is == was && !all) continue;
      was = is;
      for (LampDriver* driver : drivers_) driver->show(lamp, is);
    }
  }

 private:
  const std::vector<LampDriver*> drivers_;
  std::map<std::string, LampShow> shown_;  // lamps of the plan, and of its bays
  bool begun_ = false;
  Instant all_shown_at_{};
};

}  // namespace bayward::site
