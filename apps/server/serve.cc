// bayward-server serve: the wiring of the running platform, top to bottom.
#include <fmt/format.h>
#include <signal.h>

#include <cmath>
#include <condition_variable>
#include <mutex>

#include "alarm_links.h"
#include "api/api.h"
#include "commands.h"
#include "engine/engine.h"
#include "engine/record.h"
#include "engine/runner.h"
#include "journal/fleet/firmware_files.h"
#include "journal/fleet/fleet_store.h"
#include "journal/projections/follower.h"
#include "journal/projections/tables.h"
#include "journal/security/security_store.h"
#include "journal/sqlite/sqlite_journal.h"
#include "journal/telemetry/telemetry_store.h"
#include "journal/uploads/upload_files.h"
#include "journal/vault/sodium_passwords.h"
#include "journal/vault/sqlite_vault.h"
#include "net/http_server.h"
#include "net/io.h"
#include "net/json_log.h"
#include "net/scaled_clock.h"
#include "net/time_zones.h"
#include "payment_link.h"
#include "ports/log.h"
#include "station_tls.h"
#include "stations/acceptor.h"
#include "stations/authority/authority.h"
#include "stations/csms.h"

namespace bayward {
namespace {

constexpr Duration shutdown_grace = 5s;
constexpr Instant zones_from = from_unix_s(0);
constexpr Instant zones_to = from_unix_s(2'114'380'800);  // 2037-01-01: what the tz files tell

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

// What is on disk, opened in order: the journal's lock keeps a second server out of the directory.
struct Stores {
  std::unique_ptr<sqlite::SqliteJournal> journal;
  std::unique_ptr<SqliteVault> vault;
  std::unique_ptr<TelemetryStore> telemetry;
  std::unique_ptr<SecurityStore> security_log;
  std::unique_ptr<stations::CertificateAuthority> authority;
  std::unique_ptr<SodiumPasswords> passwords;
  std::unique_ptr<UploadFiles> uploads;
  std::unique_ptr<FleetStore> fleet;
  std::unique_ptr<FirmwareFiles> firmware;
};

Result<Stores> open_stores(const ServerConfig& config, Clock& clock) {
  auto journal = sqlite::SqliteJournal::open(config.data_directory);
  if (!journal) return fail(journal.error().message);
  auto vault = SqliteVault::open(config.data_directory);
  if (!vault) return fail(vault.error().message);
  const TelemetryStore::Options options{.retention = std::chrono::days{config.telemetry_retention_days}};
  auto telemetry = TelemetryStore::open(config.data_directory, clock, options);
  if (!telemetry) return fail(telemetry.error().message);
  auto security_log = SecurityStore::open(config.data_directory, clock);
  if (!security_log) return fail(security_log.error().message);
  auto authority = stations::CertificateAuthority::open(**vault, config.organization, clock.now());
  if (!authority) return fail(authority.error().message);
  auto passwords = std::make_unique<SodiumPasswords>((*vault)->keys());
  auto uploads = UploadFiles::open(config.data_directory, *passwords, clock.now());
  if (!uploads) return fail(uploads.error().message);
  auto fleet = FleetStore::open(config.data_directory);
  if (!fleet) return fail(fleet.error().message);
  auto firmware = FirmwareFiles::open(config.data_directory, **fleet, *passwords);
  if (!firmware) return fail(firmware.error().message);
  return Stores{*std::move(journal),      *std::move(vault),     *std::move(telemetry),
                *std::move(security_log), *std::move(authority), std::move(passwords),
                *std::move(uploads),      *std::move(fleet),     *std::move(firmware)};
}

EngineRunner::Options runner_options(StopSign& stop) {
  EngineRunner::Options options;
  options.fatal = [&stop](const JournalError& error) {
    log::error("journal.fatal", {{"why", error.message}});
    stop.raise(1);
  };
  options.trouble = [](const std::string& why) { log::error("journal.unavailable", {{"why", why}}); };
  return options;
}

stations::StationOptions station_options(const ServerConfig& config) {
  stations::StationOptions options;
  options.unknown = config.accept_unknown_stations ? stations::Unknown::pending : stations::Unknown::rejected;
  options.heartbeat_interval = config.heartbeat_interval;
  options.least_security_profile = config.least_security_profile;
  for (const auto& [name, desk] : config.alarms.viid) {
    options.keep_plate_pictures = options.keep_plate_pictures || desk.pictures;
  }
  options.public_url = config.upload_url;
  options.sets_spread = config.settings_spread;
  return options;
}

api::RateLimits rate_limits(double scale) {
  api::RateLimits rates;
  for (api::Rate* rate : {&rates.login_by_phone, &rates.login_by_peer, &rates.register_by_peer, &rates.by_token,
                          &rates.anonymous_by_peer}) {
    rate->burst = std::max<int64_t>(1, std::llround(static_cast<double>(rate->burst) * scale));
    rate->interval = Duration{std::max<int64_t>(1, std::llround(static_cast<double>(rate->interval.count()) / scale))};
  }
  return rates;
}

// Everything that runs, in the order in which it depends on each other: the engine, the tables that follow its journal,
// the stations and the API, which share the io thread.
class Platform {
 public:
  Platform(const ServerConfig& config, Stores& stores, Clock& clock, StopSign& stop)
      : config_(config),
        stores_(stores),
        clock_(clock),
        engine_(*stores.journal),
        runner_(engine_, *stores.journal, clock, runner_options(stop)),
        follower_(config.data_directory, *stores.journal, committed_record, make_projections()),
        lists_(config.data_directory, follower_),
        csms_({engine_, *stores.vault, *stores.passwords, *stores.telemetry, clock,
               [this](std::function<void()> work) { io_.post(std::move(work)); },
               [this](std::function<void()> work) { background_.finish(std::move(work)); }, stores.authority.get(),
               stores.security_log.get(), stores.fleet.get(), stores.firmware.get()},
              station_options(config)),
        acceptor_(csms_),
        payments_opened_(payments_.open(config.payments, io_, world_clock_)),
        api_({engine_, *stores.vault, *stores.passwords, lists_, csms_, clock,
              [](std::string_view name) { return net::load_zone(name, zones_from, zones_to); },
              [this] { return health(); }, 2, rate_limits(config.rate_limit_scale), stores.telemetry.get(),
              stores.security_log.get(), payments_.provider(), stores.uploads.get(), config.upload_url, &duty_,
              &csms_.fleet(), stores.firmware.get(), mail_code()}) {
    engine_.subscribe([this](const CommittedRecord& record) { follower_.notify(record.position); });
    io_.on_signals({SIGINT, SIGTERM}, [&stop](int) { stop.raise(0); });
  }

  Status recover() {
    if (!payments_opened_) return payments_opened_;
    if (!csms_.fleet().loaded()) return csms_.fleet().loaded();
    const auto recovered = engine_.recover();
    if (!recovered) return fail(recovered.error().message);
    log::info("engine.recovered",
              {{"snapshot", recovered->snapshot}, {"last", recovered->last}, {"events", recovered->events}});
    return api_.load(engine_.state(), engine_.last_position(), history_of(*stores_.journal));
  }

  Status start() {
    net::HttpServerConfig http;
    http.body_bytes_of = [this](std::string_view target) { return body_bytes_of(target); };
    http.address = config_.address;
    http.port = config_.port;
    if (!config_.certificate_chain_file.empty()) {
      auto tls = net::TlsContext::for_server({config_.certificate_chain_file, config_.private_key_file});
      if (!tls) return fail(tls.error().message);
      http.tls = *tls;
    }
    auto alarms = AlarmLinks::make(config_.alarms, engine_, *stores_.vault, duty_);
    if (!alarms) return fail(alarms.error().message);
    alarms_ = *std::move(alarms);
    runner_.start();
    if (const auto started = alarms_->start(); !started) return fail("alarms: " + started.error().message);
    follower_.start();
    auto listening = net::HttpServer::listen({&io_}, http, api_, &acceptor_);
    if (!listening) return fail(listening.error().message);
    http_ = *std::move(listening);
    if (auto secured = listen_for_stations(); !secured) return secured;
    io_.post([this] { tick_every_second(io_, csms_); });
    io_.start();
    log::info("http.listening", {{"address", config_.address}, {"port", http_->port()}, {"tls", http.tls != nullptr}});
    return Done{};
  }

  void stop() {
    log::info("server.stopping");
    api_.stop_feeds();
    if (http_) http_->stop(shutdown_grace);
    if (station_http_) station_http_->stop(shutdown_grace);
    if (alarms_) alarms_->close_doors();
    api_.finish_work();
    io_.stop();
    runner_.stop();
    if (alarms_) alarms_->stop();
    follower_.stop();
    log::info("server.stopped", {{"journal_position", stores_.journal->last_position()}});
  }

 private:
  // OCPP over TLS, on a port of its own: browsers are not asked for certificates.
  Status listen_for_stations() {
    if (config_.station_tls.port < 0) return Done{};
    auto tls = station_tls_context(config_.station_tls, *stores_.authority, clock_.now());
    if (!tls) return Failure{tls.error()};
    net::HttpServerConfig http;
    http.body_bytes_of = [this](std::string_view target) { return body_bytes_of(target); };
    http.address = config_.station_tls.address;
    http.port = static_cast<uint16_t>(config_.station_tls.port);
    http.tls = *tls;
    auto listening = net::HttpServer::listen({&io_}, http, api_, &acceptor_);
    if (!listening) return fail(listening.error().message);
    station_http_ = *std::move(listening);
    log::info("ocpp.listening", {{"address", http.address}, {"port", station_http_->port()}, {"tls", true}});
    return Done{};
  }
  MailCode mail_code() {
    if (!config_.alarms.email) return {};
    return [this](CodeLetter letter, std::function<void(bool, std::string_view)> done) {
      alarms_->mail_code(std::move(letter), std::move(done));
    };
  }
  // A long body only for a log that a station was asked for, and for firmware that an operator has announced.
  size_t body_bytes_of(std::string_view target) const {
    const auto token_below = [&](std::string_view root) -> std::string_view {
      if (!target.starts_with(root)) return {};
      return target.substr(root.size(), target.find('/', root.size()) - root.size());
    };
    const std::string_view upload = token_below("/uploads/");
    if (!upload.empty() && stores_.uploads->awaits(upload)) return limits::station_upload_bytes;
    const std::string_view firmware = token_below("/firmware/");
    if (!firmware.empty() && stores_.firmware->awaits(firmware)) return limits::firmware_image_bytes;
    return limits::http_body_bytes;
  }
  api::PlatformHealth health() const {
    api::PlatformHealth now;
    now.engine_healthy = now.journal_writable = runner_.healthy();
    now.commands_shed = engine_.shed();
    now.commits = runner_.commits();
    now.inbox_commands = engine_.inbox_size();
    now.journal_position = stores_.journal->last_position();
    if (http_) {
      const net::HttpServerCounts counts = http_->counts();
      now.http_connections = counts.connections;
      now.websockets = counts.websockets;
    }
    if (station_http_) {
      const net::HttpServerCounts counts = station_http_->counts();
      now.http_connections += counts.connections;
      now.websockets += counts.websockets;
    }
    return now;
  }

  const ServerConfig& config_;
  Stores& stores_;
  Clock& clock_;
  net::IoContext io_;  // first: it outlives whatever holds a Responder
  Engine engine_;
  EngineRunner runner_;
  ProjectionFollower follower_;
  SqliteReadModels lists_;
  api::Workers background_{2};
  stations::Csms csms_;
  stations::StationAcceptor acceptor_;
  net::SystemClock world_clock_;
  DutyBoard duty_{world_clock_};
  PaymentLink payments_;
  Status payments_opened_;
  api::Api api_;
  std::unique_ptr<AlarmLinks> alarms_;
  std::unique_ptr<net::HttpServer> http_;
  std::unique_ptr<net::HttpServer> station_http_;
};

}  // namespace

int serve(const ServerConfig& config) {
  net::JsonLog log_sink(config.log_level);
  log::install(&log_sink);
  const struct Uninstall {
    ~Uninstall() { log::install(nullptr); }
  } uninstall;

  net::SystemClock system_clock;
  net::ScaledClock scaled_clock(config.clock_start.value_or(system_clock.now()), config.clock_speed);
  const bool scaled = config.clock_speed != 1 || config.clock_start;
  Clock& clock = scaled ? static_cast<Clock&>(scaled_clock) : system_clock;
  if (scaled) log::warn("clock.scaled", {{"speed", config.clock_speed}, {"start", to_rfc3339(clock.now())}});

  auto stores = open_stores(config, clock);
  if (!stores) return failed(stores.error().message);
  StopSign stop;
  Platform platform(config, *stores, clock, stop);
  if (const auto recovered = platform.recover(); !recovered) return failed(recovered.error().message);
  if (const auto started = platform.start(); !started) {
    platform.stop();
    return failed(started.error().message);
  }
  const int exit_code = stop.wait();
  platform.stop();
  return exit_code;
}

}  // namespace bayward
