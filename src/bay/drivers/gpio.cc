#include "bay/drivers/gpio.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "bay/safety/limits.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

constexpr Duration pause_after_failure{1s};
constexpr Duration flash_half{500ms};

// One line and what became of it. The driver's thread.
class Pin {
 public:
  Pin(GpioLines& lines, GpioPin pin, std::string_view what, bool output)
      : lines_(lines), pin_(std::move(pin)), what_(what), output_(output) {}

  std::optional<bool> get(Uptime now) {
    if (!ready(now)) return std::nullopt;
    const Result<bool> value = line_->get();
    if (value) return *value;
    lost(value.error().message, now);
    return std::nullopt;
  }
  bool set(bool on, Uptime now) {
    if (!ready(now)) return false;
    const Status done = line_->set(on);
    if (!done) lost(done.error().message, now);
    return done.ok();
  }

 private:
  bool ready(Uptime now) {
    if (line_) return true;
    if (now < not_before_) return false;
    auto got = output_ ? lines_.output(pin_) : lines_.input(pin_);
    if (!got) {
      lost(got.error().message, now);
      return false;
    }
    line_ = *std::move(got);
    if (complained_) log::info("gpio.works_again", {{"what", what_}});
    complained_ = false;
    return true;
  }
  void lost(const std::string& why, Uptime now) {
    line_.reset();
    not_before_ = now + pause_after_failure;
    if (!complained_) log::error("gpio.failed", {{"what", what_}, {"why", why}});
    complained_ = true;
  }

  GpioLines& lines_;
  const GpioPin pin_;
  const std::string what_;
  const bool output_;
  std::unique_ptr<GpioLine> line_;
  Uptime not_before_ = Uptime::min();
  bool complained_ = false;
};

// Amber is red and green; a colour that has no line of its own is not shown.
bool lit(GpioDrive lamp, Lamp::Signal signal, Uptime now) {
  using Colour = Lamp::Colour;
  if (signal.flashing && now / flash_half % 2 != 0) return false;
  if (signal.colour == Colour::white) return true;
  switch (lamp) {
    case GpioDrive::lamp_red:
      return signal.colour == Colour::red || signal.colour == Colour::amber;
    case GpioDrive::lamp_green:
      return signal.colour == Colour::green || signal.colour == Colour::amber;
    case GpioDrive::lamp_blue:
      return signal.colour == Colour::blue;
    default:
      return false;
  }
}

}  // namespace

struct GpioHardware::Impl final : SafetySensors, Contactor, ConnectorLock, Lamp {
  Impl(GpioMap what, std::unique_ptr<GpioLines> from, std::function<Uptime()> clock)
      : map(std::move(what)), lines(std::move(from)), uptime(std::move(clock)) {
    for (const GpioInput& input : map.inputs) {
      inputs.emplace_back(*lines, input.pin, safety::range_of(input.what).word, false);
    }
    for (const GpioOutput& output : map.outputs) outputs.emplace_back(*lines, output.pin, to_text(output.what), true);
    readings.resize(map.inputs.size());
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
    for (size_t i = 0; i < map.inputs.size(); ++i) into[map.inputs[i].what] = readings[i];
  }
  void permit(Moment, Duration valid_for) override {
    const bool was = permitted_until.exchange(uptime() + valid_for) != Uptime::min();
    if (!was) wake.notify_all();
  }
  void open(Moment) override {
    if (permitted_until.exchange(Uptime::min()) != Uptime::min()) wake.notify_all();
  }
  void trip_supply(Moment) override { trip = true; }
  void set_locked(Moment, bool locked) override { lock_wanted = locked; }
  void show(Moment, Signal wanted) override { signal = wanted; }

  // ---- the driver's thread ----
  void loop() {
    while (true) {
      const Uptime began = uptime();
      drive();
      sense();
      std::unique_lock lock(mutex);
      if (stopping) break;
      const Duration left = std::max<Duration>(map.poll_interval - (uptime() - began), 1ms);
      wake.wait_for(lock, left);
    }
    permitted_until = Uptime::min();
    drive();
  }

  void drive() {
    bool obeys = true;  // the contactor's line
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (map.outputs[i].what == GpioDrive::contactor) obeys = outputs[i].set(level(GpioDrive::contactor), uptime());
    }
    if (obeys) beat = !beat;
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (map.outputs[i].what != GpioDrive::contactor) outputs[i].set(level(map.outputs[i].what), uptime());
    }
  }
  bool level(GpioDrive what) const {
    switch (what) {
      case GpioDrive::contactor:
        return uptime() < permitted_until.load();
      case GpioDrive::watchdog:
        return beat;
      case GpioDrive::lock:
        return lock_wanted;
      case GpioDrive::supply_trip:
        return trip;
      default:
        return lit(what, signal.load(), uptime());
    }
  }
  void sense() {
    for (size_t i = 0; i < inputs.size(); ++i) {
      const Uptime asked = uptime();  // the age of a value counts from the question
      const std::optional<bool> value = inputs[i].get(asked);
      const std::lock_guard lock(mutex);
      readings[i] = {value ? std::optional(*value ? 1 : 0) : std::nullopt, asked};
    }
  }

  const GpioMap map;
  const std::unique_ptr<GpioLines> lines;
  const std::function<Uptime()> uptime;
  std::vector<Pin> inputs, outputs;  // as in the map; the driver's thread only
  bool beat = false;                 // the driver's thread only
  std::atomic<Uptime> permitted_until{Uptime::min()};
  std::atomic<bool> lock_wanted{false};
  std::atomic<bool> trip{false};
  std::atomic<Lamp::Signal> signal{};
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<safety::Reading> readings;  // by mutex
  bool stopping = false;                  // by mutex
  std::thread thread;
};

GpioHardware::GpioHardware(GpioMap map, std::unique_ptr<GpioLines> lines, std::function<Uptime()> uptime)
    : impl_(std::make_unique<Impl>(std::move(map), std::move(lines), std::move(uptime))) {}
GpioHardware::~GpioHardware() = default;

void GpioHardware::add_to(Hardware& into) {
  const auto drives = [&](std::initializer_list<GpioDrive> any) {
    const auto& outputs = impl_->map.outputs;
    return std::any_of(outputs.begin(), outputs.end(), [&](const GpioOutput& output) {
      return std::find(any.begin(), any.end(), output.what) != any.end();
    });
  };
  into.sensors.push_back(impl_.get());
  if (drives({GpioDrive::contactor})) into.contactor = impl_.get();
  if (drives({GpioDrive::lock})) into.lock = impl_.get();
  if (drives({GpioDrive::lamp_red, GpioDrive::lamp_green, GpioDrive::lamp_blue})) into.lamp = impl_.get();
}

}  // namespace bayward::bay
