#include "garage_wiring.h"

#include <fmt/format.h>

#include <utility>

#include "ports/log.h"
#include "sealing/key_file.h"
#include "site/access/atomic_file.h"
#include "site/lan/picture_place.h"
#include "site/lan/qr_code.h"
#include "site/lan/qr_image.h"

namespace bayward {

GarageProgram::GarageProgram(const GarageNeeds& needs, const GarageConfig& config, std::shared_ptr<net::TlsContext> tls)
    : io_(needs.io),
      clock_(needs.clock),
      bays_(config.bays),
      people_(config.movers, config.staff),
      cameras_(needs.io, config.cameras, tls, config.setup.look.camera_limit),
      sms_(needs.io, config.sms, tls),
      record_(needs.data_directory / "garage-record.jsonl") {}

GarageProgram::~GarageProgram() = default;

Result<std::unique_ptr<GarageProgram>> GarageProgram::create(const GarageNeeds& needs) {
  auto config = read_garage_config(needs.config_file, needs.clock.now());
  if (!config) return Failure{config.error()};
  if (!*config) return std::unique_ptr<GarageProgram>();
  auto tls = net::TlsContext::for_client({});
  if (!tls) return Failure{tls.error()};
  site::prepare_picture_places();
  const auto key =
      load_key({needs.data_directory / "garage.key", "bayward-garage-key-1", "the key file of garage.state",
                "remove it: pods are locked and Wi-Fi passwords end, all else goes on"},
               true);
  if (!key) return Failure{key.error()};
  (*config)->setup.state_key = *key;
  std::unique_ptr<GarageProgram> out(new GarageProgram(needs, **config, *tls));
  const Status lamps = out->connect_lamps(**config);
  if (!lamps) return Failure{lamps.error()};
  out->begin(std::move(**config), needs);
  return out;
}

Status GarageProgram::connect_lamps(const GarageConfig& config) {
  if (config.modbus) {
    auto modbus = site::ModbusLamps::create(*config.modbus);
    if (!modbus) return Failure{modbus.error()};
    modbus_ = std::move(*modbus);
  }
  if (config.mqtt) {
    auto mqtt = site::MqttLamps::create(*config.mqtt, [this](const std::string& junction) {
      io_.post([this, junction] {
        if (garage_) garage_->passed(junction, clock_.now());
      });
    });
    if (!mqtt) return Failure{mqtt.error()};
    mqtt_ = std::move(*mqtt);
  }
  pods_ = std::make_unique<MqttPods>(mqtt_.get());
  return Done{};
}

void GarageProgram::begin(GarageConfig config, const GarageNeeds& needs) {
  if (needs.links.briefing) near_.emplace(needs.links.briefing, people_);
  std::vector<LampDriver*> lamps;
  if (modbus_) lamps.push_back(modbus_.get());
  if (mqtt_) lamps.push_back(mqtt_.get());
  config.setup.directory = needs.data_directory / "garage";
  Duration& limit = config.setup.look.camera_limit;
  limit = Duration{static_cast<int64_t>(static_cast<double>(limit.count()) * needs.clock_speed)};
  log::info("site.garage_begins", {{"bays", config.bays.size()},
                                   {"cameras", config.cameras.size()},
                                   {"pods", config.setup.pods.size()},
                                   {"guidance", config.setup.graph.has_value()}});
  site::GarageDoors doors{.bays = bays_,
                          .holds = needs.links.holds != nullptr ? *needs.links.holds : no_authority_,
                          .people = near_ ? static_cast<site::People&>(*near_) : people_,
                          .cars = near_ ? static_cast<site::ExpectedCars&>(*near_) : no_authority_,
                          .camera = cameras_,
                          .sms = sms_,
                          .record = record_,
                          .pods = *pods_,
                          .lamps = std::move(lamps),
                          .post = [this](std::function<void()> work) { io_.post(std::move(work)); }};
  garage_ = std::make_unique<site::Garage>(std::move(config.setup), std::move(doors), clock_.now());
}

void GarageProgram::handle(HttpRequest request, Responder responder) {
  garage_->handle(request, responder, clock_.now());
}

void GarageProgram::tick() {
  garage_->tick(clock_.now());
}

Result<std::string> write_qr_codes(const std::filesystem::path& config_file, const std::filesystem::path& directory,
                                   Instant now) {
  const auto config = read_garage_config(config_file, now);
  if (!config) return Failure{config.error()};
  if (!*config) return fail(config_file.string() + " has no [garage]");
  const GarageConfig& garage = **config;
  if (garage.page_url.empty()) return fail("garage.page_url is missing: what the codes begin with");
  std::string said;
  Status all = Done{};
  const auto write = [&](site::QrKind kind, const std::string& name, const std::string& file) {
    if (!all) return;
    if (!site::valid_qr_name(name)) {
      all = fail("'" + name + "' cannot stand in a code: 1 to 32 of a-z 0-9 -");
      return;
    }
    const std::string url =
        garage.page_url + "/q/" + site::make_qr_code(garage.setup.lan.site_key, kind, garage.setup.lan.site, name);
    const auto svg = site::qr_svg(url);
    all = svg ? site::write_file(directory / (file + ".svg"), *svg) : Status(Failure{svg.error()});
    said += fmt::format("{}.svg  {}\n", file, url);
  };
  for (const auto& bay : garage.bays) {
    write(site::QrKind::bay, fmt::format("{:x}", number_in_site(bay.state.bay)), to_text(bay.state.bay));
  }
  for (const std::string& pod : garage.setup.pods) write(site::QrKind::pod, pod, "pod-" + pod);
  for (const std::string& pole : garage.setup.poles) write(site::QrKind::pole, pole, "pole-" + pole);
  if (!all) return Failure{all.error()};
  return said;
}

}  // namespace bayward
