#include "bay/drivers/modbus.h"

#include <modbus.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "bay/drivers/modbus_bus.h"
#include "bay/safety/limits.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

double raw_value(ModbusType type, const uint16_t* words) {
  const uint32_t two = type == ModbusType::u32 || type == ModbusType::s32 || type == ModbusType::f32
                           ? (uint32_t{words[0]} << 16) | words[1]
                           : 0;
  switch (type) {
    case ModbusType::bit:
    case ModbusType::u16:
      return words[0];
    case ModbusType::s16:
      return static_cast<int16_t>(words[0]);
    case ModbusType::u32:
      return two;
    case ModbusType::s32:
      return static_cast<int32_t>(two);
    case ModbusType::f32:
      return static_cast<double>(std::bit_cast<float>(two));
    case ModbusType::u64:
      return static_cast<double>((uint64_t{words[0]} << 48) | (uint64_t{words[1]} << 32) | (uint64_t{words[2]} << 16) |
                                 words[3]);
  }
  return std::nan("");
}

}  // namespace

std::optional<int64_t> modbus_value(const ModbusPoint& point, const uint16_t* registers) {
  if (point.at.type == ModbusType::bit) return (registers[0] != 0) != point.inverted ? 1 : 0;
  const double value = raw_value(point.at.type, registers) * point.scale;
  if (!std::isfinite(value) || std::abs(value) > 9e15) return std::nullopt;
  return std::llround(value);
}

struct ModbusHardware::Impl final : SafetySensors, EnergyMeter, Contactor, PilotOutput, ConnectorLock {
  Impl(ModbusMap what, std::function<Uptime()> clock) : map(std::move(what)), uptime(std::move(clock)) {
    for (const ModbusDevice& device : map.devices) buses.push_back(std::make_unique<ModbusBus>(device));
    readings.resize(map.points.size());
    runs = plan(map);
    thread = std::thread([this] { loop(); });
  }
  ~Impl() override {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    thread.join();
  }

  // ---- the agent's thread ----
  void read(Moment, safety::Sample& into) override {
    const std::lock_guard lock(mutex);
    for (size_t i = 0; i < map.points.size(); ++i) {
      const auto channel = safety::channel_from_word(map.points[i].what);
      if (!channel) continue;
      const auto value = readings[i].value;
      const bool fits = value && *value >= INT32_MIN && *value <= INT32_MAX;
      into.set(*channel, fits ? std::optional(static_cast<int32_t>(*value)) : std::nullopt, readings[i].at);
    }
  }
  std::optional<EnergyMeter::Reading> read(Moment) override {
    const std::lock_guard lock(mutex);
    std::optional<EnergyMeter::Reading> out;
    int32_t power_w = 0;
    for (size_t i = 0; i < map.points.size(); ++i) {
      if (!readings[i].value) continue;
      if (map.points[i].what == "import_mwh") out = EnergyMeter::Reading{*readings[i].value, 0, 0, readings[i].at};
      if (map.points[i].what == "power_w") {
        power_w = static_cast<int32_t>(std::clamp<int64_t>(*readings[i].value, -1'000'000, 1'000'000));
      }
    }
    if (out) out->power_w = power_w;
    return out;
  }
  void permit(Moment, Duration valid_for) override {
    const bool was = permitted_until.exchange(uptime() + valid_for) != Uptime::min();
    if (!was) wake.notify_all();
  }
  void open(Moment) override {
    if (permitted_until.exchange(Uptime::min()) != Uptime::min()) wake.notify_all();
  }
  void trip_supply(Moment) override { trip = true; }
  void set_duty(Moment, int32_t permille) override { duty = static_cast<uint16_t>(std::clamp(permille, 0, 1000)); }
  void set_locked(Moment, bool locked) override { lock_wanted = locked; }

  // ---- the driver's thread ----
  struct Latest {
    std::optional<int64_t> value;
    Uptime at{};
  };

  void loop() {
    while (true) {
      const Uptime began = uptime();
      write_outputs();
      for (const ModbusRun& run : runs) {
        read_run(run);
        write_contactor();  // a slow module must not delay the opening by more than its own answer time
      }
      std::unique_lock lock(mutex);
      if (stopping) break;
      const Duration left = std::max<Duration>(map.poll_interval - (uptime() - began), 1ms);
      wake.wait_for(lock, left);
    }
    permitted_until = Uptime::min();
    write_contactor();
  }

  void write(const std::optional<ModbusOutput>& output, uint16_t value) {
    if (output) buses[output->device]->write(output->at, value, uptime());
  }
  void write_contactor() { write(map.contactor, uptime() < permitted_until.load() ? 1 : 0); }
  void write_outputs() {
    write_contactor();
    write(map.watchdog, watchdog_ms);
    write(map.pilot_duty, duty);
    write(map.lock, lock_wanted ? 1 : 0);
    if (trip) write(map.supply_trip, 1);
  }

  void read_run(const ModbusRun& run) {
    uint16_t words[ModbusBus::words_max] = {};
    const Uptime asked = uptime();  // the age of an answer counts from the question
    const bool good = buses[run.device]->read(run.table, run.address, run.count, words, asked);
    const std::lock_guard lock(mutex);
    for (const size_t index : run.points) {
      const ModbusPoint& point = map.points[index];
      if (good)
        readings[index] = {modbus_value(point, words + (point.at.address - run.address)), asked};
      else
        readings[index].value.reset();
    }
  }

  static constexpr uint16_t watchdog_ms = 500;

  const ModbusMap map;
  const std::function<Uptime()> uptime;
  std::vector<std::unique_ptr<ModbusBus>> buses;  // the driver's thread only
  std::vector<ModbusRun> runs;
  std::atomic<Uptime> permitted_until{Uptime::min()};
  std::atomic<uint16_t> duty{1000};
  std::atomic<bool> lock_wanted{false};
  std::atomic<bool> trip{false};
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<Latest> readings;  // by mutex
  bool stopping = false;         // by mutex
  std::thread thread;
};

ModbusHardware::ModbusHardware(ModbusMap map, std::function<Uptime()> uptime)
    : impl_(std::make_unique<Impl>(std::move(map), std::move(uptime))) {}
ModbusHardware::~ModbusHardware() = default;

void ModbusHardware::add_to(Hardware& into) {
  const ModbusMap& map = impl_->map;
  into.sensors.push_back(impl_.get());
  if (std::any_of(map.points.begin(), map.points.end(), [](const auto& one) { return one.what == "import_mwh"; })) {
    into.meter = impl_.get();
  }
  if (map.contactor) into.contactor = impl_.get();
  if (map.pilot_duty) into.pilot = impl_.get();
  if (map.lock) into.lock = impl_.get();
}

}  // namespace bayward::bay
