#include "site/lamps/modbus_lamps.h"

#include <modbus.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "ports/log.h"
#include "site/lamps/lamp_register.h"

namespace bayward::site {
namespace {

using Connection = std::unique_ptr<modbus_t, void (*)(modbus_t*)>;

Connection make(const ModbusLampsConfig& config) {
  modbus_t* context = config.device.empty()
                          ? modbus_new_tcp_pi(config.host.c_str(), std::to_string(config.port).c_str())
                          : modbus_new_rtu(config.device.c_str(), config.baud, 'E', 8, 1);
  Connection out(context, [](modbus_t* one) {
    modbus_close(one);
    modbus_free(one);
  });
  if (out) {
    const auto limit = static_cast<uint32_t>(std::chrono::microseconds(config.answer_limit).count());
    modbus_set_response_timeout(context, limit / 1'000'000, limit % 1'000'000);
  }
  return out;
}

}  // namespace

struct ModbusLamps::Impl {
  explicit Impl(ModbusLampsConfig c) : config(std::move(c)) {}

  void run() {
    Duration pause = 1s;
    while (true) {
      Connection connection = make(config);
      if (connection && modbus_connect(connection.get()) == 0) {
        pause = 1s;
        serve(connection.get());
      } else {
        set_up(false, errno);
      }
      connection.reset();
      std::unique_lock lock(mutex);
      if (wake.wait_for(lock, pause, [this] { return stopping; })) return;
      pause = std::min<Duration>(pause * 2, 30s);
    }
  }

  // Until the gateway fails or the program ends.
  void serve(modbus_t* connection) {
    // What it shows is unknown: everything is written once.
    std::map<std::string, uint16_t> written;
    while (true) {
      const std::map<std::string, LampShow> wanted_now = copy_of_wanted();
      for (const auto& [lamp, show] : wanted_now) {
        const uint16_t value = lamp_register(show);
        const auto known = written.find(lamp);
        if (known != written.end() && known->second == value) continue;
        if (!write(connection, config.lamps.at(lamp), value)) return set_up(false, errno);
        written[lamp] = value;
      }
      set_up(true, 0);
      {
        std::unique_lock lock(mutex);
        wake.wait_for(lock, config.look, [this] { return stopping || changed; });
        if (stopping) return;
        if (std::exchange(changed, false)) continue;
      }
      for (auto& [lamp, value] : written) {
        if (!read(connection, config.lamps.at(lamp), value)) return set_up(false, errno);
      }
    }
  }

  static bool write(modbus_t* connection, const ModbusLampsConfig::Lamp& lamp, uint16_t value) {
    return modbus_set_slave(connection, lamp.unit) == 0 && modbus_write_register(connection, lamp.address, value) == 1;
  }
  static bool read(modbus_t* connection, const ModbusLampsConfig::Lamp& lamp, uint16_t& value) {
    return modbus_set_slave(connection, lamp.unit) == 0 &&
           modbus_read_registers(connection, lamp.address, 1, &value) == 1;
  }

  std::map<std::string, LampShow> copy_of_wanted() {
    const std::lock_guard lock(mutex);
    changed = false;
    return wanted;
  }

  void set_up(bool is_up, int reason) {
    if (up.exchange(is_up) == is_up && said) return;
    said = true;
    if (is_up) {
      log::info("site.modbus_lamps_up", {{"lamps", config.lamps.size()}});
    } else {
      log::warn("site.modbus_lamps_down", {{"reason", modbus_strerror(reason)}});
    }
  }

  const ModbusLampsConfig config;
  std::mutex mutex;
  std::condition_variable wake;
  std::map<std::string, LampShow> wanted;
  bool changed = false;
  bool stopping = false;
  std::atomic<bool> up = false;
  bool said = false;  // the thread's
  std::thread thread;
};

Result<std::unique_ptr<ModbusLamps>> ModbusLamps::create(ModbusLampsConfig config) {
  if (config.lamps.empty()) return fail("Modbus lamps: no lamp is configured");
  if (config.lamps.size() > limits::lamps_per_driver) return fail("Modbus lamps: more than are taken");
  if (config.host.empty() == config.device.empty())
    return fail("Modbus lamps: either a host or a serial device is needed");
  std::set<std::pair<int, uint16_t>> places;
  for (const auto& [name, lamp] : config.lamps) {
    if (lamp.unit < 1 || lamp.unit > 247) return fail("Modbus lamp '" + name + "': the unit is 1 to 247");
    if (!places.emplace(lamp.unit, lamp.address).second) {
      return fail("Modbus lamp '" + name + "': another lamp has the same unit and register");
    }
  }
  auto impl = std::make_unique<Impl>(std::move(config));
  impl->thread = std::thread([raw = impl.get()] { raw->run(); });
  return std::unique_ptr<ModbusLamps>(new ModbusLamps(std::move(impl)));
}

ModbusLamps::ModbusLamps(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ModbusLamps::~ModbusLamps() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_all();
  impl_->thread.join();
}

void ModbusLamps::show(std::string_view lamp, LampShow show) {
  const std::string name(lamp);
  if (!impl_->config.lamps.contains(name)) return;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->wanted[name] = show;
    impl_->changed = true;
  }
  impl_->wake.notify_all();
}

bool ModbusLamps::up() const {
  return impl_->up.load();
}

}  // namespace bayward::site
