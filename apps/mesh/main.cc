// bayward-mesh: for whoever installs a site or looks for a fault. It joins the local mesh as a gateway of its own and
// shows what it hears, who is linked to whom, and whether an alarm reaches everybody.
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

#include "base/limits.h"
#include "gateway.h"

namespace bayward::mesh_tool {
namespace {

using mesh::AlarmId;
using mesh::Event;

int64_t monotonic_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// One line of JSON; `object` ends in '}'.
void print_json(std::string object, int64_t at_us) {
  object.pop_back();
  std::printf("%s,\"monotonic_us\":%lld}\n", object.c_str(), static_cast<long long>(at_us));
  std::fflush(stdout);
}

void complain(const std::string& message) {
  std::fprintf(stderr, "bayward-mesh: %s\n", message.c_str());
}

struct Options {
  GatewayOptions gateway;
  bool json = false;
  bool commands = false;
  double seconds = 0;  // 0: until it is stopped
  std::string bay = "TEST";
  double clear_after = 2;
};

mesh::AlarmContent test_alarm(const std::string& bay) {
  mesh::AlarmContent out;
  out.kind = mesh::AlarmKind::other;
  out.level = mesh::AlarmLevel::danger;
  out.raised_at = net::SystemClock().now();
  out.device = "bayward-mesh";
  out.bay = bay.substr(0, limits::mesh_label_bytes);
  out.detail = "test alarm";
  return out;
}

// Lines of standard input, each given to `line` on the io thread; at its end the program stops.
class Input {
 public:
  Input(net::IoContext& io, std::function<void(const std::string&)> line)
      : thread_([this, &io, line = std::move(line)] { read(io, line); }) {}
  ~Input() {
    stopping_ = true;
    thread_.join();
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

 private:
  void read(net::IoContext& io, const std::function<void(const std::string&)>& line) {
    std::string waiting;
    char buffer[4096];
    while (!stopping_) {
      pollfd ready{STDIN_FILENO, POLLIN, 0};
      if (::poll(&ready, 1, 100) <= 0) continue;
      const ssize_t size = ::read(STDIN_FILENO, buffer, sizeof buffer);
      if (size <= 0) {
        io.stop();
        return;
      }
      waiting.append(buffer, static_cast<size_t>(size));
      for (size_t end = waiting.find('\n'); end != std::string::npos; end = waiting.find('\n')) {
        io.post([line, text = waiting.substr(0, end)] { line(text); });
        waiting.erase(0, end + 1);
      }
    }
  }
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

std::optional<AlarmId> parse_alarm_id(const std::string& text) {
  const auto slash = text.find('/');
  const auto origin = mesh::parse_mac(text.substr(0, slash));
  if (!origin || slash == std::string::npos) return std::nullopt;
  return AlarmId{*origin, std::strtoull(text.c_str() + slash + 1, nullptr, 10)};
}

std::string counters_json(const mesh::Counters& counters) {
  std::ostringstream out;
  out << R"({"event":"counters","frames_received":)" << counters.frames_received << R"(,"frames_sent":)"
      << counters.frames_sent << R"(,"relayed":)" << counters.relayed << R"(,"duplicates":)" << counters.duplicates
      << R"(,"malformed":)" << counters.malformed << R"(,"forged":)" << counters.forged << R"(,"unknown_key":)"
      << counters.unknown_key << R"(,"replayed":)" << counters.replayed << R"(,"unproven":)" << counters.unproven
      << R"(,"rate_limited":)" << counters.rate_limited << R"(,"address_conflicts":)" << counters.address_conflicts
      << R"(,"table_full":)" << counters.table_full << '}';
  return out.str();
}

void raise_test_alarm(Gateway& gateway, const std::string& bay) {
  const int64_t at_us = monotonic_us();
  const auto id = gateway.driver().raise_alarm(test_alarm(bay));
  if (!id) {
    complain(id.error().message);
    return;
  }
  print_json(R"({"event":"alarm_raised","id":")" + to_text(*id) + "\"}", at_us);
}

void publish_test_state(Gateway& gateway, const std::string& bay) {
  mesh::BayState state;
  state.bay = bay;
  state.condition = mesh::BayCondition::idle;
  if (const Status done = gateway.driver().publish_state(state); !done) complain(done.error().message);
}

// What can be typed into `listen --commands`.
void obey(net::IoContext& io, Gateway& gateway, const std::string& line) {
  std::istringstream in(line);
  std::string verb;
  std::string argument;
  in >> verb >> argument;
  if (verb == "alarm") {
    raise_test_alarm(gateway, argument.empty() ? "TEST" : argument);
  } else if (verb == "clear") {
    const auto id = parse_alarm_id(argument);
    const Status done = id ? gateway.driver().all_clear(*id) : Status(fail("clear needs the id of an alarm"));
    if (!done) complain(done.error().message);
  } else if (verb == "state") {
    publish_test_state(gateway, argument);
  } else if (verb == "topology") {
    print_json(R"({"event":"topology","topology":)" + to_json(gateway.driver().topology()) + "}", monotonic_us());
  } else if (verb == "counters") {
    print_json(counters_json(gateway.driver().node().counters()), monotonic_us());
  } else if (verb == "quit") {
    io.stop();
  } else if (!verb.empty()) {
    complain("'" + verb + "' is none of alarm [BAY], clear ID, state BAY, topology, counters, quit");
  }
}

std::optional<std::unique_ptr<Gateway>> open_gateway(net::IoContext& io, const Options& options,
                                                     mesh::Driver::Told told) {
  auto gateway = Gateway::open(io, options.gateway, std::move(told));
  if (!gateway) {
    complain(gateway.error().message);
    return std::nullopt;
  }
  io.on_signals({SIGINT, SIGTERM}, [&io](int) { io.stop(); });
  if (options.seconds > 0) {
    io.after(Duration{static_cast<int64_t>(options.seconds * 1000)}, [&io] { io.stop(); });
  }
  return *std::move(gateway);
}

int run_listen(const Options& options) {
  net::IoContext io;
  const auto gateway =
      open_gateway(io, options, [](const Event& event) { print_json(to_json(event), monotonic_us()); });
  if (!gateway) return 1;
  print_json(R"({"event":"listening","al_mac":")" + to_text((*gateway)->driver().node().config().al_mac) + "\"}",
             monotonic_us());
  std::optional<Input> input;
  if (options.commands) input.emplace(io, [&](const std::string& line) { obey(io, **gateway, line); });
  io.run();
  return 0;
}

int run_topology(Options options) {
  if (options.seconds <= 0) options.seconds = 4;
  net::IoContext io;
  const auto gateway = open_gateway(io, options, [](const Event&) {});
  if (!gateway) return 1;
  std::fprintf(stderr, "listening for %g seconds ...\n", options.seconds);
  io.run();
  const mesh::Topology topology = (*gateway)->driver().topology();
  std::printf("%s", options.json ? (to_json(topology) + "\n").c_str() : to_text(topology).c_str());
  if (topology.devices.size() > 1) return 0;
  complain("nobody was heard: is the interface right and up, and does a bridge or firewall drop 01:80:c2:00:00:13?");
  return 1;
}

// Finds the others, sends a test alarm, waits for every ack, clears it.
class AlarmTest {
 public:
  AlarmTest(net::IoContext& io, const Options& options) : io_(io), options_(options) {}

