// The demo's live summary: on a terminal drawn in place, elsewhere a line now and then.
#pragma once

#include <cstdio>
#include <string>

#include "base/time.h"
#include "ocpp/rpc/json.h"
#include "sim/town/site/site_side.h"
#include "sim/town/trip.h"

namespace bayward::town {

struct SummaryInput {
  Instant now{};
  double speed = 1;
  const Json& site;   // GET /sites/{id}
  const Json& stats;  // GET /stats
  size_t incidents = 0;
  size_t cars = 0;
  size_t stations = 0;
  size_t stations_online = 0;
  uint64_t station_calls = 0;
  uint64_t errors = 0;
  GateCounters gate{};
  size_t lamps_lit = 0;
};

class Summary {
 public:
  explicit Summary(std::FILE* out);
  void show(const SummaryInput& input);
  bool in_place() const { return in_place_; }

 private:
  std::FILE* out_;
  bool in_place_;
  int lines_ = 0;
};

}  // namespace bayward::town
