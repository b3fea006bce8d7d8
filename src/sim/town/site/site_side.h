// bayward-site as the town meets it: its configuration, its lamps, cameras and SMS, the cars that come to its entrance,
// and the people on its local network. The program itself is the stage's to start. The town's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/site/site.h"
#include "sim/town/api_client.h"
#include "sim/town/community.h"
#include "sim/town/site/field_door.h"
#include "sim/town/site/site_config.h"
#include "sim/town/site/town_lamps.h"

namespace bayward::town {

struct GateCounters {
  uint64_t cars = 0;        // that came to the entrance
  uint64_t guided = 0;      // bayward-site said so
  uint64_t no_booking = 0;  // ... or that it knows none
};

// A person on the garage's own network, with a session of the LAN page.
class LanGuest {
 public:
  LanGuest(net::IoContext& io, uint16_t site_port, ApiCounters& counters)
      : phone_(std::make_unique<ApiClient>(io, "127.0.0.1", site_port, counters)) {}

  ApiClient::Answer post(std::string path, Json body) {
    return phone_->call(HttpMethod::post, "/lan/v1" + std::move(path), std::move(body));
  }
  ApiClient::Answer get(std::string path) {
    return phone_->call(HttpMethod::get, "/lan/v1" + std::move(path), std::nullopt);
  }
  ApiClient& client() { return *phone_; }

 private:
  std::unique_ptr<ApiClient> phone_;
};

class SiteSide {
 public:
  SiteSide(net::IoContext& io, TownTime& time, Street& street, const Garage& garage, FieldDoor::Look look);

  // Once the community is built: lamps and cameras listen, the configuration is in `directory`; its path.
  Result<std::filesystem::path> prepare(const std::filesystem::path& directory, uint16_t platform_port,
                                        Community& community);
  // The program listens there.
  void connect(uint16_t site_port);
  uint16_t port() const { return port_; }
  // Until it has been handed its slots; what is wrong, or nothing.
  Task<std::string> wait_until_in_charge();

  // Somebody with this plate drives in to that bay: the camera at the entrance reads it, the junctions' sensors feel it
  // pass. What the site answered to the plate.
  Task<std::string> car_comes(std::string plate, std::string label);
  // The same for those who don't wait for the answer.
  void send_car(std::string plate, std::string label) { scope_.start(drive_in(std::move(plate), std::move(label))); }
  // As POST /field/v1/<path>.
  ApiClient::Answer field_says(std::string path, Json body) {
    return field_->call(HttpMethod::post, "/field/v1" + std::move(path), std::move(body));
  }
  // With a session, and the phone number proved by SMS; what is wrong, or nothing.
  Task<std::string> log_in(LanGuest& guest, std::string phone);
  std::unique_ptr<LanGuest> new_guest();
  // What stands on the pod, printed by `bayward-site qr`.
  std::string pod_code() const;

  TownLamps& lamps() { return *lamps_; }
  FieldDoor& door() { return *door_; }
  const GateCounters& gate() const { return gate_; }
  // The lamps a car passes on its way, in order, and its bay's.
  std::vector<std::string> lamps_on_way(const std::string& label, const std::string& bay) const;
  core::GeoPoint place(double east_m, double north_m) const;
  const std::string& mover() const { return mover_; }

 private:
  Task<> drive_in(std::string plate, std::string label);
  Task<> drive_past_sensors(std::string label, Instant began);

  net::IoContext& io_;
  TownTime& time_;
  Street& street_;
  const Garage& garage_;
  FieldDoor::Look look_;
  ApiCounters counters_;
  SiteSecrets secrets_;
  std::string site_;
  std::string mover_;
  uint16_t port_ = 0;
  std::unique_ptr<TownLamps> lamps_;
  std::unique_ptr<FieldDoor> door_;
  std::unique_ptr<ApiClient> field_;
  GateCounters gate_;
  TaskScope scope_;  // last: cars on their way
};

}  // namespace bayward::town
