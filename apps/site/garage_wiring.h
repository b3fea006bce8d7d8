// The garage in bayward-site. main() makes one after the io context, gives it to StatusPages as its next handler and
// calls tick() ten times a second on the io thread:
//
//   auto garage = GarageProgram::create({config_file, config.data_directory, io, clock, {}});
//   if (!garage) return failed(garage.error().message);
//   StatusPages pages(uplink, clock, garage->get());       // null: there is no [garage]
//
// Destroy it after the io thread has stopped.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "garage_devices.h"
#include "net/io.h"
#include "ports/clock.h"
#include "ports/http.h"
#include "site/authority/near_bookings.h"
#include "site/lan/garage.h"

namespace bayward {

// What the site's authority gives; without it nothing is held and nobody guided.
struct GarageLinks {
  site::HoldDesk* holds = nullptr;
  std::function<const core::Briefing&()> briefing;
};

struct GarageNeeds {
  std::filesystem::path config_file;
  std::filesystem::path data_directory;
  net::IoContext& io;
  Clock& clock;
  GarageLinks links;
  double clock_speed = 1;  // of `clock`: cameras don't speed up with it
};

class GarageProgram final : public HttpHandler {
 public:
  // Null: the configuration has no [garage]. Devices that are down are no failure.
  static Result<std::unique_ptr<GarageProgram>> create(const GarageNeeds& needs);
  ~GarageProgram() override;

  // All on the io thread.
  void handle(HttpRequest request, Responder responder) override;
  void tick();
  // What the stations say goes here.
  site::BayBoard& bays() { return bays_; }
  site::Garage& garage() { return *garage_; }

 private:
  GarageProgram(const GarageNeeds& needs, const GarageConfig& config, std::shared_ptr<net::TlsContext> tls);
  Status connect_lamps(const GarageConfig& config);
  void begin(GarageConfig config, const GarageNeeds& needs);

  net::IoContext& io_;
  Clock& clock_;
  site::BayBoard bays_;
  NoAuthority no_authority_;
  ConfiguredPeople people_;
  std::optional<authority::NearBookings> near_;
  SnapshotCameras cameras_;
  SmsGateway sms_;
  RecordFile record_;
  std::unique_ptr<site::ModbusLamps> modbus_;
  std::unique_ptr<site::MqttLamps> mqtt_;
  std::unique_ptr<MqttPods> pods_;
  std::unique_ptr<site::Garage> garage_;
};

// `bayward-site qr`: writes an SVG a bay, pod and pole of the configuration into the directory. What was written, a
// line each.
Result<std::string> write_qr_codes(const std::filesystem::path& config_file, const std::filesystem::path& directory,
                                   Instant now);

}  // namespace bayward
