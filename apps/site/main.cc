// bayward-site: the community's gateway. Reads the command line and the configuration, then wires everything, top to
// bottom.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <future>
#include <random>

#include "background.h"
#include "config.h"
#include "garage_wiring.h"
#include "net/http_server.h"
#include "net/io.h"
#include "net/json_log.h"
#include "parts.h"
#include "ports/log.h"
#include "site/authority/hold_desk.h"
#include "site/uplink/sqlite_outbox.h"
#include "site/uplink/uplink.h"
#include "site_clock.h"
#include "site_mesh.h"
#include "status_pages.h"

namespace bayward {
namespace {

constexpr Duration shutdown_grace = 3s;

int failed(const std::string& message) {
  fmt::print(stderr, "bayward-site: {}\n", message);
  return 1;
}

void every_second(net::IoContext& io, std::function<void()> work) {
  work();
  io.after(1s, [&io, work = std::move(work)] { every_second(io, work); });
}

// As often as the clock makes it ten times a second, within reason.
void tick_garage(net::IoContext& io, GarageProgram& garage, double clock_speed) {
  garage.tick();
  const Duration next{static_cast<int64_t>(100 / std::max(1.0, clock_speed))};
  io.after(std::max(next, 10ms), [&io, &garage, clock_speed] { tick_garage(io, garage, clock_speed); });
}

GarageLinks garage_links(const authority::Controller* controller, authority::LanHoldDesk* holds) {
  GarageLinks links;
  links.holds = holds;
  if (controller) links.briefing = [controller]() -> const core::Briefing& { return controller->book().briefing; };
  return links;
}

// Differs between runs, whatever the clock says: names the message ids of our own calls to stations.
std::string name_of_run() {
  std::random_device random;
  return fmt::format("{:x}", random());
}

// What its owner waits for: SIGINT or SIGTERM, once.
std::future<int> stop_signal(net::IoContext& io) {
  auto sign = std::make_shared<std::promise<int>>();
  io.on_signals({SIGINT, SIGTERM}, [sign, raised = false](int number) mutable {
    if (!std::exchange(raised, true)) sign->set_value(number);
  });
  return sign->get_future();
}

// The two sides' TLS; null where the configuration has none.
struct Tls {
  std::shared_ptr<net::TlsContext> server;
  std::shared_ptr<net::TlsContext> client;
};
Result<Tls> tls_of(const SiteConfig& config) {
  Tls out;
  if (!config.certificate_chain_file.empty()) {
    auto server = net::TlsContext::for_server({config.certificate_chain_file, config.private_key_file});
    if (!server) return fail(server.error().message);
    out.server = *std::move(server);
  }
  if (config.upstream.tls) {
    auto client = net::TlsContext::for_client({config.trusted_certificates});
    if (!client) return fail(client.error().message);
    out.client = *std::move(client);
  }
  return out;
}

uplink::UplinkOptions uplink_options(const SiteConfig& config, SiteClock& time, authority::Controller* controller,
                                     GarageProgram* garage) {
  Clock& clock = time.clock();
  uplink::UplinkOptions options;
  options.heartbeat = config.heartbeat;
  options.answer_timeout = config.by_the_clock(config.answer_timeout);
  options.station_timeout = config.by_the_clock(options.station_timeout);
  options.retry_first = config.by_the_clock(options.retry_first);
  options.retry_max = config.by_the_clock(config.retry_max);
  options.run = name_of_run();
  options.places = controller;
  options.time = &time;
  if (garage) {
    options.heard = [garage, &clock](std::string_view station, const ocpp::Dialect& dialect,
                                     const ocpp::CallFrame& call) { hear(*garage, clock, station, dialect, call); };
  }
  if (controller) options.log_told = [controller] { return controller->log_told(); };
  return options;
}

int serve(const SiteConfig& config, const std::filesystem::path& config_file) {
  net::JsonLog log_sink(config.log_level);
  log::install(&log_sink);
  const struct Uninstall {
    ~Uninstall() { log::install(nullptr); }
  } uninstall;

  auto outbox = uplink::SqliteOutbox::open(config.data_directory);
  if (!outbox) return failed(outbox.error().message);
  net::HttpServerConfig http;
  http.address = config.address;
  http.port = config.port;
  const auto tls = tls_of(config);
  if (!tls) return failed(tls.error().message);
  http.tls = tls->server;

  SiteClock time(config);
  Clock& clock = time.clock();
  net::IoContext io;
  Background background;
  auto authority = open_authority(config, name_of_run(), time, dial_upstream(io, config, tls->client));
  if (!authority) return failed(authority.error().message);
  authority::Controller* controller = authority->controller.get();
  const auto post = [&io](std::function<void()> work) { io.post(std::move(work)); };
  std::optional<authority::LanHoldDesk> holds;
  if (controller) holds.emplace(*controller, post);
  auto garage = GarageProgram::create({config_file, config.data_directory, io, clock,
                                       garage_links(controller, holds ? &*holds : nullptr), config.clock_speed});
  if (!garage) return failed(garage.error().message);
  site::BayBoard* board = *garage ? &(*garage)->bays() : nullptr;
  if (board && controller) {
    controller->set_bays_with_car([board, &clock] { return bays_with_car(*board, clock.now()); });
  }
  uplink::Uplink uplink({clock, **outbox, dial_upstream(io, config, tls->client), post,
                         [&background](std::function<void()> work) { background.run_later(std::move(work)); }},
                        uplink_options(config, time, controller, garage->get()));
  const auto mesh = SiteMesh::open(io, config, board, clock);
  if (!mesh) return failed(mesh.error().message);
  StatusPages pages(uplink, controller, time, mesh->get(), garage->get());

  std::map<BookingId, BayId> claims;  // of the io thread
  std::future<int> stop = stop_signal(io);
  auto listening = net::HttpServer::listen({&io}, http, pages, &uplink);
  if (!listening) return failed(listening.error().message);
  io.post([&] {
    every_second(io, [&] {
      time.tick();
      if (controller) controller->tick();
      uplink.tick();
      if (*mesh) (*mesh)->tick();
      if (board && controller) {
        show_holders(*board, *controller, clock.now());
        end_guidance((*garage)->garage(), claims, *controller, clock.now());
      }
    });
    if (*garage) tick_garage(io, **garage, config.clock_speed);
  });
  io.start();
  log::info("http.listening",
            {{"address", config.address}, {"port", (*listening)->port()}, {"tls", http.tls != nullptr}});

  stop.wait();
  log::info("site.stopping");
  (*listening)->stop(shutdown_grace);
  io.stop();
  log::info("site.stopped");
  return 0;
}

}  // namespace
}  // namespace bayward

