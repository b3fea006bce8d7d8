#include "bay/drivers/scripted.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "base/limits.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

using safety::Channel;

constexpr size_t waiting_max = 16;

std::optional<int64_t> integer(std::string_view text) {
  int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

std::optional<Channel> channel_of(std::string_view word) {
  for (size_t i = 0; i < safety::channel_count; ++i) {
    if (safety::range_of(static_cast<Channel>(i)).word == word) return static_cast<Channel>(i);
  }
  return std::nullopt;
}

std::pair<std::string_view, std::string_view> split(std::string_view text) {
  const size_t space = text.find(' ');
  if (space == std::string_view::npos) return {text, {}};
  return {text.substr(0, space), text.substr(space + 1)};
}

Status set_channel(ScriptedWorld& world, std::string_view rest) {
  const auto [word, value] = split(rest);
  const auto channel = channel_of(word);
  if (!channel) return fail("no channel \"" + std::string(word) + "\"");
  auto& forced = world.forced[static_cast<size_t>(*channel)];
  const auto number = integer(value);
  if (value == "live")
    forced = {};
  else if (value == "none")
    forced = {true, std::nullopt};
  else if (number && *number >= INT32_MIN && *number <= INT32_MAX)
    forced = {true, static_cast<int32_t>(*number)};
  else
    return fail("set " + std::string(word) + ": an integer, none or live is expected");
  return Done{};
}

template <class T>
Status wait_in(std::deque<T>& queue, T value) {
  if (queue.size() >= waiting_max) return fail("too many wait");
  queue.push_back(std::move(value));
  return Done{};
}

Status set_flag(bool& flag, std::string_view word, std::string_view yes, std::string_view no) {
  if (word != yes && word != no) return fail(std::string(yes) + " or " + std::string(no) + " is expected");
  flag = word == yes;
  return Done{};
}

Status press(ScriptedWorld& world, std::string_view word) {
  if (word == "panic") return wait_in(world.presses, Buttons::Press::panic);
  if (word == "stop") return wait_in(world.presses, Buttons::Press::stop);
  if (word == "go-on") return wait_in(world.presses, Buttons::Press::carry_on);
  return fail("press: panic, stop or go-on is expected");
}

}  // namespace

