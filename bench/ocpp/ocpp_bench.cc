// The OCPP load: `ocpp_bench MODE PORT CREDENTIALS SECONDS [SERVER_PID]`, against any central system on PORT.
// BENCH_STATIONS: how many connections, 1,000 if it isn't set; BENCH_STORMS: how many storms, else 10.
//
//   rate    all connections, each with one call open at a time: prints heartbeats/s, meter values/s, and the CPU time
//           per call of SERVER_PID and of this program, in microseconds
//   memory  prints kB of SERVER_PID's memory that the connections take when they are idle
//   transactions  OCPP 2.0.1: a transaction begins and ends on every connection, again and again, each event answered
//           when it is durable; prints events/s
//   storm   all drop and reconnect at once with the same ids, while the server still has the old sockets; prints
//           answers lost, new sockets that did not win (whose old one wasn't told and closed within 10 s) and the
//           seconds until the last of a storm was back, in the worst one
//   register PORT PHONE PASSWORD: registers them and prints CREDENTIALS for the other modes (bayward-server only);
//           with BENCH_BAYS=1 each has a bay that the card BENCHCARD opens
//
// CREDENTIALS is a file with a line "identity password" for each connection.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "common/load.h"
#include "ocpp/station_words.h"

namespace bayward::bench {
namespace {

size_t from_environment(const char* name, size_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoul(text, nullptr, 10);
}

const size_t stations = from_environment("BENCH_STATIONS", 1000);
// At 150,000 calls/s a call of one in a thousand connections takes 6.6 ms.
constexpr std::chrono::microseconds gather{200};

// One charging station: handshake, boot, then one call after the other.
struct Client {
  explicit Client(size_t number) : connection(number) {}

  LoadConnection connection;
  bool open = false;
  uint64_t sent = 0;
  uint64_t answered = 0;
  std::string waiting_for;  // the id of the call that is open

  // `frame` is room for it.
  void call(std::string& frame, std::string_view action, std::string_view payload) {
    waiting_for = std::to_string(++sent);
    set_websocket_frame(frame, {"[2,\"", waiting_for, "\",\"", action, "\",", payload, "]"});
    (void)connection.send(frame);
  }
  bool is_answer(std::string_view text) const {
    constexpr std::string_view begin = "[3,\"";
    return text.starts_with(begin) && text.substr(begin.size()).starts_with(waiting_for) &&
           text.substr(begin.size() + waiting_for.size()).starts_with("\",");
  }
};

class Fleet {
 public:
  Fleet(uint16_t port, std::vector<Station> known, std::string subprotocol)
      : loop_(port), known_(std::move(known)), subprotocol_(std::move(subprotocol)) {
    for (size_t i = 0; i < stations; ++i) clients_.push_back(std::make_unique<Client>(i));
  }

  // Opens all and waits for every boot to be answered; the number that were not within the time.
  size_t connect_all(double seconds) {
    booted_ = 0;
    for (auto& client : clients_) {
      if (!loop_.connect(client->connection)) std::exit(1);
      (void)client->connection.send(handshake(known_[client->connection.number], subprotocol_));
    }
    run(
        seconds,
        [this](Client& client) {
          if (client.answered == 1) ++booted_;
        },
        [this] { return booted_ == stations; });
    return stations - booted_;
  }

  // Calls `action` on every connection, the next when the last is answered; answers per second. `payload_of` is given
  // the connection's number and that of its call, from 0.
  template <class PayloadOf>
  double rate(const std::string& action, const PayloadOf& payload_of, double seconds) {
    uint64_t answers = 0;
    loop_.gather_for(gather);
    const double begun = seconds_now();
    std::vector<uint64_t> calls(clients_.size(), 0);
    const auto next = [&](Client& client) {
      const size_t number = client.connection.number;
      client.call(frame_, action, payload_of(number, calls[number]++));
    };
    for (auto& client : clients_) next(*client);
    run(
        seconds,
        [&](Client& client) {
          ++answers;
          next(client);
        },
        [] { return false; });
    const double rate = static_cast<double>(answers) / (seconds_now() - begun);
    calls_answered_ += answers;
    // Lets the open ones come in, so that the next measurement begins clean.
    size_t open = stations;
    run(
        10, [&](Client&) { --open; }, [&] { return open == 0; });
    loop_.gather_for({});
    return rate;
  }

  void idle(double seconds) {
    run(
        seconds, [](Client&) {}, [] { return false; });
  }

