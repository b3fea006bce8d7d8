// A server of the town's own: a data directory with its operator, the server program on it, perhaps a site controller
// in front of it and the far ends of its alarms behind it, and town time at the speed of their clocks. Everything is
// taken down again by the destructor.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "sim/town/community.h"
#include "sim/town/far_ends.h"
#include "sim/town/real_town_time.h"
#include "sim/town/server_process.h"
#include "sim/town/station_door.h"

namespace bayward::town {

struct StageOptions {
  std::string server_program;
  std::string data_directory;  // empty: a temporary one, removed at the end
  uint16_t port = 0;
  double speed = 1;
  Instant clock_start{};
  std::string site_program;  // the site controller; empty: none
  std::string far_ends;      // the folder with the far ends' programs; empty: alarms are told to nobody outside
};

class Stage {
 public:
  static Result<std::unique_ptr<Stage>> set_up(const StageOptions& options);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  net::IoContext& io() { return io_; }
  RealTownTime& time() { return time_; }
  uint16_t port() const { return port_; }
  // Where stations connect: the server, and once it is started the site controller.
  const StationDoor& door() const { return door_; }
  // The site controller with this configuration, between stations and server from now on, at the town's clock.
  Status start_site(const std::string& config_file);
  const Login& operator_login() const { return operator_; }
  const std::string& data_directory() const { return data_directory_; }
  FarEnds& far_ends() { return far_ends_; }
  // Of another door of the server's, such as "police.listening".
  std::optional<uint16_t> server_door(const std::string& door) {
    return server_ ? server_->port_of(door) : std::nullopt;
  }
  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }

  // Runs the town until `play` has ended. On SIGINT or SIGTERM `interrupted` is
  // called (on the town's thread), a second signal stops at once. False when it was stopped so, or the server died.
  bool run(Task<> play, std::function<void()> interrupted);
  bool was_interrupted() const { return signals_ > 0; }
  // As a crash would: SIGKILL. It is down until restart_server(), and nobody minds.
  void kill_server();
  // On the same data and port. server_listens() says when it is there.
  Status restart_server();
  bool server_listens();
  // False when it did not end by itself with code 0 within its time.
  bool stop_server();

 private:
  explicit Stage(const StageOptions& options);
  Status prepare(const StageOptions& options);
  std::vector<std::string> server_arguments() const;
  std::vector<std::string> clock_arguments(Instant start) const;
  Task<> play_to_end(Task<> play);
  void watch_server();

  net::IoContext io_;
  RealTownTime time_;
  std::string data_directory_;
  bool temporary_ = false;
  uint16_t port_ = 0;
  Login operator_;
  StageOptions options_;
  FarEnds far_ends_{io_};
  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<ServerProcess> site_;
  StationDoor door_;
  int signals_ = 0;
  bool completed_ = false;
};

}  // namespace bayward::town
