// The lamps of the town's garage behind one Modbus TCP gateway: a holding register each (site/lamps/lamp_register.h),
// which bayward-site writes. A thread of its own answers; what changed is told on the town's thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "net/io.h"
#include "ports/lamp.h"

namespace bayward::town {

class TownLamps {
 public:
  using At = std::chrono::steady_clock::time_point;

  // Lamp i is register i. Listens on a free port of this machine when it returns.
  static Result<std::unique_ptr<TownLamps>> start(net::IoContext& io, std::vector<std::string> lamps);
  ~TownLamps();
  TownLamps(const TownLamps&) = delete;
  TownLamps& operator=(const TownLamps&) = delete;

  uint16_t port() const;
  const std::vector<std::string>& names() const { return names_; }

  // The rest belongs to the town's thread.
  const std::map<std::string, LampShow>& lit() const { return lit_; }
  // Called after lit() has it; `at`: when the register was written. Empty: nobody listens.
  std::function<void(const std::string& lamp, LampShow show, At at)> changed;

 private:
  struct Gateway;
  explicit TownLamps(std::vector<std::string> names);
  void told(size_t lamp, uint16_t value, At at);

  std::vector<std::string> names_;
  std::map<std::string, LampShow> lit_;
  std::shared_ptr<TownLamps*> self_;  // emptied when it goes: what was posted looks here first
  std::unique_ptr<Gateway> gateway_;
  std::jthread thread_;  // last: ends first
};

}  // namespace bayward::town