  // Keeps the old sockets open: to the server they look alive.
  void forget_sockets() {
    for (auto& client : clients_) {
      old_.push_back(std::move(client));
      client = std::make_unique<Client>(old_.back()->connection.number);
    }
  }
  // Waits until the server has told all of the old sockets that they are closed, and has closed them; the number it
  // didn't.
  size_t wait_for_old(double seconds) {
    run(
        seconds, [](Client&) {}, [this] { return old_closed_ == old_.size(); });
    const size_t left = old_.size() - old_closed_;
    old_.clear();
    old_closed_ = 0;
    return left;
  }
  // Current sockets that the server has closed.
  size_t dropped() const { return dropped_; }
  uint64_t calls_answered() const { return calls_answered_; }

 private:
  template <class Answered, class Done>
  void run(double seconds, Answered answered, Done done) {
    loop_.run(
        seconds,
        [&](LoadConnection& connection) {
          Client* client = clients_[connection.number].get();
          if (&client->connection != &connection) return hear_old(connection);
          if (!client->open && !take_handshake(*client)) return;
          while (take_frame(*client)) answered(*client);
        },
        [&](LoadConnection& connection) {
          const bool old = &clients_[connection.number]->connection != &connection;
          ++(old ? old_closed_ : dropped_);
        },
        done);
  }

  // Old sockets of a storm say nothing more but goodbye.
  static void hear_old(LoadConnection& connection) {
    for (WebSocketFrame frame; (frame = first_frame(connection.received)).size > 0;) {
      const bool close = frame.opcode == 8;
      connection.received.erase(0, frame.size);
      if (close) (void)connection.send(std::string("\x88\x80\0\0\0\0", 6));
    }
  }

  bool take_handshake(Client& client) {
    const size_t end = client.connection.received.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    if (client.connection.received.compare(9, 3, "101") != 0) {
      std::fprintf(stderr, "%s\n", client.connection.received.c_str());
      std::exit(1);
    }
    client.connection.received.erase(0, end + 4);
    client.open = true;
    client.call(frame_, "BootNotification", subprotocol_ == "ocpp1.6" ? boot_v16 : boot_v201);
    return true;
  }

  // True when the open call was answered. Calls of the server are answered as not implemented.
  static bool take_frame(Client& client) {
    std::string& received = client.connection.received;
    for (WebSocketFrame frame; (frame = first_frame(received)).size > 0;) {
      bool hit = false;
      if (frame.opcode == 9) {
        (void)client.connection.send(std::string("\x8a\x80\0\0\0\0", 6));
      } else if (frame.opcode == 1 && frame.payload.substr(0, 3) == "[2,") {
        const size_t id = frame.payload.find('"') + 1;
        const std::string name(frame.payload.substr(id, frame.payload.find('"', id) - id));
        (void)client.connection.send(websocket_frame("[4,\"" + name + "\",\"NotImplemented\",\"\",{}]"));
      } else if (frame.opcode == 1) {
        hit = client.is_answer(frame.payload);
        if (!hit) std::fprintf(stderr, "unexpected: %s\n", std::string(frame.payload).c_str());
      }
      received.erase(0, frame.size);
      if (hit) {
        ++client.answered;
        return true;
      }
    }
    return false;
  }

  LoadLoop loop_;
  std::vector<Station> known_;
  std::string subprotocol_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::unique_ptr<Client>> old_;
  std::string frame_;  // of the last call
  size_t booted_ = 0;
  size_t old_closed_ = 0;
  size_t dropped_ = 0;
  uint64_t calls_answered_ = 0;
};

// User and system time of a process.
double cpu_us(const std::string& pid) {
  std::ifstream stat("/proc/" + pid + "/stat");
  std::string text;
  std::getline(stat, text);
  std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

long resident_kb(const char* pid) {
  std::ifstream status("/proc/" + std::string(pid) + "/status");
  std::string word;
  while (status >> word) {
    long kb = 0;
    if (word == "VmRSS:" && status >> kb) return kb;
  }
  return 0;
}

struct Place {
  std::string site;
  std::string owner;
};
// A bay for each station, the operator's own: its card opens them all, without bookings.
void make_bays(uint16_t port, const std::string& staff, const Place& place,
               const std::vector<std::string>& stations_made) {
  std::vector<std::string> requests;
  for (const std::string& made : stations_made) {
    const std::string label = "B" + std::to_string(requests.size());
    requests.push_back(http_request_text("POST", "/api/v1/sites/" + place.site + "/bays", staff,
                                         R"({"label":")" + label + R"(","owner":")" + place.owner +
                                             R"(","charger":{"station":")" + json_text_member(made, "station") +
                                             R"(","evse":1,"connector":"iec_62196_t2","power_max_w":11000}})"));
  }
  (void)must_fetch_all(port, requests);
  (void)must_fetch(port, "POST", "/api/v1/me/tokens", staff, R"({"token":"BENCHCARD"})");
}

int register_stations(uint16_t port, const std::string& phone, const std::string& password) {
  const std::string login = R"({"phone":")" + phone + R"(","password":")" + password + R"("})";
  const std::string staff = json_text_member(must_fetch(port, "POST", "/api/v1/login", "", login), "token");
  const std::string me = json_text_member(must_fetch(port, "GET", "/api/v1/me", staff, ""), "account");
  const std::string site =
      json_text_member(must_fetch(port, "POST", "/api/v1/sites", staff,
                                  R"({"name":"Bench","place":{"latitude":52.5,"longitude":13.4},"currency":"EUR",)"
                                  R"("time_zone":"Europe/Berlin","community":")" +
                                      me + R"("})"),
                       "site");
  std::vector<std::string> requests;
  for (size_t i = 0; i < stations; ++i) {
    requests.push_back(http_request_text("POST", "/api/v1/sites/" + site + "/stations", staff,
                                         R"({"identity":"BENCH-)" + std::to_string(i) + R"("})"));
  }
  const std::vector<std::string> answers = must_fetch_all(port, requests);
  if (from_environment("BENCH_BAYS", 0) > 0) make_bays(port, staff, {site, me}, answers);
  for (const std::string& answer : answers) {
    std::printf("%s %s\n", json_text_member(answer, "identity").c_str(), json_text_member(answer, "password").c_str());
  }
  return 0;
}

