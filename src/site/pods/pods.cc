#include "site/pods/pods.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"

namespace bayward::site {
namespace {

bool may_act(const Pod& pod, const PodUser& user) {
  return pod.original.phone == user.phone ||
         std::ranges::any_of(pod.sharers, [&](const PodUser& one) { return one.phone == user.phone; });
}

}  // namespace

Pods::Pods(std::vector<std::string> pods, std::vector<std::string> poles, Geofence fence, PodRules rules)
    : poles_(std::move(poles)), fence_(std::move(fence)), rules_(rules) {
  BAYWARD_CHECK(pods.size() <= limits::pods_per_site && poles_.size() <= limits::poles_per_site);
  std::ranges::sort(poles_);
  for (const std::string& name : pods) pods_[name] = {.name = name, .on_mesh = false};
}

Pod* Pods::get(std::string_view pod) {
  const auto found = pods_.find(pod);
  return found == pods_.end() ? nullptr : &found->second;
}

const Pod* Pods::find(std::string_view pod) const {
  const auto found = pods_.find(pod);
  return found == pods_.end() ? nullptr : &found->second;
}

void Pods::tell(PodWhat what, const Pod& pod, Instant now, const PodUser& user, const PodUser& other) {
  events_.push_back({.what = what,
                     .pod = pod.name,
                     .pole = pod.pole,
                     .user = user,
                     .other = other,
                     .original = pod.original,
                     .at = now});
}

Result<Done, PodRefusal> Pods::unlock(std::string_view name, const PodUser& user, bool allowed, Instant now) {
  advance(now);
  Pod* pod = get(name);
  if (pod == nullptr) return Failure{PodRefusal::unknown_pod};
  if (!allowed) return Failure{PodRefusal::not_allowed};
  // Asked twice by the same person: it is open already.
  if (pod->lock_open() && pod->original.phone == user.phone) return Done{};
  if (pod->lock_open() || pod->charging) return Failure{PodRefusal::in_use};
  if (!pod->on_mesh) return Failure{PodRefusal::silent};
  if (pod->position && !fence_.contains(*pod->position)) return Failure{PodRefusal::outside};
  pod->place = pod->pole.empty() ? PodPlace::moving : PodPlace::unlocked;
  pod->original = user;
  pod->sharers.clear();
  pod->until = now + rules_.move_limit;
  tell(PodWhat::unlocked, *pod, now, user);
  return Done{};
}

Result<Done, PodRefusal> Pods::share(std::string_view name, const PodUser& by, const PodUser& with, Instant now) {
  advance(now);
  Pod* pod = get(name);
  if (pod == nullptr) return Failure{PodRefusal::unknown_pod};
  if (!pod->lock_open()) return Failure{PodRefusal::not_moving};
  if (pod->original.phone != by.phone) return Failure{PodRefusal::not_yours};
  if (!may_act(*pod, with)) {
    if (pod->sharers.size() >= limits::pod_sharers) return Failure{PodRefusal::too_many};
    pod->sharers.push_back(with);
  }
  tell(PodWhat::shared, *pod, now, by, with);
  return Done{};
}

Result<Done, PodRefusal> Pods::lock(std::string_view name, const PodUser& user, bool staff, Instant now) {
  advance(now);
  Pod* pod = get(name);
  if (pod == nullptr) return Failure{PodRefusal::unknown_pod};
  if (!pod->lock_open()) return Failure{PodRefusal::not_moving};
  if (!staff && !may_act(*pod, user)) return Failure{PodRefusal::not_yours};
  close(*pod, PodWhat::lock_by_user, now, user);
  return Done{};
}

void Pods::close(Pod& pod, PodWhat why, Instant now, const PodUser& user) {
  pod.place = pod.pole.empty() ? PodPlace::locked : PodPlace::hung;
  pod.sharers.clear();
  tell(why, pod, now, user);
}

void Pods::stop_power(Pod& pod, Instant now) {
  if (!std::exchange(pod.charging, false)) return;
  tell(PodWhat::power_off, pod, now);
}

void Pods::connected(std::string_view name, std::string_view pole, Instant now) {
  heard(name, now);
  Pod* pod = get(name);
  if (pod == nullptr || !std::ranges::binary_search(poles_, pole)) return;
  if (pod->pole == pole && pod->place != PodPlace::moving) return;  // said again
  // The pole has one hook: what hung there before has gone without a word.
  for (auto& [other, one] : pods_) {
    if (other != name && one.pole == pole) disconnected(other, now);
  }
  stop_power(*pod, now);
  pod->pole = pole;
  close(*pod, PodWhat::hung, now);
}

void Pods::disconnected(std::string_view name, Instant now) {
  Pod* pod = get(name);
  if (pod == nullptr || pod->pole.empty()) return;
  stop_power(*pod, now);
  const bool torn = pod->place == PodPlace::hung;
  tell(torn ? PodWhat::torn_off : PodWhat::taken_off, *pod, now);
  pod->place = torn ? PodPlace::locked : PodPlace::moving;
  pod->pole.clear();
}

void Pods::position(std::string_view name, core::GeoPoint at, Instant now) {
  heard(name, now);
  Pod* pod = get(name);
  if (pod == nullptr) return;
  pod->position = at;
  const bool outside = !fence_.contains(at);
  if (outside && pod->lock_open()) {
    pod->strayed = true;
    close(*pod, PodWhat::lock_by_fence, now);
  } else if (outside && !std::exchange(pod->strayed, true)) {
    tell(PodWhat::strayed, *pod, now);
  }
  if (!outside) pod->strayed = false;
}

void Pods::heard(std::string_view name, Instant now) {
  Pod* pod = get(name);
  if (pod == nullptr) return;
  pod->heard_at = now;
  if (std::exchange(pod->on_mesh, true)) return;
  tell(PodWhat::back_on_mesh, *pod, now);
}

void Pods::charging(std::string_view name, bool wanted, Instant now) {
  Pod* pod = get(name);
  if (pod == nullptr) return;
  if (!wanted) {
    stop_power(*pod, now);
  } else if (pod->place == PodPlace::hung && !pod->charging) {
    pod->charging = true;
    tell(PodWhat::power_on, *pod, now);
  }
}

void Pods::advance(Instant now) {
  for (auto& [name, pod] : pods_) {
    // A clock that stepped back makes no pod move for longer, and none silent.
    if (pod.lock_open() && pod.until > now + rules_.move_limit) pod.until = now + rules_.move_limit;
    if (pod.heard_at > now) pod.heard_at = now;
    if (pod.lock_open() && now >= pod.until) close(pod, PodWhat::lock_by_time, now);
    if (pod.on_mesh && now - pod.heard_at > rules_.silent_after) {
      pod.on_mesh = false;
      tell(PodWhat::left_mesh, pod, now);
    }
  }
}

bool Pods::powered(std::string_view pole) const {
  return std::ranges::any_of(pods_, [pole](const auto& one) {
    const Pod& pod = one.second;
    return pod.pole == pole && pod.place == PodPlace::hung && pod.charging;
  });
}

std::vector<PodEvent> Pods::take_events() {
  return std::exchange(events_, {});
}

void Pods::restore(const std::vector<Pod>& kept) {
  for (const Pod& one : kept) {
    Pod* pod = get(one.name);
    if (pod == nullptr) continue;
    *pod = one;
    // A session that charged is told again by who runs it; until then there is no power.
    pod->charging = false;
    if (!std::ranges::binary_search(poles_, pod->pole)) pod->pole.clear();
    if (pod->pole.empty() && pod->place == PodPlace::hung) pod->place = PodPlace::locked;
    if (pod->pole.empty() && pod->place == PodPlace::unlocked) pod->place = PodPlace::moving;
  }
}

}  // namespace bayward::site
