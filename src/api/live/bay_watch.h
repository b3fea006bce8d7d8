// Which bays are to be looked at again, and whether what is seen is news. What everybody sees of a bay depends on
// events and on the time: each look says until when it holds, so that nobody has to look at all bays again and again.
// Pure: time is an argument. One thread.
//
// A bay that was never told is news. While nobody watches, what is due is kept, at most each bay once.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "api/live/live_index.h"
#include "base/time.h"

namespace bayward::api {

class BayWatch {
 public:
  explicit BayWatch(const LiveIndex& live) : live_(live) {}

  void touch(const std::vector<BayId>& bays) { touched_.insert(bays.begin(), bays.end()); }
  void touch_all_of(SiteId site) { ranges_.push_back({site, site_scoped<BayId>(site, 0)}); }
  void touch_all() { ranges_.push_back({SiteId{}, BayId{}}); }

  // At most so many. Each is to be told or touched again.
  std::vector<BayId> take_due(Instant now, size_t most);
  // When take_due() has something; nothing: not before something is touched.
  std::optional<Instant> next_due() const;
  // True: it is news. `essence` is what a change is judged by.
  bool tell(BayId bay, std::string essence, Instant holds_until);

 private:
  struct Range {
    SiteId site;  // none: all sites
    BayId last;   // taken already
  };
  struct Known {
    std::string essence;
    Instant holds_until = far_future;
  };

  void take_from_ranges(std::vector<BayId>& out, size_t most);
  void forget_time(BayId bay, Known& known);

  const LiveIndex& live_;
  std::unordered_set<BayId> touched_;
  std::deque<Range> ranges_;
  std::unordered_map<BayId, Known> known_;
  std::set<std::pair<Instant, BayId>> by_time_;
  Instant latest_{};
};

}  // namespace bayward::api
