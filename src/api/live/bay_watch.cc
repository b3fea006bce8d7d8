#include "api/live/bay_watch.h"

#include <algorithm>

namespace bayward::api {
namespace {

constexpr Duration clock_went_back = 1min;  // further than that: what was seen may be undone

}  // namespace

std::vector<BayId> BayWatch::take_due(Instant now, size_t most) {
  if (now < latest_ - clock_went_back) {
    touch_all();
    latest_ = now;
  }
  latest_ = std::max(latest_, now);
  std::vector<BayId> out;
  while (!touched_.empty() && out.size() < most) {
    out.push_back(*touched_.begin());
    touched_.erase(touched_.begin());
  }
  while (!by_time_.empty() && by_time_.begin()->first <= now && out.size() < most) {
    const BayId bay = by_time_.begin()->second;
    forget_time(bay, known_[bay]);
    out.push_back(bay);
  }
  while (!ranges_.empty() && out.size() < most) take_from_ranges(out, most - out.size());
  return out;
}

void BayWatch::take_from_ranges(std::vector<BayId>& out, size_t most) {
  Range& range = ranges_.front();
  std::vector<BayId> next = live_.bays_after(range.last, most);
  if (range.site) std::erase_if(next, [&](BayId bay) { return site_of(bay) != range.site; });
  if (next.empty()) return ranges_.pop_front();
  range.last = next.back();
  out.insert(out.end(), next.begin(), next.end());
}

std::optional<Instant> BayWatch::next_due() const {
  if (!touched_.empty() || !ranges_.empty()) return Instant{};
  return by_time_.empty() ? std::nullopt : std::optional(by_time_.begin()->first);
}

bool BayWatch::tell(BayId bay, std::string essence, Instant holds_until) {
  Known& known = known_[bay];
  forget_time(bay, known);
  known.holds_until = holds_until;
  if (holds_until < far_future) by_time_.emplace(holds_until, bay);
  if (known.essence == essence) return false;
  known.essence = std::move(essence);
  return true;
}

void BayWatch::forget_time(BayId bay, Known& known) {
  if (known.holds_until < far_future) by_time_.erase({known.holds_until, bay});
  known.holds_until = far_future;
}

}  // namespace bayward::api