  int run() {
    auto gateway = open_gateway(io_, options_, [this](const Event& event) { told(event); });
    if (!gateway) return 1;
    gateway_ = gateway->get();
    std::fprintf(stderr, "looking for the gateways ...\n");
    io_.after(4s, [this] { raise(); });
    io_.run();
    return id_ && missing_.value_or(1) == 0 ? 0 : 1;
  }

 private:
  void raise() {
    const size_t others = gateway_->driver().node().gateways().size();
    if (others == 0) {
      complain("no gateway with this key was heard: nothing to test");
      io_.stop();
      return;
    }
    raised_us_ = monotonic_us();
    const auto id = gateway_->driver().raise_alarm(test_alarm(options_.bay));
    if (!id) {
      complain(id.error().message);
      io_.stop();
      return;
    }
    id_ = *id;
    std::printf("test alarm %s to %zu gateways\n", to_text(*id_).c_str(), others);
  }

  void told(const Event& event) {
    if (const auto* acked = std::get_if<mesh::AlarmAcked>(&event); acked != nullptr && acked->id == id_) {
      const bool clearing = acked->revision > 1;
      missing_ = acked->missing;
      std::printf("%s %s after %.1f ms, %zu to come\n", clearing ? "all-clear at" : "acked by",
                  to_text(acked->by).c_str(), static_cast<double>(monotonic_us() - raised_us_) / 1000, acked->missing);
      if (acked->missing > 0) return;
      if (clearing) {
        io_.stop();
      } else {
        io_.after(Duration{static_cast<int64_t>(options_.clear_after * 1000)}, [this] { clear(); });
      }
    } else if (const auto* unacked = std::get_if<mesh::AlarmUnacked>(&event);
               unacked != nullptr && unacked->id == id_) {
      for (const auto& gateway : unacked->missing) std::printf("NOT acked by %s\n", to_text(gateway).c_str());
      missing_ = unacked->missing.size();
      clear();
      io_.after(2s, [this] { io_.stop(); });
    }
  }

