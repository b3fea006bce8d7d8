// Near slots (A11 over a split link): whatever platform and site controllers say, no moment of a bay is promised to two
// at the same time. Knows nothing of either side's own bookkeeping: promises are written down as they are given, the
// platform's when they are durable, a controller's when it has them on disk.
#pragma once

#include <map>
#include <set>

#include "core/command.h"
#include "sim/det/checkers/model.h"
#include "sim/det/checkers/problems.h"
#include "sim/det/marks.h"

namespace bayward::sim {

class NearRule {
 public:
  NearRule(const Model& model, Problems& problems, Marks& marks) : model_(model), problems_(problems), marks_(marks) {}

  // Before the model takes the event in.
  void look(SiteId site, const core::Event& event);
  // A controller has an entry of its log on disk; `watermark` is what it believes.
  void given(const core::TakeGrant& grant, Instant watermark);
  // Every entry is in the books.
  void at_rest() const;

 private:
  struct Given {
    core::TakeGrant grant;
    bool freed = false;
  };
  struct Controlled {
    bool has_controller = false;
    Instant watermark{};
    uint64_t taken = 0;
    std::map<uint64_t, Given> waiting;  // not taken yet
  };

  void promised_by_platform(SiteId site, BookingId id, BayId bay, const Interval& span, Instant granted_until);
  void taken(SiteId site, const core::GrantTaken& event);
  bool freed(SiteId site, uint64_t grant) const;

  const Model& model_;
  Problems& problems_;
  Marks& marks_;
  std::map<SiteId, Controlled> sites_;
  std::map<BookingId, uint64_t> grant_of_;
};

}  // namespace bayward::sim
