// bayward-server serve: the wiring of the running platform, top to bottom.
#include <fmt/format.h>
#include <signal.h>

#include <condition_variable>
#include <mutex>

#include "api/api.h"
#include "commands.h"
#include "engine/engine.h"
#include "engine/record.h"
#include "engine/runner.h"
#include "journal/projections/follower.h"
#include "journal/projections/tables.h"
#include "journal/sqlite/sqlite_journal.h"
#include "journal/telemetry/telemetry_store.h"
#include "journal/vault/sodium_passwords.h"
#include "journal/vault/sqlite_vault.h"
#include "net/http_server.h"
#include "net/io.h"
#include "net/json_log.h"
#include "net/time_zones.h"
#include "ports/log.h"
#include "scaled_clock.h"
#include "stations/acceptor.h"
#include "stations/csms.h"

namespace bayward {
namespace {

constexpr Duration shutdown_grace = 5s;
constexpr Instant zones_from = from_unix_s(0);
constexpr Instant zones_to = from_unix_s(2'145'916'800);  // 2038-01-01: what the tz files tell

int failed(const std::string& message) {
  log::error("server.failed", {{"why", message}});
  fmt::print(stderr, "bayward-server: {}\n", message);
  return 1;
}

// Waits for SIGTERM, Ctrl-C, or a journal that can't be written any more.
class StopSign {
 public:
  void raise(int exit_code) {
    const std::lock_guard lock(mutex_);
    if (!raised_) exit_code_ = exit_code;
    raised_ = true;
    condition_.notify_all();
  }
  int wait() {
    std::unique_lock lock(mutex_);
    condition_.wait(lock, [this] { return raised_; });
    return exit_code_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool raised_ = false;
  int exit_code_ = 0;
};

std::optional<CommittedRecord> committed_record(const JournalRecord& record) {
  auto body = decode(record.body);
  if (!body) return std::nullopt;
  return CommittedRecord{record.position, record.at, body->actor, std::move(body->command), std::move(body->events)};
}

CommittedHistory history_of(Journal& journal) {
  return [&journal](Position after, const std::function<bool(const CommittedRecord&)>& each) -> Status {
    std::optional<Position> unreadable;
    const auto read = journal.read(after, [&](const JournalRecord& record) {
      const auto committed = committed_record(record);
      if (!committed) unreadable = record.position;
      return committed && each(*committed);
    });
    if (!read) return fail(read.error().message);
    if (unreadable) return fail(fmt::format("record {} can't be read", *unreadable));
    return Done{};
  };
}

void tick_every_second(net::IoContext& io, stations::Csms& csms) {
  csms.tick();
  io.after(1s, [&io, &csms] { tick_every_second(io, csms); });
}

Result<std::shared_ptr<net::TlsContext>> tls_of(const ServerConfig& config) {
  if (config.certificate_chain_file.empty()) return std::shared_ptr<net::TlsContext>{};
  return net::TlsContext::for_server({config.certificate_chain_file, config.private_key_file});
}

}  // namespace

int serve(const ServerConfig& config) {
  net::JsonLog log_sink(config.log_level);
  log::install(&log_sink);
  const struct Uninstall {
    ~Uninstall() { log::install(nullptr); }
  } uninstall;

  // Storage. The journal's lock keeps a second server out of the directory.
  auto journal = sqlite::SqliteJournal::open(config.data_directory);
  if (!journal) return failed(journal.error().message);
  auto vault = SqliteVault::open(config.data_directory);
  if (!vault) return failed(vault.error().message);
  SodiumPasswords passwords((*vault)->keys());
  net::SystemClock system_clock;
  ScaledClock scaled_clock(config.clock_start.value_or(system_clock.now()), config.clock_speed);
  const bool scaled = config.clock_speed != 1 || config.clock_start;
  Clock& clock = scaled ? static_cast<Clock&>(scaled_clock) : system_clock;
  if (scaled) log::warn("clock.scaled", {{"speed", config.clock_speed}, {"start", to_rfc3339(clock.now())}});
  auto telemetry = TelemetryStore::open(config.data_directory, clock,
                                        {.retention = std::chrono::days{config.telemetry_retention_days}});
  if (!telemetry) return failed(telemetry.error().message);

  // The engine, rebuilt from snapshot and journal.
  Engine engine(**journal);
  const auto recovered = engine.recover();
  if (!recovered) return failed(recovered.error().message);
  log::info("engine.recovered", {{"snapshot", recovered->snapshot}, {"last", recovered->last}, {"events", recovered->events}});
  StopSign stop;
  EngineRunner::Options runner_options;
  runner_options.fatal = [&stop](const JournalError& error) {
    log::error("journal.fatal", {{"why", error.message}});
    stop.raise(1);
  };
  runner_options.trouble = [](const std::string& why) { log::error("journal.unavailable", {{"why", why}}); };
  EngineRunner runner(engine, **journal, clock, runner_options);

  // Tables for people and reports follow the journal.
  ProjectionFollower follower(config.data_directory, **journal, committed_record, make_projections());
  SqliteReadModels lists(config.data_directory, follower);
  engine.subscribe([&follower](const CommittedRecord& record) { follower.notify(record.position); });

  // Stations and API share the io thread.
  net::IoContext io;
  api::Workers background(2);
  stations::StationOptions station_options;
  station_options.unknown = config.accept_unknown_stations ? stations::Unknown::pending : stations::Unknown::rejected;
  station_options.heartbeat_interval = config.heartbeat_interval;
  stations::Csms csms({engine, **vault, passwords, **telemetry, clock, [&io](std::function<void()> work) { io.post(std::move(work)); },
                       [&background](std::function<void()> work) { background.finish(std::move(work)); }},
                      station_options);
  stations::StationAcceptor acceptor(csms);
  std::unique_ptr<net::HttpServer> server;
  const auto health = [&] {
    api::PlatformHealth now;
    now.engine_healthy = now.journal_writable = runner.healthy();
    now.commands_shed = engine.shed();
    now.commits = runner.commits();
    now.inbox_commands = engine.inbox_size();
    now.journal_position = (*journal)->last_position();
    if (server) {
      const net::HttpServerCounts counts = server->counts();
      now.http_connections = counts.connections;
      now.websockets = counts.websockets;
    }
    return now;
  };
  const auto zones = [](std::string_view name) { return net::load_zone(name, zones_from, zones_to); };
  api::Api api({engine, **vault, passwords, lists, csms, clock, zones, health});
  if (const auto loaded = api.load(engine.state(), engine.last_position(), history_of(**journal)); !loaded) {
    return failed(loaded.error().message);
  }

  auto tls = tls_of(config);
  if (!tls) return failed(tls.error().message);
  runner.start();
  follower.start();
  io.on_signals({SIGINT, SIGTERM}, [&stop](int) { stop.raise(0); });
  net::HttpServerConfig http;
  http.address = config.address;
  http.port = config.port;
  http.tls = *tls;
  auto listening = net::HttpServer::listen({&io}, http, api, &acceptor);
  if (!listening) return failed(listening.error().message);
  server = *std::move(listening);
  io.post([&io, &csms] { tick_every_second(io, csms); });
  io.start();
  log::info("http.listening", {{"address", config.address}, {"port", server->port()}, {"tls", *tls != nullptr}});

  const int exit_code = stop.wait();
  log::info("server.stopping");
  api.stop_feeds();
  server->stop(shutdown_grace);
  io.stop();
  runner.stop();
  follower.stop();
  log::info("server.stopped", {{"journal_position", (*journal)->last_position()}});
  return exit_code;
}

}  // namespace bayward