  void clear() {
    raised_us_ = monotonic_us();
    if (const Status done = gateway_->driver().all_clear(*id_); !done) complain(done.error().message);
  }

  net::IoContext& io_;
  const Options& options_;
  Gateway* gateway_ = nullptr;
  std::optional<AlarmId> id_;
  std::optional<size_t> missing_;
  int64_t raised_us_ = 0;
};

int run_alarm(const Options& options) {
  net::IoContext io;
  return AlarmTest(io, options).run();
}

void add_common(CLI::App& verb, Options& options) {
  GatewayOptions& gateway = options.gateway;
  verb.add_option("-i,--interface", gateway.interfaces, "Network interface (repeat for more); needs CAP_NET_RAW");
  verb.add_option("--udp", gateway.udp,
                  "Instead of an interface: LISTEN,PEER[,PEER...] or LISTEN,group=ADDRESS:PORT, numeric addresses");
  verb.add_option("--key-file", gateway.key_file, "The site's mesh key: 64 hexadecimal digits, or lines 'ID DIGITS'")
      ->required();
  verb.add_option("--al-mac", gateway.al_mac, "Address that names this gateway [made from the first interface's]");
  verb.add_option("--oui", gateway.oui, "OUI of the site's vendor messages")->capture_default_str();
  verb.add_option("--name", gateway.name, "Name shown in the others' topology")->capture_default_str();
  verb.add_option("--priority", gateway.priority, "Stand for acting controller with this priority; 0: don't")
      ->check(CLI::Range(0, 255))
      ->capture_default_str();
  verb.add_option("--counters", gateway.counters_file, "Keep the message counters in this file [in memory only]");
  const auto per_mille = CLI::Range(0, 1000);
  verb.add_option("--test-loss", gateway.faults.loss_per_mille, "For tests: lose so many of 1000 frames")
      ->check(per_mille);
  verb.add_option("--test-duplicate", gateway.faults.duplicate_per_mille, "For tests: repeat so many")
      ->check(per_mille);
  verb.add_option("--test-reorder", gateway.faults.reorder_per_mille, "For tests: swap so many with the next")
      ->check(per_mille);
  verb.add_option("--test-seed", gateway.fault_seed, "For tests: another sequence of these");
}

}  // namespace
}  // namespace bayward::mesh_tool

int main(int argc, char** argv) {
  using namespace bayward::mesh_tool;
  CLI::App app{
      "A gateway on the local mesh (IEEE 1905.1) for installing and fault finding: who is there, does an alarm reach "
      "all? See docs/mesh.md."};
  app.set_version_flag("--version", "bayward-mesh " BAYWARD_VERSION);
  app.require_subcommand(1);
  std::function<int()> chosen;
  Options options;

  CLI::App* listen = app.add_subcommand("listen", "Join and print every event as a line of JSON");
  add_common(*listen, options);
  listen->add_flag("--commands", options.commands,
                   "Obey lines of standard input: alarm [BAY], clear ID, state BAY, topology, counters, quit");
  listen->add_option("--for", options.seconds, "Stop after so many seconds [when interrupted]");
  listen->callback([&] { chosen = [&] { return run_listen(options); }; });

  CLI::App* topology = app.add_subcommand("topology", "Join for a moment and print who is linked to whom");
  add_common(*topology, options);
  topology->add_flag("--json", options.json, "As JSON");
  topology->add_option("--for", options.seconds, "Listen so many seconds first [4]");
  topology->callback([&] { chosen = [&] { return run_topology(options); }; });

  CLI::App* alarm = app.add_subcommand(
      "alarm",
      "Send a test alarm of level danger to EVERY gateway of the site, wait for the acks, clear it; code 0 if "
      "all have confirmed both");
  add_common(*alarm, options);
  alarm->add_option("--bay", options.bay, "The bay it names")->capture_default_str();
  alarm->add_option("--clear-after", options.clear_after, "Seconds from the last ack to the all-clear")
      ->capture_default_str();
  alarm->callback([&] { chosen = [&] { return run_alarm(options); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return chosen();
}
