// bayward-server: the platform's process. Reads the command line, runs one command.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "commands.h"
#include "station_commands.h"

namespace {

using namespace bayward;

struct Options {
  std::string config_file;
  std::string data_directory;
  std::string address;
  int port = -1;
  std::string log_level;
  double rate_limit_scale = 0;
  double clock_speed = 1;
  std::string clock_start;
};

int usage(const std::string& message) {
  fmt::print(stderr, "bayward-server: {}\nSee bayward-server --help.\n", message);
  return 2;
}

Result<ServerConfig> effective(const Options& options) {
  ServerConfig config;
  if (!options.config_file.empty()) {
    auto read = read_config(options.config_file);
    if (!read) return read;
    config = *std::move(read);
  }
  if (!options.data_directory.empty()) config.data_directory = options.data_directory;
  if (!options.address.empty()) config.address = options.address;
  if (options.port >= 0) config.port = static_cast<uint16_t>(options.port);
  if (options.rate_limit_scale != 0) config.rate_limit_scale = options.rate_limit_scale;
  config.clock_speed = options.clock_speed;
  if (!options.clock_start.empty()) {
    config.clock_start = parse_rfc3339(options.clock_start);
    if (!config.clock_start) return fail("--clock-start must be a time such as 2026-03-02T05:00:00Z");
  }
  if (!options.log_level.empty()) {
    static const std::map<std::string, log::Level> levels = {{"debug", log::Level::debug},
                                                             {"info", log::Level::info},
                                                             {"warn", log::Level::warn},
                                                             {"error", log::Level::error}};
    const auto found = levels.find(options.log_level);
    if (found == levels.end()) return fail("--log-level must be debug, info, warn or error");
    config.log_level = found->second;
  }
  if (const auto bad = defect(config)) return fail(*bad);
  return config;
}

void add_common(CLI::App& app, Options& options) {
  app.add_option("--config", options.config_file, "Configuration file (TOML)")->check(CLI::ExistingFile);
  app.add_option("--data-dir", options.data_directory, "Where journal, vault and tables are kept [/var/lib/bayward]");
}

void add_journal(CLI::App& app, Options& options, JournalQuery& query, std::function<int()>& chosen,
                 int (*command)(const JournalQuery&), const char* name, const char* what) {
  CLI::App* verb = app.add_subcommand(name, what);
  add_common(*verb, options);
  if (command == journal_show || command == journal_export) {
    verb->add_option("--after", query.after, "Begin behind this position");
    verb->add_option("--count", query.count, "At most so many records");
    verb->add_option("--stream", query.stream, "Only records that touch this stream: site-1, acc-2a");
  }
  verb->callback([&options, &query, &chosen, command] {
    chosen = [&options, &query, command] {
      const auto config = effective(options);
      if (!config) return usage(config.error().message);
      query.directory = config->data_directory;
      return command(query);
    };
  });
}

void add_authority(CLI::App& app, Options& options, std::function<int()>& chosen) {
  CLI::App* authority = app.add_subcommand("ca", "The platform's own certificate authority for stations");
  authority->require_subcommand(1);
  CLI::App* roots =
      authority->add_subcommand("roots", "Print its root certificates in PEM; safe beside a running server");
  add_common(*roots, options);
  roots->callback([&options, &chosen] {
    chosen = [&options] {
      const auto config = effective(options);
      return config ? print_authority_roots(*config) : usage(config.error().message);
    };
  });
}

void add_init(CLI::App& app, Options& options, InitRequest& first, bool& password_from_stdin,
              std::function<int()>& chosen) {
  CLI::App* init_verb = app.add_subcommand("init", "Make a data directory and the first operator's account");
  add_common(*init_verb, options);
  init_verb->footer(
      "Without --operator-phone it asks, on a terminal. Run again it keeps what is there and adds what is missing.");
  init_verb->add_option("--operator-phone", first.phone, "E.164, for example +4915112345678");
  init_verb->add_option("--operator-name", first.name, "Shown to staff [Operator]");
  init_verb->add_flag("--password-stdin", password_from_stdin,
                      "Read the password from standard input (else one is made)");
  init_verb->add_flag("--ask", first.ask, "Ask for everything, also when the input is no terminal");
  init_verb->add_option("--site", first.site, "Name of a site to make");
  init_verb->add_option("--place", first.place, "Where it is: latitude,longitude [0,0]");
  init_verb->add_option("--time-zone", first.time_zone, "Its IANA time zone [Europe/Berlin]");
  init_verb->add_option("--currency", first.currency, "Its ISO 4217 currency [EUR]");
  init_verb->add_option("--parking-per-hour", first.parking_per_hour, "Price, for example 2.50 [0]");
  init_verb->add_option("--energy-per-kwh", first.energy_per_kwh, "Price, for example 0.45 [0]");
  init_verb->add_option("--tax-percent", first.tax_percent, "On top of the prices [0]");
  init_verb->add_option("--bays", first.bays, "How many, labelled P-001 and so on [0]");
  init_verb->add_option("--owner-phone", first.owner_phone, "Of the bays' owner [the community's, always shared]");
  init_verb->add_option("--station", first.station, "Identity of a charging station; its password is printed");
  init_verb->add_option("--connectors", first.connectors, "Of the station, for the first bays [1]");
  init_verb->callback([&] {
    chosen = [&] {
      if (first.phone.empty() && !first.ask) {
        if (isatty(STDIN_FILENO) == 0) {
          return usage("init needs --operator-phone, for example +4915112345678 (or --ask)");
        }
        first.ask = true;
      }
      if (first.ask && password_from_stdin) {
        return usage("--ask and --password-stdin both want the standard input: give one");
      }
      if (password_from_stdin) std::getline(std::cin, first.password);
      if (password_from_stdin && first.password.empty()) {
        return usage("--password-stdin: nothing came on standard input");
      }
      const auto config = effective(options);
      return config ? init(*config, first) : usage(config.error().message);
    };
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Bayward: shared parking bays with EV charging. REST API, live feed and OCPP central system in one process."};
  app.set_version_flag("--version", "bayward-server " BAYWARD_VERSION);
  app.require_subcommand(1);
  Options options;
  InitRequest first;
  JournalQuery query;
  bool password_from_stdin = false;
  std::function<int()> chosen;

  CLI::App* serve_verb = app.add_subcommand("serve", "Run the server until SIGTERM or Ctrl-C");
  add_common(*serve_verb, options);
  serve_verb->add_option("--address", options.address, "Address to listen on [127.0.0.1]");
  serve_verb->add_option("--port", options.port, "Port to listen on, 0 for a free one [8080]")
      ->check(CLI::Range(0, 65535));
  serve_verb->add_option("--log-level", options.log_level, "debug, info, warn or error [info]");
  serve_verb->add_option("--rate-limit-scale", options.rate_limit_scale, "Allow so many times the usual rates [1]");
  serve_verb->add_option("--clock-speed", options.clock_speed,
                         "For demonstrations: the clock runs so many times as fast");
  serve_verb->add_option("--clock-start", options.clock_start,
                         "For demonstrations: the clock starts at this time (RFC 3339)");
  serve_verb->callback([&] {
    chosen = [&] {
      const auto config = effective(options);
      return config ? serve(*config) : usage(config.error().message);
    };
  });

  add_init(app, options, first, password_from_stdin, chosen);

  CLI::App* journal = app.add_subcommand("journal", "Read the journal; safe beside a running server");
  journal->require_subcommand(1);
  add_journal(*journal, options, query, chosen, journal_verify, "verify", "Check the hash chain and the snapshots");
  add_journal(*journal, options, query, chosen, journal_show, "show", "Print records for people");
  add_journal(*journal, options, query, chosen, journal_export, "export", "Print records as lines of JSON");
  add_journal(*journal, options, query, chosen, journal_replay, "replay", "Rebuild the state and report on it");

  StationAsk ask;
  add_station_commands(app, ask, chosen);
  add_authority(app, options, chosen);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return chosen();
}
