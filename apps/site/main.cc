// bayward-site: the community's gateway. Reads the command line and the configuration, then wires everything, top to
// bottom.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <future>

#include "background.h"
#include "config.h"
#include "net/http_server.h"
#include "net/io.h"
#include "net/json_log.h"
#include "net/websocket_client.h"
#include "ports/log.h"
#include "site/authority/book_store.h"
#include "site/authority/controller.h"
#include "site/uplink/sqlite_outbox.h"
#include "site/uplink/uplink.h"
#include "status_pages.h"

namespace bayward {
namespace {

constexpr Duration shutdown_grace = 3s;

int failed(const std::string& message) {
  fmt::print(stderr, "bayward-site: {}\n", message);
  return 1;
}

net::WebSocketClientConfig upstream_of(const SiteConfig& config, const uplink::DialRequest& request,
                                       std::shared_ptr<net::TlsContext> tls) {
  net::WebSocketClientConfig out;
  out.host = config.upstream.host;
  out.port = config.upstream.port;
  out.tls = std::move(tls);
  out.target = config.upstream.path + "/" + percent_encode(request.identity);
  out.subprotocols = {request.subprotocol};
  out.credentials = BasicCredentials{request.identity, request.password};
  out.connect_timeout = 5s;
  return out;
}

uplink::Dial dial_upstream(net::IoContext& io, const SiteConfig& config, const std::shared_ptr<net::TlsContext>& tls) {
  return [&io, &config, tls](const uplink::DialRequest& request, std::shared_ptr<WebSocketSession> session,
                             const uplink::Dialled& dialled) {
    net::connect_websocket(io, upstream_of(config, request, tls), std::move(session),
                           [dialled](const Result<std::string, net::WebSocketRefusal>& answer) {
                             if (answer) return dialled(*answer);
                             dialled(Failure{uplink::DialRefusal{answer.error().status, answer.error().reason}});
                           });
  };
}

void tick_every_second(net::IoContext& io, uplink::Uplink& uplink, authority::Controller* controller) {
  if (controller) controller->tick();
  uplink.tick();
  io.after(1s, [&io, &uplink, controller] { tick_every_second(io, uplink, controller); });
}

// The site's own station at the platform, with its book. None is configured: null.
struct Authority {
  std::unique_ptr<authority::SqliteBookStore> store;
  std::unique_ptr<authority::Controller> controller;
};
Result<Authority> open_authority(const SiteConfig& config, const std::string& run, Clock& clock, uplink::Dial dial) {
  Authority out;
  if (config.controller_identity.empty()) return out;
  authority::ControllerOptions options;
  options.identity = config.controller_identity;
  options.run = run;
  options.retry_max = config.retry_max;
  std::ifstream file(config.controller_password_file);
  if (!std::getline(file, options.password) || options.password.empty()) {
    return fail(config.controller_password_file.string() +
                ": the controller's password can't be read from its first line");
  }
  auto store = authority::SqliteBookStore::open(config.data_directory);
  if (!store) return fail(store.error().message);
  auto book = (*store)->load();
  if (!book) return fail(book.error().message);
  out.store = *std::move(store);
  out.controller =
      std::make_unique<authority::Controller>(std::move(options), clock, *out.store, *std::move(book), std::move(dial));
  return out;
}

// Differs between runs: names the message ids of our own calls to stations.
std::string name_of_run(const Clock& clock) {
  return fmt::format("{:x}", unix_ms(clock.now()));
}

int serve(const SiteConfig& config) {
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
  if (!config.certificate_chain_file.empty()) {
    auto tls = net::TlsContext::for_server({config.certificate_chain_file, config.private_key_file});
    if (!tls) return failed(tls.error().message);
    http.tls = *tls;
  }
  std::shared_ptr<net::TlsContext> client_tls;
  if (config.upstream.tls) {
    auto tls = net::TlsContext::for_client({config.trusted_certificates});
    if (!tls) return failed(tls.error().message);
    client_tls = *tls;
  }

  net::SystemClock clock;
  net::IoContext io;
  Background background;
  auto authority = open_authority(config, name_of_run(clock), clock, dial_upstream(io, config, client_tls));
  if (!authority) return failed(authority.error().message);
  authority::Controller* controller = authority->controller.get();
  uplink::UplinkOptions options;
  options.heartbeat = config.heartbeat;
  options.answer_timeout = config.answer_timeout;
  options.retry_max = config.retry_max;
  options.run = name_of_run(clock);
  options.places = controller;
  if (controller) options.log_told = [controller] { return controller->log_told(); };
  uplink::Uplink uplink({clock, **outbox, dial_upstream(io, config, client_tls),
                         [&io](std::function<void()> work) { io.post(std::move(work)); },
                         [&background](std::function<void()> work) { background.run_later(std::move(work)); }},
                        options);
  StatusPages pages(uplink, controller, clock, nullptr);

  std::promise<int> stop_sign;
  io.on_signals({SIGINT, SIGTERM}, [&stop_sign, raised = false](int number) mutable {
    if (!std::exchange(raised, true)) stop_sign.set_value(number);
  });
  auto listening = net::HttpServer::listen({&io}, http, pages, &uplink);
  if (!listening) return failed(listening.error().message);
  io.post([&] { tick_every_second(io, uplink, controller); });
  io.start();
  log::info("http.listening",
            {{"address", config.address}, {"port", (*listening)->port()}, {"tls", http.tls != nullptr}});

  stop_sign.get_future().wait();
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
  app.add_option("--config", config_file, "Configuration file (TOML), see packaging/site.toml")
      ->required()
      ->check(CLI::ExistingFile);
  CLI::App* check = app.add_subcommand("check-config", "Read the configuration, say what is wrong with it, and end");
  check->fallthrough();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto config = bayward::read_config(config_file);
  if (!config) {
    fmt::print(stderr, "bayward-site: {}\n", config.error().message);
    return 2;
  }
  if (check->parsed()) {
    fmt::print("{}: good\n", config_file);
    return 0;
  }
  return bayward::serve(*config);
}
