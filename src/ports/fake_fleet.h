// Records of the fleet in memory, for tests.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "ports/fleet.h"

namespace bayward {

class FakeFleetRecords final : public FleetRecords {
 public:
  Status put_all(const std::vector<FleetDocument>& documents) override {
    const std::lock_guard lock(mutex_);
    if (broken) return fail("the medium is full");
    for (const FleetDocument& one : documents) {
      const auto key = std::tuple(one.kind, one.number, one.item);
      if (one.body) {
        kept_[key] = *one.body;
      } else {
        kept_.erase(key);
      }
    }
    return Done{};
  }
  Result<std::vector<FleetDocument>> read(FleetKind kind) override {
    const std::lock_guard lock(mutex_);
    std::vector<FleetDocument> out;
    for (const auto& [key, body] : kept_) {
      if (std::get<0>(key) == kind) out.push_back({kind, std::get<1>(key), std::get<2>(key), body});
    }
    return out;
  }
  bool broken = false;

 private:
  std::mutex mutex_;
  std::map<std::tuple<FleetKind, uint64_t, uint64_t>, std::string> kept_;
};

}  // namespace bayward