Status ScriptedWorld::apply(std::string_view line) {
  if (line.size() > limits::bay_script_line_bytes) return fail("the line is too long");
  const auto [verb, rest] = split(line);
  if (verb == "car") return set_flag(car, rest, "in", "out");
  if (verb == "plug") return set_flag(plugged, rest, "in", "out");
  if (verb == "ask") return set_flag(asks, rest, "on", "off");
  if (verb == "horn") return set_flag(horn, rest, "on", "off");
  if (verb == "lights") return set_flag(lights, rest, "on", "off");
  if (verb == "mains") return set_flag(supply.mains, rest, "on", "off");
  if (verb == "plate") return wait_in(plates, std::string(rest));
  if (verb == "picture") return picture = rest, Done{};
  if (verb == "card") return wait_in(cards, std::string(rest));
  if (verb == "press") return press(*this, rest);
  if (verb == "set") return set_channel(*this, rest);
  const auto number = integer(rest);
  if (!number || *number < 0 || *number > 1'000'000'000'000) return fail("not understood: " + std::string(line));
  if (verb == "battery")
    supply.battery_permille = static_cast<int32_t>(std::min<int64_t>(*number, 1000));
  else if (verb == "solar")
    supply.solar_w = static_cast<int32_t>(std::min<int64_t>(*number, 100'000));
  else if (verb == "meter")
    import_mwh = *number;
  else
    return fail("not understood: " + std::string(line));
  return Done{};
}

// IEC 61851-1 A: the car asks only while it is offered something, and takes what the duty cycle allows.
int32_t ScriptedWorld::drawn_ma() const {
  const bool offered = duty_permille < 1000 && duty_permille >= 100;
  if (!closed || !plugged || !asks || !offered) return 0;
  const int32_t offer = duty_permille <= 850 ? duty_permille * 60 : (duty_permille - 640) * 250;
  return std::min(offer, config.rating_ma) / 20 * 19;
}

void ScriptedWorld::live(Moment now) {
  if (closed && now.up > permitted_until) {
    log::warn("simulated.contactor", {{"closed", false}, {"why", "watchdog"}});
    closed = false;
  }
  const int64_t watts = int64_t{drawn_ma()} * config.phases * (config.nominal_mv / 1000) / 1000;
  remainder_mws += watts * std::clamp<int64_t>((now.up - last).count(), 0, 60'000);
  import_mwh += remainder_mws / 3600;  // W·ms / 3600 = mWh
  remainder_mws %= 3600;
  last = now.up;
}

struct ScriptedHardware::Devices {
  explicit Devices(ScriptedWorld& world)
      : sensors(world),
        meter(world),
        occupancy(world),
        vehicle(world),
        cards(world),
        car_alarm(world),
        buttons(world),
        supply(world),
        contactor(world),
        pilot(world),
        lock(world),
        lamp(world),
        display(world),
        speaker(world),
        loads(world) {}

  template <class Interface>
  struct Device : Interface {
    explicit Device(ScriptedWorld& all) : world(all) {}
    ScriptedWorld& world;
  };
  struct Sensors : Device<SafetySensors> {
    using Device::Device;
    void read(Moment now, safety::Sample& into) override;
  };
  struct Meter : Device<EnergyMeter> {
    using Device::Device;
    std::optional<Reading> read(Moment now) override {
      world.live(now);
      const int64_t watts = int64_t{world.drawn_ma()} * world.config.phases * (world.config.nominal_mv / 1000) / 1000;
      return Reading{world.import_mwh, 0, static_cast<int32_t>(watts), now.up};
    }
  };
  struct Occupancy : Device<OccupancySensor> {
    using Device::Device;
    std::optional<Reading> read(Moment now) override {
      return Reading{world.car, static_cast<uint8_t>(world.car ? 100 : 0), now.up};
    }
  };
  struct Vehicle : Device<VehicleSensor> {
    using Device::Device;
    std::optional<Sighting> take(Moment) override {
      if (world.plates.empty()) return std::nullopt;
      Sighting out{world.plates.front(), 95};
      if (std::ifstream file(world.picture, std::ios::binary); !world.picture.empty() && file) {
        out.jpeg.assign(std::istreambuf_iterator<char>(file), {});
      }
      world.plates.pop_front();
      return out;
    }
  };
  struct Cards : Device<CardReader> {
    using Device::Device;
    std::optional<Card> take(Moment) override {
      if (world.cards.empty()) return std::nullopt;
      Card out;
      out.token = world.cards.front();
      world.cards.pop_front();
      return out;
    }
  };
  struct CarAlarm : Device<CarAlarmListener> {
    using Device::Device;
    std::optional<Reading> read(Moment now) override { return Reading{world.horn, world.lights, now.up}; }
  };
  struct Pressed : Device<Buttons> {
    using Device::Device;
    std::optional<Press> take(Moment) override {
      if (world.presses.empty()) return std::nullopt;
      const Press out = world.presses.front();
      world.presses.pop_front();
      return out;
    }
  };
  struct Supply : Device<PowerSupply> {
    using Device::Device;
    std::optional<Reading> read(Moment now) override {
      Reading out = world.supply;
      out.at = now.up;
      return out;
    }
  };
  struct Switch : Device<Contactor> {
    using Device::Device;
    void permit(Moment now, Duration valid_for) override {
      world.live(now);
      world.permitted_until = now.up + valid_for;
      if (!world.closed && !world.tripped) log::info("simulated.contactor", {{"closed", true}});
      world.closed = !world.tripped;
    }
    void open(Moment now) override {
      world.live(now);
      if (world.closed) log::info("simulated.contactor", {{"closed", false}});
      world.closed = false;
    }
    void trip_supply(Moment) override {
      if (!world.tripped) log::warn("simulated.supply_tripped", {});
      world.tripped = true;
    }
  };
  struct Pwm : Device<PilotOutput> {
    using Device::Device;
    void set_duty(Moment now, int32_t permille) override {
      world.live(now);
      world.duty_permille = permille;
    }
  };
  struct Bolt : Device<ConnectorLock> {
    using Device::Device;
    void set_locked(Moment, bool locked) override { world.locked = locked; }
  };
  struct Light : Device<Lamp> {
    using Device::Device;
    void show(Moment, Signal signal) override { world.lamp = signal; }
  };
  struct Screen : Device<Display> {
    using Device::Device;
    void show(Moment, const std::vector<std::string>& lines) override {
      world.lines = lines;
      log::info("simulated.display", {{"line", lines.empty() ? std::string() : lines.front()}});
    }
  };
  struct Voice : Device<Speaker> {
    using Device::Device;
    void say(Moment, const std::string& sentence, bool urgent) override {
      world.sentence = sentence;
      log::info("simulated.speaker", {{"sentence", sentence}, {"urgent", urgent}});
    }
  };
  struct Loads : Device<LoadSwitch> {
    using Device::Device;
    void set_on(Moment, Load load, bool on) override { world.loads[static_cast<size_t>(load)] = on; }
  };

  Sensors sensors;
  Meter meter;
  Occupancy occupancy;
  Vehicle vehicle;
  Cards cards;
  CarAlarm car_alarm;
  Pressed buttons;
  Supply supply;
  Switch contactor;
  Pwm pilot;
  Bolt lock;
  Light lamp;
  Screen display;
  Voice speaker;
  Loads loads;
};

void ScriptedHardware::Devices::Sensors::read(Moment now, safety::Sample& into) {
  world.live(now);
  const int32_t drawn = world.drawn_ma();
  for (int phase = 0; phase < 3; ++phase) {
    into.set(static_cast<Channel>(static_cast<int>(Channel::current_l1) + phase), drawn, now.up);
    into.set(static_cast<Channel>(static_cast<int>(Channel::voltage_l1) + phase), world.config.nominal_mv, now.up);
  }
  for (const Channel channel :
       {Channel::connector_temperature, Channel::cable_temperature, Channel::ambient_temperature}) {
    into.set(channel, 22'000, now.up);
  }
  into.set(Channel::connector_temperature, 22'000 + drawn / 8, now.up);
  for (const Channel channel : {Channel::residual_ac, Channel::residual_dc, Channel::smoke, Channel::emergency_stop}) {
    into.set(channel, 0, now.up);
  }
  into.set(Channel::earth, 1, now.up);
  into.set(Channel::contactor_feedback, world.closed ? 1 : 0, now.up);
  into.set(Channel::lock, world.plugged && world.locked ? 1 : 0, now.up);
  const bool wants = world.asks && world.duty_permille < 1000;
  const safety::Pilot says = !world.plugged ? safety::Pilot::a : wants ? safety::Pilot::c : safety::Pilot::b;
  into.set(Channel::pilot, static_cast<int32_t>(says), now.up);
  for (size_t i = 0; i < safety::channel_count; ++i) {
    if (world.forced[i].forced) into.set(static_cast<Channel>(i), world.forced[i].value, now.up);
  }
}

ScriptedHardware::ScriptedHardware(safety::Config config) : devices_(std::make_unique<Devices>(world)) {
  world.config = config;
}
ScriptedHardware::~ScriptedHardware() = default;

Hardware ScriptedHardware::parts() {
  Hardware out;
  out.sensors = {&devices_->sensors};
  out.contactor = &devices_->contactor;
  out.pilot = &devices_->pilot;
  out.lock = &devices_->lock;
  out.meter = &devices_->meter;
  out.occupancy = &devices_->occupancy;
  out.vehicle = &devices_->vehicle;
  out.cards = &devices_->cards;
  out.car_alarm = &devices_->car_alarm;
  out.buttons = &devices_->buttons;
  out.supply = &devices_->supply;
  out.lamp = &devices_->lamp;
  out.display = &devices_->display;
  out.speaker = &devices_->speaker;
  out.loads = &devices_->loads;
  return out;
}

}  // namespace bayward::bay
