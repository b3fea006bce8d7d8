#include "sim/town/site/town_lamps.h"

#include <arpa/inet.h>
#include <modbus.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace bayward::town {
namespace {

constexpr int clients_max = 4;      // bayward-site, and who looks on
constexpr int look_round_ms = 100;  // how soon the thread sees that it is to end

LampShow shown_by(uint16_t value) {
  LampShow show;
  const auto sign = value & 0xFU;
  const auto colour = value >> 4U & 0xFU;
  const auto rhythm = value >> 8U & 0xFU;
  if (sign <= static_cast<unsigned>(LampSign::here)) show.sign = static_cast<LampSign>(sign);
  if (colour <= static_cast<unsigned>(LampColour::white)) show.colour = static_cast<LampColour>(colour);
  if (rhythm <= static_cast<unsigned>(LampRhythm::long_flash)) show.rhythm = static_cast<LampRhythm>(rhythm);
  return show;
}

}  // namespace

// Registers and sockets; one thread after start().
struct TownLamps::Gateway {
  modbus_t* context = nullptr;
  modbus_mapping_t* registers = nullptr;
  int listener = -1;
  uint16_t port = 0;
  std::vector<int> clients;
  std::vector<uint16_t> known;

  Gateway() = default;
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;
  ~Gateway() {
    for (const int client : clients) ::close(client);
    if (listener >= 0) ::close(listener);
    if (registers) modbus_mapping_free(registers);
    if (context) modbus_free(context);
  }

  Status open(size_t lamps) {
    context = modbus_new_tcp("127.0.0.1", 0);
    registers = modbus_mapping_new(0, 0, static_cast<int>(lamps), 0);
    known.assign(lamps, 0);
    if (!context || !registers) return fail("no memory for the lamps' gateway");
    listener = modbus_tcp_listen(context, clients_max);
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (listener < 0 || ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      return fail(std::string("the lamps' gateway cannot listen: ") + std::strerror(errno));
    port = ntohs(address.sin_port);
    return Done{};
  }

  void welcome() {
    const int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    if (clients.size() < clients_max) {
      clients.push_back(client);
    } else {
      ::close(client);
    }
  }

  // False: it has gone.
  bool serve(int client) {
    std::array<uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> request{};
    modbus_set_socket(context, client);
    const int length = modbus_receive(context, request.data());
    if (length < 0) return false;
    return length == 0 || modbus_reply(context, request.data(), length, registers) >= 0;
  }

  template <class Told>
  void look_round(Told tell) {
    std::vector<pollfd> waits{{listener, POLLIN, 0}};
    for (const int client : clients) waits.push_back({client, POLLIN, 0});
    if (::poll(waits.data(), waits.size(), look_round_ms) <= 0) return;
    for (size_t i = 1; i < waits.size(); ++i) {
      if (waits[i].revents == 0 || serve(waits[i].fd)) continue;
      std::erase(clients, waits[i].fd);
      ::close(waits[i].fd);
    }
    if (waits[0].revents != 0) welcome();
    for (size_t i = 0; i < known.size(); ++i) {
      const uint16_t now = registers->tab_registers[i];
      if (std::exchange(known[i], now) != now) tell(i, now);
    }
  }
};

TownLamps::TownLamps(std::vector<std::string> names)
    : names_(std::move(names)), self_(std::make_shared<TownLamps*>(this)), gateway_(std::make_unique<Gateway>()) {}

TownLamps::~TownLamps() {
  *self_ = nullptr;
}

Result<std::unique_ptr<TownLamps>> TownLamps::start(net::IoContext& io, std::vector<std::string> lamps) {
  std::unique_ptr<TownLamps> out(new TownLamps(std::move(lamps)));
  if (const Status open = out->gateway_->open(out->names_.size()); !open) return Failure{open.error()};
  out->thread_ = std::jthread([gateway = out->gateway_.get(), &io, self = out->self_](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      gateway->look_round([&](size_t lamp, uint16_t value) {
        io.post([self, lamp, value, at = std::chrono::steady_clock::now()] {
          if (*self) (*self)->told(lamp, value, at);
        });
      });
    }
  });
  return out;
}

uint16_t TownLamps::port() const {
  return gateway_->port;
}

void TownLamps::told(size_t lamp, uint16_t value, At at) {
  const LampShow show = shown_by(value);
  const std::string& name = names_[lamp];
  show == LampShow{} ? static_cast<void>(lit_.erase(name)) : static_cast<void>(lit_[name] = show);
  if (changed) changed(name, show, at);
}

}  // namespace bayward::town
