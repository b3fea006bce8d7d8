// Charging pods and the lamp poles they hang on (E1, E2). Pure; one thread.
//
//   hung ──unlock──> unlocked ──taken off──> moving
//    ^                  │                      │  time up, out of the geofence, the mover says so: locked
//    └── on any pole ───┴──────────────────────┘
//
// What always holds: a pod's lock is open only in `unlocked` and `moving`; these have a mover who was allowed to, a
// time that is not up, and no position outside the fence. A pole gives power only to the pod that hangs on it and
// charges. Every event carries who unlocked the pod last and the network identity behind that, also when others share
// the login.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/result.h"
#include "base/time.h"
#include "core/site/site.h"
#include "site/pods/geofence.h"

namespace bayward::site {

enum class PodPlace : uint8_t { hung, unlocked, moving, locked };
constexpr std::string_view to_text(PodPlace place) {
  constexpr std::string_view words[] = {"hung", "unlocked", "moving", "locked"};
  return words[static_cast<size_t>(place)];
}

// A person as the site knows one: the proven phone number, and the device on the network it came from.
struct PodUser {
  std::string phone;
  std::string network_identity;
  BAYWARD_FIELDS(PodUser, phone, network_identity)
};

enum class PodRefusal : uint8_t {
  unknown_pod,
  not_allowed,  // no permission to move pods
  in_use,       // it charges, or somebody else moves it
  not_moving,   // there is nothing to lock or share
  not_yours,    // only who unlocked it, who shares the login, or staff
  outside,      // it stands outside the geofence: staff must fetch it
  silent,       // it is not on the mesh
  too_many,     // logins shared
};
constexpr std::string_view to_text(PodRefusal refusal) {
  constexpr std::string_view words[] = {"unknown_pod", "not_allowed", "in_use", "not_moving",
                                        "not_yours",   "outside",     "silent", "too_many"};
  return words[static_cast<size_t>(refusal)];
}

enum class PodWhat : uint8_t {
  unlocked,
  shared,     // `user` shares the login with `other`
  taken_off,  // a pole
  hung,       // on a pole
  lock_by_user,
  lock_by_time,
  lock_by_fence,
  left_mesh,  // told to who unlocked it
  back_on_mesh,
  torn_off,  // taken off its pole without being unlocked: an alarm
  strayed,   // outside the fence while locked: an alarm
  power_on,
  power_off,
};
constexpr std::string_view to_text(PodWhat what) {
  constexpr std::string_view words[] = {"unlocked",     "shared",        "taken_off", "hung",         "lock_by_user",
                                        "lock_by_time", "lock_by_fence", "left_mesh", "back_on_mesh", "torn_off",
                                        "strayed",      "power_on",      "power_off"};
  return words[static_cast<size_t>(what)];
}
constexpr bool is_alarm(PodWhat what) {
  return what == PodWhat::torn_off || what == PodWhat::strayed;
}

struct PodEvent {
  PodWhat what{};
  std::string pod;
  std::string pole;  // where there is one
  PodUser user;      // who did it; empty: nobody
  PodUser other;     // `shared`: with whom
  PodUser original;  // who unlocked it last
  Instant at{};
};

// One pod; also what is kept over a restart.
struct Pod {
  std::string name;
  PodPlace place = PodPlace::locked;
  std::string pole;  // hung and unlocked
  PodUser original;
  std::vector<PodUser> sharers;
  Instant until{};  // unlocked and moving
  Instant heard_at{};
  std::optional<core::GeoPoint> position;
  bool on_mesh = true;
  bool charging = false;
  bool strayed = false;
  BAYWARD_FIELDS(Pod, name, place, pole, original, sharers, until, heard_at, position, on_mesh, charging, strayed)

  bool lock_open() const { return place == PodPlace::unlocked || place == PodPlace::moving; }
};

struct PodRules {
  Duration move_limit{30min};
  Duration silent_after{65s};  // as a neighbour on the mesh ages out (IEEE 1905.1)
};

class Pods {
 public:
  // Pods begin locked and silent, until they are heard.
  Pods(std::vector<std::string> pods, std::vector<std::string> poles, Geofence fence, PodRules rules);

  // Whether the user may move pods is the permissions' answer (A3), given as `allowed`.
  Result<Done, PodRefusal> unlock(std::string_view pod, const PodUser& user, bool allowed, Instant now);
  Result<Done, PodRefusal> share(std::string_view pod, const PodUser& by, const PodUser& with, Instant now);
  Result<Done, PodRefusal> lock(std::string_view pod, const PodUser& user, bool staff, Instant now);

  // What the field says; unknown names are ignored.
  void connected(std::string_view pod, std::string_view pole, Instant now);
  void disconnected(std::string_view pod, Instant now);
  void position(std::string_view pod, core::GeoPoint at, Instant now);
  void heard(std::string_view pod, Instant now);
  void charging(std::string_view pod, bool wanted, Instant now);
  void advance(Instant now);

  const Pod* find(std::string_view pod) const;
  const std::map<std::string, Pod, std::less<>>& all() const { return pods_; }
  // True: the pole has to give power now.
  bool powered(std::string_view pole) const;

  std::vector<PodEvent> take_events();
  // After a restart, before anything else; names that are no longer configured are dropped.
  void restore(const std::vector<Pod>& kept);

 private:
  Pod* get(std::string_view pod);
  void tell(PodWhat what, const Pod& pod, Instant now, const PodUser& user = {}, const PodUser& other = {});
  void close(Pod& pod, PodWhat why, Instant now, const PodUser& user = {});
  void stop_power(Pod& pod, Instant now);

  std::map<std::string, Pod, std::less<>> pods_;
  std::vector<std::string> poles_;  // sorted
  const Geofence fence_;
  const PodRules rules_;
  std::vector<PodEvent> events_;
};

}  // namespace bayward::site
