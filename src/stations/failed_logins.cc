#include "stations/failed_logins.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::stations {
namespace {

constexpr Duration window{1min};

}  // namespace

bool FailedLogins::too_many(const std::string& identity, const std::string& peer, Instant now) const {
  const auto known = failures_.find({identity, peer});
  return known != failures_.end() && now - known->second.since < window && known->second.count >= per_minute_;
}

void FailedLogins::failed(const std::string& identity, const std::string& peer, Instant now) {
  if (failures_.size() >= limits::failed_logins && !failures_.contains({identity, peer})) {
    failures_.erase(std::min_element(failures_.begin(), failures_.end(),
                                     [](const auto& a, const auto& b) { return a.second.since < b.second.since; }));
  }
  Failures& known = failures_[{identity, peer}];
  if (known.count == 0 || now - known.since >= window) known = {0, now};
  ++known.count;
}

void FailedLogins::succeeded(const std::string& identity, const std::string& peer) {
  failures_.erase({identity, peer});
}

}  // namespace bayward::stations
