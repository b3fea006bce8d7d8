#include "sim/town/stage.h"

#include <signal.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace bayward::town {
namespace {

constexpr Duration listen_patience{60s};
constexpr Duration stop_patience{30s};

}  // namespace

Stage::Stage(const StageOptions& options) : time_(io_, options.clock_start, options.speed), options_(options) {}

Result<std::unique_ptr<Stage>> Stage::set_up(const StageOptions& options) {
  std::unique_ptr<Stage> stage(new Stage(options));
  if (const Status prepared = stage->prepare(options); !prepared) return Failure{prepared.error()};
  return stage;
}

Status Stage::prepare(const StageOptions& options) {
  data_directory_ = options.data_directory;
  if (data_directory_.empty()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "bayward-town-XXXXXX").string();
    if (!mkdtemp(pattern.data())) return fail("cannot make a temporary directory below " + pattern);
    data_directory_ = pattern;
    temporary_ = true;
  }
  operator_ = {"operator", "Olga Operator", "+4917139200", new_password()};
  operator_.phone += "00";
  const auto init = run_program(options.server_program,
                                {"init", "--data-dir", data_directory_, "--operator-phone", operator_.phone,
                                 "--operator-name", operator_.name, "--password-stdin"},
                                operator_.password + "\n");
  if (!init) return Failure{init.error()};
  if (init->exit_code != 0) return fail("the data directory could not be made:\n" + init->output);

  if (!options.far_ends.empty()) {
    if (Status started = far_ends_.start(options.far_ends, data_directory_ + "/far-ends"); !started) return started;
  }
  auto server = ServerProcess::start(options.server_program, server_arguments(), data_directory_ + "/server.log");
  if (!server) return Failure{server.error()};
  server_ = *std::move(server);
  const auto port = server_->wait_until_listening(listen_patience);
  if (!port) return fail("the server: " + port.error().message);
  port_ = door_.port = *port;
  time_.synchronise(options.clock_start);  // a little behind it; the stations' boots will tell exactly
  return Done{};
}

std::vector<std::string> Stage::clock_arguments(Instant start) const {
  char speed[32];
  std::snprintf(speed, sizeof speed, "%.6f", options_.speed);
  return {"--clock-speed", speed, "--clock-start", to_rfc3339(start)};
}

std::vector<std::string> Stage::server_arguments() const {
  const uint16_t port = port_ != 0 ? port_ : options_.port;
  std::vector<std::string> out{"serve", "--data-dir", data_directory_, "--port", std::to_string(port)};
  // A restarted server goes on where the town is, not where the day began.
  for (std::string& one : clock_arguments(port_ != 0 ? time_.now() : options_.clock_start))
    out.push_back(std::move(one));
  if (!far_ends_.server_config().empty()) {
    out.emplace_back("--config");
    out.push_back(far_ends_.server_config());
  }
  return out;
}

Status Stage::start_site(const std::string& config_file) {
  std::vector<std::string> arguments{"--config", config_file};
  for (std::string& one : clock_arguments(time_.now())) arguments.push_back(std::move(one));
  auto site = ServerProcess::start(options_.site_program, arguments, data_directory_ + "/site.log");
  if (!site) return Failure{site.error()};
  site_ = *std::move(site);
  const auto port = site_->wait_until_listening(listen_patience);
  if (!port) return fail("the site controller: " + port.error().message);
  door_.port = *port;
  return Done{};
}

void Stage::kill_server() {
  if (!server_) return;
  kill(server_->pid(), SIGKILL);
  server_ = nullptr;
}

Status Stage::restart_server() {
  auto server = ServerProcess::start(options_.server_program, server_arguments(), data_directory_ + "/server-2.log");
  if (!server) return Failure{server.error()};
  server_ = *std::move(server);
  return Done{};
}

bool Stage::server_listens() {
  return server_ && server_->wait_until_listening(Duration{0}).ok();
}

Stage::~Stage() {
  (void)stop_server();
  std::error_code ignored;
  if (temporary_) std::filesystem::remove_all(data_directory_, ignored);
}

bool Stage::stop_server() {
  const bool site_clean = !site_ || site_->stop(stop_patience);
  site_ = nullptr;
  const bool clean = !server_ || server_->stop(stop_patience);
  server_ = nullptr;
  far_ends_.stop();
  return clean && site_clean;
}

Task<> Stage::play_to_end(Task<> play) {
  co_await play;
  completed_ = true;
  io_.stop();
}

void Stage::watch_server() {
  io_.after(500ms, [this] {
    if (server_ && !server_->running()) {
      std::fprintf(stderr, "bayward-sim: the server has ended by itself; its log is %s/server.log\n",
                   data_directory_.c_str());
      temporary_ = false;
      return io_.stop();
    }
    if (site_ && !site_->running()) {
      std::fprintf(stderr, "bayward-sim: the site controller has ended by itself; its log is %s/site.log\n",
                   data_directory_.c_str());
      temporary_ = false;
      return io_.stop();
    }
    watch_server();
  });
}

bool Stage::run(Task<> play, std::function<void()> interrupted) {
  io_.on_signals({SIGINT, SIGTERM}, [this, interrupted = std::move(interrupted)](int) {
    if (++signals_ > 1) return io_.stop();
    interrupted();
  });
  watch_server();
  TaskScope scope;
  io_.post([&] { scope.start(play_to_end(std::move(play))); });
  io_.run();
  return completed_;
}

}  // namespace bayward::town
