// The far ends of alarms as programs of their own, beside the town: a fire monitoring centre (GB/T 26875.3), the
// police's platforms (GA/T 1400.4 and GB/T 28181) and an SMS centre behind Kannel. They share no code with the server,
// which is configured to tell them; what comes in there they say in lines of JSON (tests/conformance/far_end.mjs).
//
// start() before other threads run; everything else on the town's thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/io.h"
#include "ocpp/rpc/json.h"
#include "sim/town/server_process.h"

namespace bayward::town {

enum class FarEnd : uint8_t { fire_centre, police_platform, police_alarms, sms_centre };
// "fire centre".
std::string_view far_end_name(FarEnd end);

class FarEnds {
 public:
  struct Word {
    FarEnd from{};
    std::string what;  // "alarm", "all_clear", "order_taken", ...
    std::string text;
    std::chrono::steady_clock::time_point at;  // when the line was read
  };

  explicit FarEnds(net::IoContext& io) : io_(io) {}
  ~FarEnds();
  FarEnds(const FarEnds&) = delete;
  FarEnds& operator=(const FarEnds&) = delete;

  // The programs of the folder `programs`; logs, secrets and the server's configuration go into `folder`, which is
  // made. One whose gateway isn't installed is left out, and that is said on standard error.
  Status start(const std::string& programs, const std::string& folder);
  void stop();

  bool has(FarEnd end) const { return processes_.contains(end); }
  // The file with the [alarms] that tell them; empty: there are none.
  const std::string& server_config() const { return server_config_; }
  // Of what comes in from now on.
  std::function<void(const Word&)> heard;

  // The police platform brings a watch order for that plate to the server's door, or takes its order back.
  void order(const std::string& plate, uint16_t door);
  void withdraw(uint16_t door);

 private:
  Status start_one(FarEnd end, const std::string& program, const std::string& folder);
  Status write_config(const std::string& folder);
  void hear(FarEnd end, const std::string& line);

  net::IoContext& io_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::map<FarEnd, std::unique_ptr<ServerProcess>> processes_;
  std::map<FarEnd, ocpp::Json> hellos_;  // each one's first line
  std::string server_config_;
};

}  // namespace bayward::town
