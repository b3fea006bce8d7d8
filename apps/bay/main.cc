// bayward-bay: the processor in a pile or pod. Reads the command line, runs.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "run.h"

int main(int argc, char** argv) {
  using namespace bayward::bay;
  CLI::App app{
      "The agent of one bay: watches sensors and owns the contactor, and is an OCPP 2.0.1 charging station.\n"
      "Without a command it runs until SIGTERM; exit code 75 asks to be started again."};
  app.set_version_flag("--version", "bayward-bay " BAYWARD_VERSION);
  std::string file;
  app.add_option("--config", file, "Configuration file (TOML); packaging/bay/bay.toml shows every key")->required();
  CLI::App* check = app.add_subcommand("check-config", "Read the configuration, say what is wrong with it, and end");
  check->fallthrough();
  CLI::App* launch_verb =
      app.add_subcommand("launch", "Start the installed firmware, or take back one that has not proved itself");
  launch_verb->fallthrough();
  app.require_subcommand(0, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto config = read_config(file);
  if (!config) {
    fmt::print(stderr, "bayward-bay: {}\n", config.error().message);
    return 2;
  }
  if (*check) {
    fmt::print("{}: good\n", file);
    return 0;
  }
  return *launch_verb ? launch(*config, file) : run(*config);
}
