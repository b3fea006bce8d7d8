#include "site/lan/garage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "base/binary.h"
#include "base/limits.h"
#include "ports/http_util.h"
#include "ports/log.h"
#include "sealing/seal.h"
#include "site/access/atomic_file.h"
#include "site/access/keyed.h"
#include "site/access/radius.h"

namespace bayward::site {
namespace {

constexpr Duration radius_every = 60s;     // Session-Timeout is what is left
constexpr Duration pods_told_every = 30s;  // a pod may have restarted
constexpr size_t state_bytes = 16 * 1024 * 1024;
constexpr const char* state_file = "garage.state";
constexpr std::array<uint8_t, 6> state_place = {'g', 'a', 'r', 'a', 'g', 'e'};

struct GarageState {
  std::vector<Pod> pods;
  std::vector<WifiGrant> grants;
  std::vector<Habit> habits;
  BAYWARD_FIELDS(GarageState, pods, grants, habits)
};

std::vector<std::string> lamps_of(const GarageSetup& setup) {
  std::vector<std::string> out;
  for (uint32_t i = 0; i < setup.graph->size(); ++i) {
    const core::GarageNode& node = setup.graph->node(i);
    out.push_back(node.bay ? Guide::bay_lamp(node.bay) : node.name);
  }
  return out;
}

std::vector<LanRoutes*> routes_of(std::optional<PodRoutes>& pods, WifiRoutes& wifi) {
  std::vector<LanRoutes*> out{&wifi};
  if (pods) out.push_back(&*pods);
  return out;
}

template <class Map>
auto values_of(const Map& map) {
  std::vector<typename Map::mapped_type> out;
  out.reserve(map.size());
  for (const auto& [key, value] : map) out.push_back(value);
  return out;
}

std::span<const uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

Garage::Garage(GarageSetup setup, GarageDoors doors, Instant now)
    : setup_(std::move(setup)),
      doors_(std::move(doors)),
      looks_(doors_.bays, doors_.camera, setup_.cameras, ReferenceStore(setup_.directory / "references"), setup_.look,
             doors_.post),
      grants_(setup_.lan.site_key),
      wifi_routes_(setup_.wifi, grants_, habits_, doors_.people, doors_.record),
      delivery_(setup_.access_points, 10s,
                [this, alive = std::weak_ptr(alive_), post = doors_.post](std::vector<SeenStation> seen) {
                  post([this, alive, seen = std::move(seen)] {
                    if (!alive.expired()) stations_seen(seen);
                  });
                }) {
  if (setup_.graph) {
    guide_.emplace(*setup_.graph, setup_.guide);
    entrance_.emplace(setup_.entrances, setup_.plates, doors_.cars, *guide_);
    lamps_.emplace(doors_.lamps, lamps_of(setup_));
  }
  if (setup_.fence) {
    pods_.emplace(setup_.pods, setup_.poles, *setup_.fence, setup_.pod_rules);
    pod_routes_.emplace(setup_.lan.site, setup_.lan.site_key, *pods_, doors_.people);
  }
  lan_.emplace(setup_.lan, looks_, doors_.holds, doors_.sms, routes_of(pod_routes_, wifi_routes_));
  restore(now);
}

Garage::~Garage() = default;

void Garage::restore(Instant now) {
  const std::filesystem::path file = setup_.directory / state_file;
  std::error_code error;
  std::filesystem::create_directories(setup_.directory, error);
  if (!std::filesystem::exists(file, error)) return;
  const Result<std::string> sealed = read_file(file, state_bytes);
  const auto bytes = sealed.ok() ? unseal(setup_.state_key, state_place, bytes_of(*sealed)) : std::nullopt;
  const auto state = bytes ? from_binary<GarageState>(*bytes) : std::nullopt;
  if (!state) {
    log::warn(
        "site.garage_state_lost",
        {{"file", file.string()}, {"reason", "damaged, or without its key: pods are locked, Wi-Fi passwords end"}});
    return;
  }
  if (pods_) pods_->restore(state->pods);
  habits_.restore(state->habits);
  grants_.restore(state->grants);
  grants_.advance(now);
  kept_state_ = *bytes;
}

void Garage::handle(const HttpRequest& request, const Responder& responder, Instant now) {
  if (!request.path.starts_with("/field/")) return lan_->handle(request, responder, now);
  LanCall call{.request = request, .responder = responder, .now = now, .path = path_segments(request.path)};
  const auto token = parse_bearer_authorization(request.headers.get("authorization"));
  if (setup_.field_token.empty())
    return call.refuse(404, "off", "garage.field_token is not set: nothing comes in here");
  if (!token || !same_secret(*token, setup_.field_token)) {
    if (field_rate_.admit(request.peer, now) > Duration{0})
      return call.refuse(429, "too_many_requests", "wait a moment");
    return call.refuse(401, "wrong_token", "Authorization: Bearer with the site's field token is needed");
  }
  if (request.method != HttpMethod::post) return call.refuse(405, "method", "the field posts");
  field(call);
  show_lamps(now);
  note_events(now);
}

void Garage::field(LanCall& call) {
  if (call.request.path == "/field/v1/plates") return read_plate(call);
  if (call.path.size() == 5 && call.path[2] == "bays") return field_bay(call);
  if (call.path.size() == 5 && call.path[2] == "pods") return field_pod(call);
  if (call.request.path != "/field/v1/passed") return call.refuse(404, "not_found", "there is no such route");
  LanBody body(call.request);
  const std::string junction = body.text("junction", limits::garage_name_chars);
  if (const auto wrong = body.wrong()) return call.refuse(400, "bad_request", *wrong);
  passed(junction, call.now);
  call.answer(200, {});
}

void Garage::read_plate(const LanCall& call) {
  const Result<PlateReading> reading = read_plate_push(call.request.body, call.now);
  if (!reading.ok()) return call.refuse(400, "bad_request", reading.error().message);
  if (!entrance_) return call.refuse(404, "no_plan", "no garage plan is configured: nobody is guided");
  if (!setup_.entrances.contains(reading->camera)) {
    return call.refuse(404, "unknown_camera", "no entrance of the plan has the plate_camera '" + reading->camera + "'");
  }
  const auto what = entrance_->read(*reading, call.now);
  call.answer(200, {{"result", what ? to_text(*what) : std::string_view("ignored")}});
}

void Garage::field_bay(const LanCall& call) {
  const auto bay = parse_id<BayId>(call.path[3]);
  if (!bay) return call.refuse(404, "not_found", "a bay is an id such as bay-100000001");
  if (call.path[4] == "arrived") {
    arrived(*bay, call.now);
    return call.answer(200, {});
  }
  if (call.path[4] == "state") {
    LanBody body(call.request);
    const std::string doing = body.text("doing", 16);
    const bool vehicle = body.flag("vehicle");
    if (const auto wrong = body.wrong()) return call.refuse(400, "bad_request", *wrong);
    for (const BayDoing one : {BayDoing::idle, BayDoing::occupied, BayDoing::faulted}) {
      if (doing != to_text(one)) continue;
      if (!doors_.bays.tell(*bay, one, vehicle, call.now))
        return call.refuse(404, "unknown_bay", "there is no such bay");
      return call.answer(200, {});
    }
    return call.refuse(400, "bad_request", "'doing' must be idle, occupied or faulted");
  }
  if (call.path[4] != "reference") return call.refuse(404, "not_found", "there is no such route");
  looks_.teach(*bay, [responder = call.responder](const Status& taught) {
    responder.send(taught.ok() ? lan_json(200, {{"learnt", true}})
                               : lan_problem(409, "picture", taught.error().message));
  });
}

void Garage::field_pod(const LanCall& call) {
  const std::string_view pod = call.path[3];
  const std::string_view what = call.path[4];
  if (!pods_ || pods_->find(pod) == nullptr) return call.refuse(404, "unknown_pod", "there is no such pod here");
  LanBody body(call.request);
  std::function<void()> act;
  if (what == "heard") {
    act = [&] { pods_->heard(pod, call.now); };
  } else if (what == "disconnected") {
    act = [&] { pods_->disconnected(pod, call.now); };
  } else if (what == "connected") {
    act = [&, pole = body.text("pole", 32)] { pods_->connected(pod, pole, call.now); };
  } else if (what == "charging") {
    act = [&, on = body.flag("on")] { pods_->charging(pod, on, call.now); };
  } else if (what == "position") {
    const core::GeoPoint at{static_cast<int32_t>(std::lround(body.number("latitude", -90, 90) * 1e6)),
                            static_cast<int32_t>(std::lround(body.number("longitude", -180, 180) * 1e6))};
    act = [this, pod, at, now = call.now] { pods_->position(pod, at, now); };
  } else {
    return call.refuse(404, "not_found", "there is no such route");
  }
  if (const auto wrong = body.wrong()) return call.refuse(400, "bad_request", *wrong);
  act();
  call.answer(200, {{"state", to_text(pods_->find(pod)->place)}});
}

void Garage::passed(std::string_view junction, Instant now) {
  if (guide_) guide_->passed(junction, now);
}

void Garage::arrived(BayId bay, Instant now) {
  if (guide_) guide_->arrived(bay, now);
}

void Garage::guided_no_more(BookingId booking, Instant now) {
  if (guide_) guide_->end(booking, now);
}

void Garage::forget(std::string_view phone) {
  habits_.forget(phone);
  std::vector<std::string> ids;
  for (const WifiGrant& grant : grants_.all()) {
    if (grant.terms.phone == phone) ids.push_back(grant.id);
  }
  for (const std::string& id : ids) grants_.revoke(id);
}

void Garage::tick(Instant now) {
  looks_.tick(now);
  if (guide_) guide_->advance(now);
  show_lamps(now);
  if (pods_) {
    pods_->advance(now);
    tell_pods(now);
  }
  grants_.advance(now);
  deliver(now);
  note_events(now);
  keep_state();
}

void Garage::show_lamps(Instant now) {
  if (guide_) lamps_->show(guide_->lamps(), now);
}

void Garage::tell_pods(Instant now) {
  if (now - pods_told_at_ >= pods_told_every || now < pods_told_at_) {
    locks_told_.clear();
    powers_told_.clear();
    pods_told_at_ = now;
  }
  // Power goes before the lock opens.
  for (const std::string& pole : setup_.poles) {
    const bool on = pods_->powered(pole);
    const auto [told, fresh] = powers_told_.try_emplace(pole, on);
    if (fresh || std::exchange(told->second, on) != on) doors_.pods.power(pole, on);
  }
  for (const auto& [name, pod] : pods_->all()) {
    const auto [told, fresh] = locks_told_.try_emplace(name, pod.lock_open());
    if (fresh || std::exchange(told->second, pod.lock_open()) != pod.lock_open()) {
      doors_.pods.lock(name, pod.lock_open());
    }
  }
}

void Garage::deliver(Instant now) {
  const bool changed = std::exchange(delivered_, grants_.version()) != grants_.version();
  if (changed) {
    for (const AccessPoint& one : setup_.access_points) {
      delivery_.put(one.psk_file, psk_file(grants_.all(), one.device, grants_));
    }
  }
  if (setup_.radius_users.empty() || !(changed || now - radius_at_ >= radius_every || now < radius_at_)) return;
  radius_at_ = now;
  delivery_.put(setup_.radius_users, radius_users_file(grants_.all(), grants_, now));
}

void Garage::stations_seen(const std::vector<SeenStation>& seen) {
  for (const SeenStation& one : seen) {
    if (one.station.keyid.empty() || grants_.bind(one.station.keyid, one.station.mac)) continue;
    // The password was taken away, or another device had it first.
    delivery_.throw_off(one.access_point, one.station.mac);
  }
}

void Garage::note_events(Instant now) {
  if (pods_) {
    for (const PodEvent& event : pods_->take_events()) {
      doors_.record.note({.at = event.at,
                          .what = "pod." + std::string(to_text(event.what)),
                          .facts = {{"pod", event.pod},
                                    {"pole", event.pole},
                                    {"by", event.user.phone},
                                    {"by_network", event.user.network_identity},
                                    {"with", event.other.phone},
                                    {"original", event.original.phone},
                                    {"original_network", event.original.network_identity}},
                          .alarm = is_alarm(event.what)});
      tell_mover(event);
    }
  }
  if (!guide_) return;
  for (const GuideEvent& event : guide_->take_events()) {
    doors_.record.note({.at = now,
                        .what = "guide." + std::string(to_text(event.what)),
                        .facts = {{"booking", to_text(event.car.booking)},
                                  {"bay", to_text(event.car.bay)},
                                  {"colour", std::string(to_text(event.colour))},
                                  {"reason", event.reason}}});
  }
}

// Who unlocked it last hears what it does without them (E2). On a pole it is the property office's.
void Garage::tell_mover(const PodEvent& event) {
  if (event.original.phone.empty() || !event.pole.empty()) return;
  std::string_view words;
  if (event.what == PodWhat::left_mesh)
    words = "失去联系，请把它移到有信号的地方 / is out of contact: move it where it has signal";
  if (event.what == PodWhat::lock_by_fence) words = "离开了场地，已锁定 / has left the site and is locked";
  if (event.what == PodWhat::lock_by_time) words = "时间已到，已锁定 / is locked: its time is up";
  if (event.what == PodWhat::strayed) words = "在场地之外 / is outside the site";
  if (words.empty()) return;
  doors_.sms.send(event.original.phone, setup_.lan.site_name + ": " + event.pod + " " + std::string(words),
                  [pod = event.pod](const Status& sent) {
                    if (sent) return;
                    log::warn("site.mover_not_told", {{"pod", pod}, {"reason", sent.error().message}});
                  });
}

// What has to outlive a restart; heard_at and position change all the time and do not.
void Garage::keep_state() {
  GarageState state{.grants = grants_.all(), .habits = values_of(habits_.all())};
  if (pods_) state.pods = values_of(pods_->all());
  for (Pod& pod : state.pods) {
    pod.heard_at = {};
    pod.position.reset();
    pod.on_mesh = false;
  }
  std::string bytes = to_binary(state);
  if (bytes == kept_state_) return;
  delivery_.put(setup_.directory / state_file, seal(setup_.state_key, state_place, bytes));
  kept_state_ = std::move(bytes);
}

}  // namespace bayward::site