int main(int argc, char** argv) {
  CLI::App app{
      "Bayward's site controller: stations of the garage connect to it; it passes their messages on to the platform, "
      "and "
      "answers them itself when the platform is out of reach."};
  app.set_version_flag("--version", "bayward-site " BAYWARD_VERSION);
  std::string config_file;
  app.add_option("--config", config_file, "Configuration file (TOML), see packaging/site/site.toml")
      ->required()
      ->check(CLI::ExistingFile);
  double clock_speed = 1;
  app.add_option("--clock-speed", clock_speed, "For demonstrations: the clock runs so many times as fast")
      ->check(CLI::Range(0.001, 100'000.0));
  std::string clock_start;
  app.add_option("--clock-start", clock_start, "For demonstrations: the clock starts at this time (RFC 3339)");
  CLI::App* check = app.add_subcommand("check-config", "Read the configuration, say what is wrong with it, and end");
  check->fallthrough();
  std::string qr_directory;
  CLI::App* qr = app.add_subcommand("qr", "Write a QR code (SVG) for every bay, pod and pole of the configuration");
  qr->add_option("directory", qr_directory, "Where to")->required();
  qr->fallthrough();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  auto config = bayward::read_config(config_file);
  if (!config) {
    fmt::print(stderr, "bayward-site: {}\n", config.error().message);
    return 2;
  }
  config->clock_speed = clock_speed;
  config->clock_start = bayward::parse_rfc3339(clock_start);
  if (!clock_start.empty() && !config->clock_start) {
    fmt::print(stderr, "bayward-site: --clock-start must be a time such as 2026-03-02T05:00:00Z\n");
    return 2;
  }
  if (check->parsed()) {
    const auto garage = bayward::read_garage_config(config_file, bayward::net::SystemClock().now());
    if (!garage) {
      fmt::print(stderr, "bayward-site: {}\n", garage.error().message);
      return 2;
    }
    fmt::print("{}: good\n", config_file);
    return 0;
  }
  if (qr->parsed()) {
    const auto written = bayward::write_qr_codes(config_file, qr_directory, bayward::net::SystemClock().now());
    if (!written) {
      fmt::print(stderr, "bayward-site: {}\n", written.error().message);
      return 1;
    }
    fmt::print("{}", *written);
    return 0;
  }
  return bayward::serve(*config, config_file);
}