std::vector<Station> read_credentials(const char* file) {
  std::ifstream in(file);
  std::vector<Station> out;
  Station station;
  while (in >> station.identity >> station.password) out.push_back(station);
  if (out.size() < stations) std::exit(2);
  return out;
}

int storms(Fleet& fleet) {
  size_t lost = fleet.connect_all(60);
  size_t not_won = 0;
  double longest_s = 0;
  const size_t storms = from_environment("BENCH_STORMS", 10);
  for (size_t storm = 0; storm < storms; ++storm) {
    fleet.forget_sockets();
    const double begun = seconds_now();
    lost += fleet.connect_all(60);
    longest_s = std::max(longest_s, seconds_now() - begun);
    not_won += fleet.wait_for_old(10);
    std::fprintf(stderr, "storm %zu of %zu: all back after %.2f s, lost %zu, not won %zu\n", storm + 1, storms,
                 seconds_now() - begun, lost, not_won);
  }
  lost += fleet.dropped();
  std::printf("%zu %zu %.2f\n", lost, not_won, longest_s);
  return 0;
}

int run(int argc, char** argv) {
  const std::string mode = argv[1];
  const auto port = static_cast<uint16_t>(std::atoi(argv[2]));
  if (mode == "register") return register_stations(port, argv[3], argv[4]);
  Fleet fleet(port, read_credentials(argv[3]), mode == "transactions" ? "ocpp2.0.1" : "ocpp1.6");
  const double seconds = std::atof(argv[4]);
  if (mode == "storm") return storms(fleet);
  const long before_kb = argc > 5 ? resident_kb(argv[5]) : 0;
  if (fleet.connect_all(60) > 0) return 1;
  if (mode == "memory") {
    fleet.idle(seconds);
    std::printf("%ld\n", resident_kb(argv[5]) - before_kb);
    return 0;
  }
  if (mode == "transactions") {
    std::printf("%.0f\n", fleet.rate("TransactionEvent", transaction_event, seconds));
    return fleet.dropped() > 0 ? 1 : 0;
  }
  // What their coming has left to do isn't the calls' cost.
  fleet.idle(1 + static_cast<double>(stations) / 5000);
  const std::string server = argc > 5 ? argv[5] : "none";
  const double server_before_us = cpu_us(server);
  const double own_before_us = cpu_us("self");
  const std::string values = meter_values();
  const auto same = [](const std::string& payload) {
    return [&payload](size_t, uint64_t) -> const std::string& { return payload; };
  };
  const std::string nothing = "{}";
  const double heartbeats = fleet.rate("Heartbeat", same(nothing), seconds);
  const double meters = fleet.rate("MeterValues", same(values), seconds);
  const auto calls = static_cast<double>(fleet.calls_answered());
  std::printf("%.0f %.0f %.2f %.2f\n", heartbeats, meters, (cpu_us(server) - server_before_us) / calls,
              (cpu_us("self") - own_before_us) / calls);
  if (fleet.dropped() > 0) std::fprintf(stderr, "the server closed %zu connections\n", fleet.dropped());
  return fleet.dropped() > 0 ? 1 : 0;
}

}  // namespace
}  // namespace bayward::bench

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr,
                 "usage: ocpp_bench rate|memory|transactions|storm PORT CREDENTIALS SECONDS [PID]\n"
                 "       ocpp_bench register PORT PHONE PASSWORD\n");
    return 2;
  }
  return bayward::bench::run(argc, argv);
}
