// The local controller's sockets: stations connect to /ocpp/{identity}, and each has its own socket upstream with its
// own identity and password. What is said on them is relay.h's to decide.
//
// Who may connect is the platform's decision as long as it answers; without it, a station that it let in before with
// the same password. Answers of HTTP as of the platform: 404, 401, 429, and 503 when nobody can tell or there is no
// room.
//
// Belongs to the io thread; `background` runs elsewhere and comes back through `post`. Outlives its sockets and
// everything given to `post`.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ports/clock.h"
#include "ports/websocket.h"
#include "site/uplink/outbox.h"
#include "site/uplink/relay.h"

namespace bayward::uplink {

struct DialRequest {
  std::string identity;
  std::string password;
  std::string subprotocol;
};
struct DialRefusal {
  int status = 0;  // of HTTP; 0: no answer
  std::string reason;
};
using Dialled = std::function<void(Result<std::string, DialRefusal>)>;
// Opens a socket upstream, as net::connect_websocket does.
using Dial = std::function<void(const DialRequest&, std::shared_ptr<WebSocketSession>, Dialled)>;

struct UplinkPorts {
  Clock& clock;
  Outbox& outbox;
  Dial dial;
  std::function<void(std::function<void()>)> post;
  std::function<void(std::function<void()>)> background;
};

struct UplinkOptions {
  Duration heartbeat{300s};
  Duration answer_timeout{20s};   // see RelayOptions
  Duration station_timeout{35s};  // the same
  Duration retry_first{1s};
  Duration retry_max{15s};
  std::string run;  // tells the message ids of this run from those of earlier ones
  std::function<void(std::string_view, const ocpp::Dialect&, const ocpp::CallFrame&)> heard;  // see RelayOptions
  Places* places = nullptr;                                                                   // see RelayOptions
  TimeSense* time = nullptr;                                                                  // see RelayOptions
  std::function<bool()> log_told;  // kept messages go up only then; none: at once
};

struct StationLine {
  std::string station;
  bool station_connected = false;
  bool upstream_connected = false;
  StationRelay::Mode mode{};
  Backlog backlog;
  RelayCounters counters;
};

class Uplink final : public WebSocketAcceptor {
 public:
  Uplink(UplinkPorts ports, UplinkOptions options);
  ~Uplink() override;

  void authorise(HttpRequest request, WebSocketDecision decision) override;
  // About once a second.
  void tick();
  std::vector<StationLine> lines();

 private:
  class StationSocket;
  class UpstreamSocket;
  struct Line;
  struct Login;

  std::shared_ptr<Line> line_of(const std::string& identity, const LocalProtocol& protocol);
  void ask_platform(const std::shared_ptr<Line>& line, Login login);
  void on_platform_answer(const std::shared_ptr<Line>& line, const Login& login,
                          const std::shared_ptr<UpstreamSocket>& socket,
                          const Result<std::string, DialRefusal>& answer);
  void compare_here(const std::shared_ptr<Line>& line, Login login);
  void let_in(const std::shared_ptr<Line>& line, const Login& login);
  void keep_digest(const std::shared_ptr<Line>& line, const std::string& password);
  void adopt_upstream(const std::shared_ptr<Line>& line, std::shared_ptr<UpstreamSocket> socket);
  void drop_station(Line& line);
  void drop_upstream(Line& line, std::string_view why);
  void reconnect(const std::shared_ptr<Line>& line);
  void upstream_lost(Line& line);
  void run_actions(Line& line);

  UplinkPorts ports_;
  UplinkOptions options_;
  size_t comparing_ = 0;
  std::map<std::string, std::shared_ptr<Line>> lines_;  // at most limits::uplink_stations
};

}  // namespace bayward::uplink
