// The garage's part of bayward-site, put together: LAN page, looks at the bays, entrance and lamps, pods and poles,
// Wi-Fi. Everything runs on one thread, the one that calls handle() and tick(); what blocks (detector, disk, hostapd,
// brokers) has threads of its own and comes back through `post`.
//
// What the field tells it beside OCPP and the mesh comes over HTTP with the field's token (Authorization: Bearer ...):
//   POST /field/v1/plates {camera, plate, confidence}       POST /field/v1/passed {junction}
//   POST /field/v1/bays/<bay>/reference  the bay is empty now: its next picture is the reference
//   POST /field/v1/bays/<bay>/state {doing, vehicle}   of a bay without a station: "idle", "occupied", "faulted"
//   POST /field/v1/bays/<bay>/arrived    the guided car stands there
//   POST /field/v1/pods/<pod>/heard | disconnected {} | connected {pole} | position {latitude, longitude} | charging
//   {on}
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ports/lamp.h"
#include "sealing/secret_key.h"
#include "site/access/habits.h"
#include "site/access/sms_sender.h"
#include "site/access/wifi_delivery.h"
#include "site/access/wifi_grants.h"
#include "site/entrance/entrance_desk.h"
#include "site/entrance/guide.h"
#include "site/lamps/lamp_desk.h"
#include "site/lan/bay_board.h"
#include "site/lan/garage_record.h"
#include "site/lan/lan_api.h"
#include "site/lan/pod_routes.h"
#include "site/lan/wifi_routes.h"
#include "site/pods/pods.h"

namespace bayward::site {

// From the configuration, checked.
struct GarageSetup {
  LanOptions lan;
  WifiOptions wifi;
  LookOptions look;
  std::string field_token;  // empty: nothing comes in over HTTP
  BayCameras cameras;
  std::optional<core::GarageGraph> graph;  // none: nobody is guided
  GuideOptions guide;
  std::map<std::string, std::string> entrances;  // plate camera to entrance
  PlateGateOptions plates;
  std::vector<std::string> pods;
  std::vector<std::string> poles;
  std::optional<Geofence> fence;  // there when there are pods
  PodRules pod_rules;
  std::vector<AccessPoint> access_points;
  std::filesystem::path radius_users;  // empty: no RADIUS
  std::filesystem::path directory;     // its own: references and state
  SecretKey state_key;                 // the state is sealed with it: phone numbers of who has a pod or a password
};

// Makes pods and poles do it.
class PodField {
 public:
  virtual ~PodField() = default;
  virtual void lock(std::string_view pod, bool open) = 0;
  virtual void power(std::string_view pole, bool on) = 0;
};

// All outlive the garage.
struct GarageDoors {
  BayBoard& bays;
  HoldDesk& holds;
  People& people;
  ExpectedCars& cars;
  Camera& camera;
  SmsSender& sms;
  GarageRecord& record;
  PodField& pods;
  std::vector<LampDriver*> lamps;
  Post post;
};

class Garage {
 public:
  Garage(GarageSetup setup, GarageDoors doors, Instant now);
  ~Garage();

  void handle(const HttpRequest& request, const Responder& responder, Instant now);
  // About ten times a second of the clock.
  void tick(Instant now);

  // What OCPP, the mesh and lamp drivers tell.
  void passed(std::string_view junction, Instant now);
  void arrived(BayId bay, Instant now);
  void guided_no_more(BookingId booking, Instant now);
  Pods* pods() { return pods_ ? &*pods_ : nullptr; }
  // To erase a person: habits and passwords.
  void forget(std::string_view phone);

 private:
  void field(LanCall& call);
  void field_bay(const LanCall& call);
  void field_pod(const LanCall& call);
  void read_plate(const LanCall& call);
  void restore(Instant now);
  void keep_state();
  void deliver(Instant now);
  void show_lamps(Instant now);
  void tell_pods(Instant now);
  void note_events(Instant now);
  void tell_mover(const PodEvent& event);
  void stations_seen(const std::vector<SeenStation>& seen);

  const GarageSetup setup_;
  const GarageDoors doors_;
  LookDesk looks_;
  std::optional<Guide> guide_;
  std::optional<EntranceDesk> entrance_;
  std::optional<LampDesk> lamps_;
  std::optional<Pods> pods_;
  WifiGrants grants_;
  Habits habits_;
  WifiRoutes wifi_routes_;
  std::optional<PodRoutes> pod_routes_;
  std::optional<LanApi> lan_;
  ClientRate field_rate_{20, 1s};  // wrong tokens

  uint64_t delivered_ = 0;
  Instant radius_at_{};
  Instant pods_told_at_{};
  std::string kept_state_;  // as it was before it was sealed
  std::map<std::string, bool> locks_told_;
  std::map<std::string, bool> powers_told_;
  const std::shared_ptr<int> alive_ = std::make_shared<int>();
  WifiDelivery delivery_;  // last: its thread ends first
};

}  // namespace bayward::site
