// bayward-sim: the town around the server. Reads the command line, runs one command.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/town/demo.h"
#include "sim/town/drills/drill_desk.h"
#include "sim/town/replay.h"

namespace {

using bayward::town::call_drill;
using bayward::town::DemoOptions;
using bayward::town::drill_list;
using bayward::town::DrillCall;
using bayward::town::replay_speed_max;
using bayward::town::ReplayOptions;
using bayward::town::run_demo;
using bayward::town::run_replay;
using bayward::town::server_down;

constexpr double demo_speed = 60;
constexpr double minutes_per_day = 1440;
constexpr uint16_t drill_port = 8079;

std::vector<std::string> drill_names() {
  std::vector<std::string> names;
  for (const auto& info : drill_list()) names.emplace_back(info.name);
  return names;
}

std::vector<std::string> demo_drill_names() {
  std::vector<std::string> names = drill_names();
  names.emplace_back(server_down);  // only where the demo starts the server itself
  return names;
}

std::string drills_for_people() {
  std::string out = "Drills:";
  for (const auto& info : drill_list()) out += "\n  " + std::string(info.name) + ": " + std::string(info.what);
  return out;
}

// Our other programs lie beside this one.
std::string beside_us(const char* program) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return (error ? std::filesystem::path(program) : self.parent_path() / program).string();
}

struct DemoArguments {
  DemoOptions options;
  double speed = 0;    // 0: not given
  double minutes = 0;  // 0: not given
  std::optional<uint16_t> drill_port;
};

void add_demo(CLI::App& app, DemoArguments& demo) {
  app.add_option("--port", demo.options.port, "Port of the server, 0 for a free one")->capture_default_str();
  app.add_option("--minutes", demo.minutes, "End by itself after so many minutes (of your clock)")
      ->check(CLI::Range(0.05, 100'000.0));
  app.add_option("--speed", demo.speed,
                 "How many times as fast town time runs [60; with --headless, so that --minutes is one whole day]")
      ->check(CLI::Range(1.0, 100'000.0));
  app.add_flag("--headless", demo.options.headless,
               "For scripts: ends by itself (--minutes, 2 if not given), one line of JSON on standard output, the rest "
               "on standard error; code 0 only if something was booked and ledger_sum, overlaps and unanswered_calls "
               "are 0");
  app.add_option("--seed", demo.options.seed, "Another town")->capture_default_str();
  app.add_option("--bays", demo.options.bays, "Bays of the community")
      ->check(CLI::Range(6, 400))
      ->capture_default_str();
  app.add_option("--data-dir", demo.options.data_directory,
                 "Keep the server's data here: an empty or new directory [a temporary one, removed at the end]");
  app.add_option("--drill", demo.options.drill,
                 "Run this drill at once, print its time line (with --headless as one line of JSON) and end; code 0 if "
                 "all went as it should")
      ->check(CLI::IsMember(demo_drill_names()));
  app.add_option(
      "--far-ends", demo.options.far_ends,
      "Folder with the far ends' programs (tests/conformance of the source tree): a fire centre, the police's "
      "platforms and an SMS centre run beside the demo and are told its alarms [none]");
  app.add_option("--outage", demo.options.outage_s, "Seconds for which --drill server-down leaves the server dead")
      ->check(CLI::Range(5.0, 3600.0))
      ->capture_default_str();
  app.add_option("--bay", demo.options.drill_bay, "Where the drill happens, such as B12 [at a bay that fits]");
  app.add_option("--drill-port", demo.drill_port,
                 "Port on which `bayward-sim drill` reaches this demo [8079, or a free one with --port 0]");
  app.footer(drills_for_people() +
             "\n  server-down: the server is killed while cars charge behind bayward-site, and starts again later");
}

int demo_with(DemoArguments demo) {
  const bool drill = !demo.options.drill.empty();
  if (demo.options.headless && !drill && demo.minutes == 0) demo.minutes = 2;
  if (demo.minutes > 0) demo.options.minutes = demo.minutes;
  demo.options.drill_port = demo.drill_port.value_or(demo.options.port == 0 ? 0 : drill_port);
  demo.options.speed = demo.speed > 0                    ? demo.speed
                       : demo.options.headless && !drill ? std::max(1.0, minutes_per_day / demo.minutes)
                                                         : demo_speed;
  demo.options.server_program = beside_us("bayward-server");
  demo.options.site_program = beside_us("bayward-site");
  return run_demo(demo.options);
}

void add_replay(CLI::App& app, ReplayOptions& replay, std::string& speed) {
  app.add_option("--file", replay.file, "sap_labs_2017_2021.csv or acn_caltech_2021.json")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--from", replay.from, "First day, YYYY-MM-DD in UTC [the Monday of the week with most sessions]");
  app.add_option("--days", replay.days, "Sessions that start on so many days")
      ->check(CLI::Range(1, 31))
      ->capture_default_str();
  app.add_option("--speed", speed, "How many times as fast time runs, or max")->capture_default_str();
  app.add_option("--report", replay.report, "Write a line for each row of these days to this CSV file");
  app.add_option("--data-dir", replay.data_directory,
                 "Keep the server's data here: an empty or new directory [a temporary one, removed at the end]");
}

int replay_with(ReplayOptions replay, const std::string& speed) {
  if (speed != "max") {
    char* end = nullptr;
    replay.speed = std::strtod(speed.c_str(), &end);
    if (speed.empty() || *end != '\0' || !(replay.speed >= 1 && replay.speed <= replay_speed_max)) {
      std::fprintf(stderr, "bayward-sim: --speed must be 1 to %g, or max\n", replay_speed_max);
      return 2;
    }
  }
  replay.server_program = beside_us("bayward-server");
  return run_replay(replay);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"The town around bayward-server: charging stations, drivers and owners as clients over real sockets."};
  app.set_version_flag("--version", "bayward-sim " BAYWARD_VERSION);
  app.require_subcommand(1);
  std::function<int()> chosen;

  DemoArguments demo;
  CLI::App* demo_verb = app.add_subcommand("demo", "Start a server with a sample community and let people live in it");
  add_demo(*demo_verb, demo);
  demo_verb->callback([&] { chosen = [&] { return demo_with(demo); }; });

  DrillCall drill;
  drill.port = drill_port;
  CLI::App* drill_verb = app.add_subcommand(
      "drill", "Make something go wrong in a running demo and see who notices when; code 0 if all did");
  drill_verb->add_option("name", drill.order.name, "Which one")->required()->check(CLI::IsMember(drill_names()));
  drill_verb->add_option("--bay", drill.order.bay, "Where, such as B12 [at a bay that fits]");
  drill_verb->add_option("--drill-port", drill.port, "As the demo has said")->capture_default_str();
  drill_verb->add_flag("--json", drill.json, "The report as one line of JSON");
  drill_verb->footer(drills_for_people());
  drill_verb->callback([&] { chosen = [&] { return call_drill(drill); }; });

  ReplayOptions replay;
  std::string speed = "3600";
  CLI::App* replay_verb = app.add_subcommand(
      "replay", "Replay recorded charging sessions and compare what was billed, row by row; code 0 if all is equal");
  add_replay(*replay_verb, replay, speed);
  replay_verb->callback([&] { chosen = [&] { return replay_with(replay, speed); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return chosen();
}
