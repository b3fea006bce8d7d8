#include "run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <random>

#include "base/check.h"
#include "base/limits.h"
#include "bay/agent/agent.h"
#include "bay/agent/mesh_voice.h"
#include "bay/drivers/firmware_files.h"
#include "bay/drivers/gpio.h"
#include "bay/drivers/iio.h"
#include "bay/drivers/modbus.h"
#include "bay/drivers/scripted.h"
#include "fetch.h"
#include "mesh/gateway.h"
#include "net/io.h"
#include "net/json_log.h"
#include "net/websocket_client.h"

namespace bayward::bay {
namespace {

constexpr Duration poll_every{10ms};
constexpr uintmax_t room_least_bytes = 256 * 1024;  // for the store
constexpr Duration room_every{10s};
constexpr Duration trial_patience{10min};  // a new program that has not reached the central system by then begins anew

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

// What stands behind Hardware: simulated, or real drivers that each bring their part.
struct Devices {
  std::unique_ptr<ScriptedHardware> scripted;
  std::unique_ptr<ScriptInput> script;
  std::unique_ptr<ModbusHardware> modbus;
  std::unique_ptr<GpioHardware> gpio;
  std::unique_ptr<IioSensors> iio;

  Hardware open(const ProgramConfig& config) {
    if (config.hardware != ProgramConfig::Hardware::simulated) return open_real(config);
    scripted = std::make_unique<ScriptedHardware>(config.agent.safety);
    script = std::make_unique<ScriptInput>(*scripted);
    log::warn("bay.hardware_simulated", {{"what", "no contactor is switched; commands come from standard input"}});
    return scripted->parts();
  }
  Hardware open_real(const ProgramConfig& config) {
    Hardware out;
    if (!config.modbus.devices.empty()) {
      modbus = std::make_unique<ModbusHardware>(config.modbus, uptime);
      modbus->add_to(out);
    }
    if (!config.gpio.inputs.empty() || !config.gpio.outputs.empty()) {
      gpio = std::make_unique<GpioHardware>(config.gpio, linux_gpio_lines(), uptime);
      gpio->add_to(out);
    }
    if (!config.iio.points.empty()) {
      iio = std::make_unique<IioSensors>(config.iio, uptime);
      iio->add_to(out);
    }
    return out;
  }
};

struct Program {
  explicit Program(const ProgramConfig& with) : config(with), voice(with.agent.identity, with.agent.bay_label) {}

  const ProgramConfig& config;
  net::IoContext io;
  net::SystemClock clock;
  Devices devices;
  MeshVoice voice;
  std::unique_ptr<mesh_tool::Gateway> gateway;
  std::unique_ptr<FirmwareFiles> firmware;
  std::unique_ptr<Store> store;
  std::unique_ptr<Agent> agent;
  Uptime began = uptime();
  bool without_memory = false;
  Uptime look_for_room_at{};
  int code = 0;

  bool has_room() const {
    std::error_code error;
    const auto space = std::filesystem::space(config.data_directory, error);
    return error || space.available >= room_least_bytes;
  }

  // With a full disk it can't be known what was latched before: sensors, alarms and the mesh go on, no car is charged,
  // and the program begins anew when there is room.
  Status open_store() {
    std::error_code made;
    std::filesystem::create_directories(config.data_directory, made);
    std::string notice;
    auto opened = Store::open(config.data_directory / "bay.db", notice);
    if (!opened && !has_room()) {
      without_memory = true;
      log::error("bay.without_memory",
                 {{"why", opened.error().message},
                  {"what_to_do", "make room in " + config.data_directory.string() + "; until then no car is charged"}});
      opened = Store::open(":memory:", notice);
    }
    if (!opened) return Failure{opened.error()};
    if (!notice.empty()) log::error("bay.store_replaced", {{"what", notice}});
    store = *std::move(opened);
    return Done{};
  }

  Status open() {
    if (auto opened = open_store(); !opened) return opened;
    auto tls = tls_for(config);
    if (!tls) return Failure{tls.error()};
    if (auto meshed = open_mesh(); !meshed) return meshed;
    if (!config.firmware_key.empty()) {
      firmware = std::make_unique<FirmwareFiles>(config.slots_directory, config.firmware_key,
                                                 fetcher(io, config.data_directory, config.trusted_certificates));
    }
    std::random_device random;
    const Hardware parts = devices.open(config);
    contactor_to_open = parts.contactor;
    set_check_handler(&open_and_end);
    AgentConfig about = config.agent;
    about.without_memory = without_memory;
    agent = std::make_unique<Agent>(AgentParts{std::move(about), parts, *store,
                                               dialler(io, client_config(config, *tls)), gateway ? &voice : nullptr,
                                               firmware.get(), (uint64_t{random()} << 32) | random()});
    return Done{};
  }

  Status open_mesh() {
    if (!config.mesh.wanted()) return Done{};
    mesh_tool::GatewayOptions options = config.mesh;
    options.name = "bay " + config.agent.bay_label;
    options.counters_file = config.data_directory / "mesh.counters";
    auto opened = mesh_tool::Gateway::open(io, options, [this](const mesh::Event& event) {
      if (const auto alarm = from_mesh(event); alarm && agent) agent->heard(*alarm);
    });
    if (!opened) return Failure{opened.error()};
    gateway = *std::move(opened);
    voice.connect(&gateway->driver());
    return Done{};
  }

  void tick() {
    if (devices.script) devices.script->poll();
    agent->poll({uptime(), clock.now()});
    if (agent->restart_wanted()) return end(restart_code);
    if (without_memory && uptime() >= look_for_room_at) {
      look_for_room_at = uptime() + room_every;
      if (has_room()) return end(restart_code);
    }
    if (firmware && uptime() - began > trial_patience) {
      began = Uptime::max() / 2;
      if (firmware->on_trial()) return end(restart_code);
    }
    io.after(poll_every, [this] { tick(); });
  }
  void end(int with) {
    code = with;
    agent->shut_down({uptime(), clock.now()});
    io.post([this] { io.stop(); });
  }
};

}  // namespace

int run(const ProgramConfig& config) {
  net::JsonLog sink(config.log_level);
  log::install(&sink);
  int code = 1;
  {
    Program program(config);
    if (const Status opened = program.open(); !opened) {
      fmt::print(stderr, "bayward-bay: {}\n", opened.error().message);
    } else {
      program.io.on_signals({SIGINT, SIGTERM}, [&](int) { program.end(0); });
      program.io.post([&] { program.tick(); });
      log::info("bay.running", {{"identity", config.agent.identity}, {"version", BAYWARD_VERSION}});
      program.io.run();
      log::info("bay.stopped", {});
      code = program.code;
    }
    set_check_handler(nullptr);
    contactor_to_open = nullptr;
  }
  log::install(nullptr);
  return code;
}

int launch(const ProgramConfig& config, const std::string& file) {
  if (config.slots_directory.empty()) {
    fmt::print(stderr, "bayward-bay: launch needs firmware.slots_directory in {}\n", file);
    return 2;
  }
  const auto program = choose_slot(config.slots_directory);
  if (!program) {
    fmt::print(stderr, "bayward-bay: {}\n", program.error().message);
    return 1;
  }
  execl(program->c_str(), program->c_str(), "--config", file.c_str(), static_cast<char*>(nullptr));
  fmt::print(stderr, "bayward-bay: cannot start {}\n", program->string());
  return 1;
}

}  // namespace bayward::bay
