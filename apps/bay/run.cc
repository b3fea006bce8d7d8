#include "run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <random>

#include "base/check.h"
#include "bay/agent/agent.h"
#include "bay/drivers/scripted.h"
#include "net/io.h"
#include "net/json_log.h"
#include "net/websocket_client.h"

namespace bayward::bay {
namespace {

constexpr Duration poll_every{10ms};

Uptime uptime() {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

// Lines of the script from standard input, without ever waiting for them.
class ScriptInput {
 public:
  explicit ScriptInput(ScriptedHardware& hardware) : hardware_(hardware) {
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  }
  void poll() {
    char bytes[1024];
    for (;;) {
      const ssize_t count = read(STDIN_FILENO, bytes, sizeof bytes);
      if (count <= 0) return;
      for (const char c : std::string_view(bytes, static_cast<size_t>(count))) take(c);
    }
  }

 private:
  void take(char c) {
    if (c != '\n') {
      if (line_.size() <= limits::bay_script_line_bytes) line_ += c;
      return;
    }
    const Status done = line_.empty() ? Status(Done{}) : hardware_.world.apply(line_);
    if (!done) log::error("simulated.script", {{"why", done.error().message}});
    line_.clear();
  }
  ScriptedHardware& hardware_;
  std::string line_;
};

// A failed check of our own opens the contactor before the program ends.
Contactor* contactor_to_open = nullptr;
void open_and_end(const char*, const char*, int) {
  if (contactor_to_open) contactor_to_open->open({uptime(), {}});
}

net::WebSocketClientConfig client_config(const ProgramConfig& config, std::shared_ptr<net::TlsContext> tls) {
  net::WebSocketClientConfig out;
  out.host = config.central.host;
  out.port = config.central.port;
  out.tls = std::move(tls);
  out.target = config.central.path + "/" + config.agent.identity;
  out.subprotocols = {"ocpp2.0.1"};
  if (!config.password.empty()) out.credentials = BasicCredentials{config.agent.identity, config.password};
  return out;
}

Dial dialler(net::IoContext& io, net::WebSocketClientConfig client) {
  return [&io, client = std::move(client)](std::shared_ptr<WebSocketSession> session,
                                           std::function<void(std::string)> failed) {
    net::connect_websocket(io, client, std::move(session),
                           [failed = std::move(failed)](Result<std::string, net::WebSocketRefusal> connected) {
                             if (!connected) failed(connected.error().reason);
                           });
  };
}

Result<std::shared_ptr<net::TlsContext>> tls_for(const ProgramConfig& config) {
  if (!config.central.tls) return std::shared_ptr<net::TlsContext>();
  return net::TlsContext::for_client({config.trusted_certificates});
}

struct Running {
  net::IoContext& io;
  Agent& agent;
  ScriptInput* script;
  net::SystemClock clock;
  int code = 0;

  void tick() {
    if (script) script->poll();
    agent.poll({uptime(), clock.now()});
    if (agent.restart_wanted()) return end(restart_code);
    io.after(poll_every, [this] { tick(); });
  }
  void end(int with) {
    code = with;
    agent.shut_down({uptime(), clock.now()});
    io.post([this] { io.stop(); });
  }
};

}  // namespace

int run(const ProgramConfig& config) {
  net::JsonLog sink(config.log_level);
  log::install(&sink);
  std::error_code made;
  std::filesystem::create_directories(config.data_directory, made);
  std::string notice;
  auto store = Store::open(config.data_directory / "bay.db", notice);
  if (!notice.empty()) log::error("bay.store_replaced", {{"what", notice}});
  const auto tls = tls_for(config);
  const std::string wrong = !store ? store.error().message : !tls ? tls.error().message : std::string();
  if (!wrong.empty()) {
    fmt::print(stderr, "bayward-bay: {}\n", wrong);
    log::install(nullptr);
    return 1;
  }

  net::IoContext io;
  ScriptedHardware hardware(config.agent.safety);
  log::warn("bay.hardware_simulated", {{"what", "no contactor is switched; commands come from standard input"}});
  ScriptInput script(hardware);
  std::random_device random;
  const Hardware parts = hardware.parts();
  contactor_to_open = parts.contactor;
  set_check_handler(&open_and_end);
  Agent agent({config.agent, parts, **store, dialler(io, client_config(config, *tls)), nullptr, nullptr,
               (uint64_t{random()} << 32) | random()});
  Running running{io, agent, &script, {}, 0};
  io.on_signals({SIGINT, SIGTERM}, [&](int) { running.end(0); });
  io.post([&] { running.tick(); });
  log::info("bay.running", {{"identity", config.agent.identity}, {"version", BAYWARD_VERSION}});
  io.run();
  set_check_handler(nullptr);
  log::info("bay.stopped", {});
  log::install(nullptr);
  return running.code;
}

}  // namespace bayward::bay
