#include "config_hardware.h"

#include "base/limits.h"
#include "bay/safety/limits.h"

namespace bayward::bay {
namespace {

void read_address(Section& section, ModbusAddress& at) {
  section.read_word("table", at.table, modbus_table, "coil, discrete_input, input_register or holding_register");
  section.read_whole("address", at.address, 0, 65'535);
  const bool bits = at.table == ModbusTable::coil || at.table == ModbusTable::discrete_input;
  at.type = bits ? ModbusType::bit : ModbusType::u16;
  section.read_word("type", at.type, modbus_type, "bit, u16, s16, u32, s32, u64 or f32");
  if (bits != (at.type == ModbusType::bit))
    section.wrong("type", "coils and discrete inputs are bits, registers are not");
}

size_t device_index(Section& section, const ModbusMap& map) {
  std::string name;
  section.read("device", name);
  for (size_t i = 0; i < map.devices.size(); ++i) {
    if (map.devices[i].name == name) return i;
  }
  section.wrong("device", fmt::format("no device is called \"{}\"", name));
  return 0;
}

template <class Read>
void each(Section& section, const char* key, std::vector<std::string>& errors, Read read) {
  const toml::node* node = section.node(key);
  if (!node) return;
  const toml::array* tables = node->as_array();
  if (!tables) return section.wrong(key, fmt::format("[[hardware.{}]] is expected", key));
  for (const toml::node& one : *tables) {
    if (!one.is_table()) return section.wrong(key, fmt::format("[[hardware.{}]] is expected", key));
    Section entry(one.as_table(), fmt::format("hardware.{}", key), errors);
    read(entry);
  }
}

void read_device(Section& entry, ModbusMap& map) {
  ModbusDevice device;
  std::string parity = "E";
  entry.read("name", device.name);
  entry.read("host", device.host);
  entry.read_whole("port", device.port, 1, 65'535);
  entry.read("serial_port", device.serial_port);
  entry.read_whole("baud", device.baud, 1200, 1'000'000);
  entry.read("parity", parity);
  entry.read_whole("unit", device.unit, 0, 247);
  int64_t timeout_ms = device.answer_timeout.count();
  entry.read_whole("answer_timeout_ms", timeout_ms, 10, 1000);
  device.answer_timeout = Duration{timeout_ms};
  if (parity != "E" && parity != "O" && parity != "N")
    entry.wrong("parity", "E, O or N is expected");
  else
    device.parity = parity.front();
  if (device.host.empty() == device.serial_port.empty()) entry.wrong("host", "either host or serial_port is expected");
  map.devices.push_back(std::move(device));
}

void read_point(Section& entry, ModbusMap& map) {
  ModbusPoint point;
  entry.read("what", point.what);
  if (!modbus_measures(point.what)) {
    entry.wrong("what", fmt::format("\"{}\": a channel, import_mwh or power_w is expected", point.what));
  }
  point.device = device_index(entry, map);
  read_address(entry, point.at);
  double scale = 1;
  entry.read("scale", scale);
  point.scale = scale;
  entry.read("inverted", point.inverted);
  map.points.push_back(std::move(point));
}

void read_output(Section& entry, ModbusMap& map) {
  std::string what;
  entry.read("what", what);
  ModbusOutput output;
  output.device = device_index(entry, map);
  read_address(entry, output.at);
  if (output.at.table != ModbusTable::coil && output.at.table != ModbusTable::holding_register) {
    entry.wrong("table", "an output is a coil or a holding_register");
  }
  if (what == "contactor")
    map.contactor = output;
  else if (what == "watchdog_ms")
    map.watchdog = output;
  else if (what == "pilot_duty")
    map.pilot_duty = output;
  else if (what == "lock")
    map.lock = output;
  else if (what == "supply_trip")
    map.supply_trip = output;
  else
    entry.wrong("what", "contactor, watchdog_ms, pilot_duty, lock or supply_trip is expected");
}

void read_pin(Section& entry, GpioPin& pin) {
  entry.read("chip", pin.chip);
  entry.read_whole("line", pin.line, 0, 65'535);
  entry.read("inverted", pin.inverted);
  if (pin.chip.empty()) entry.wrong("chip", "the chip is expected as gpiodetect shows it, such as \"gpiochip0\"");
  if (!entry.has("line")) entry.wrong("line", "the number of the line is expected, as gpioinfo shows it");
}

// A channel of safety/limits.cc that `fits`; nothing, and an error, when it is none.
template <class Fits>
std::optional<safety::Channel> read_channel(Section& entry, Fits fits, const char* expected) {
  std::string word;
  entry.read("what", word);
  const auto channel = safety::channel_from_word(word);
  if (channel && fits(*channel)) return channel;
  entry.wrong("what", fmt::format("\"{}\": {} is expected", word, expected));
  return std::nullopt;
}

void read_gpio_input(Section& entry, GpioMap& map) {
  GpioInput input;
  const auto what = read_channel(entry, gpio_measures, "earth, contactor_feedback, smoke, emergency_stop or lock");
  read_pin(entry, input.pin);
  entry.read_word("bias", input.pin.bias, gpio_bias, "as_is, pull_up, pull_down or off");
  if (!what) return;
  input.what = *what;
  map.inputs.push_back(std::move(input));
}

void read_gpio_output(Section& entry, GpioMap& map) {
  GpioOutput output;
  std::string word;
  entry.read("what", word);
  read_pin(entry, output.pin);
  const auto what = gpio_drive(word);
  if (!what) {
    return entry.wrong("what", fmt::format("\"{}\": contactor, watchdog, lock, supply_trip, lamp_red, lamp_green or "
                                           "lamp_blue is expected",
                                           word));
  }
  output.what = *what;
  map.outputs.push_back(std::move(output));
}

void read_iio(Section& entry, IioMap& map) {
  IioPoint point;
  const auto what =
      read_channel(entry, iio_measures,
                   "a current, voltage, temperature, residual current or pilot (what is only 0 or 1 comes "
                   "by gpio_input)");
  entry.read("device", point.device);
  entry.read("channel", point.channel);
  entry.read("scale", point.scale);
  entry.read("offset", point.offset);
  if (point.device.empty() || point.device.find('/') != std::string::npos) {
    entry.wrong("device", "the device's name is expected, as `cat /sys/bus/iio/devices/*/name` shows it");
  }
  if (!point.channel.starts_with("in_") || point.channel.find('/') != std::string::npos) {
    entry.wrong("channel", "the channel is expected, such as in_temp0 for in_temp0_raw");
  }
  if (point.scale == 0) entry.wrong("scale", "with a scale of 0 nothing is measured");
  if (!what) return;
  point.what = *what;
  map.points.push_back(std::move(point));
}

std::vector<safety::Channel> needed(const safety::Config& build) {
  using safety::Channel;
  std::vector<Channel> out = {Channel::current_l1,
                              Channel::voltage_l1,
                              Channel::connector_temperature,
                              Channel::residual_ac,
                              Channel::residual_dc,
                              Channel::earth,
                              Channel::contactor_feedback,
                              Channel::smoke,
                              Channel::emergency_stop,
                              Channel::lock,
                              Channel::pilot};
  if (build.phases == 3) {
    out.insert(out.end(), {Channel::current_l2, Channel::current_l3, Channel::voltage_l2, Channel::voltage_l3});
  }
  if (build.measures_cable) out.push_back(Channel::cable_temperature);
  return out;
}

// Of all the drivers together.
Status complete(const ProgramConfig& config) {
  for (const Status& good : {check(config.modbus), check(config.gpio), check(config.iio)}) {
    if (!good) return good;
  }
  Coverage coverage;
  cover(config.modbus, coverage);
  cover(config.gpio, coverage);
  cover(config.iio, coverage);
  return check(coverage, needed(config.agent.safety));
}

void read_kind(Section& section, ProgramConfig& config) {
  using Kind = ProgramConfig::Hardware;
  std::string kind;
  section.read("driver", kind);
  if (kind == "simulated")
    config.hardware = Kind::simulated;
  else if (kind == "modbus")
    config.hardware = Kind::modbus;
  else if (kind == "linux")
    config.hardware = Kind::linux_board;
  else
    section.wrong("driver", "simulated, modbus or linux is expected");
}

void read_linux(Section& section, ProgramConfig& config, std::vector<std::string>& errors) {
  std::string directory = config.iio.directory.string();
  section.read("iio_directory", directory);
  config.iio.directory = directory;
  each(section, "gpio_input", errors, [&](Section& entry) { read_gpio_input(entry, config.gpio); });
  each(section, "gpio_output", errors, [&](Section& entry) { read_gpio_output(entry, config.gpio); });
  each(section, "iio", errors, [&](Section& entry) { read_iio(entry, config.iio); });
  const bool any = !config.gpio.inputs.empty() || !config.gpio.outputs.empty() || !config.iio.points.empty();
  if (any && config.hardware != ProgramConfig::Hardware::linux_board) {
    section.wrong("driver", "gpio_input, gpio_output and iio go with driver = \"linux\"");
  }
}

}  // namespace

void read_hardware(Section& section, ProgramConfig& config, std::vector<std::string>& errors) {
  read_kind(section, config);
  int64_t interval_ms = config.modbus.poll_interval.count();
  section.read_whole("poll_interval_ms", interval_ms, 10, 200);
  config.modbus.poll_interval = Duration{interval_ms};
  each(section, "device", errors, [&](Section& entry) { read_device(entry, config.modbus); });
  each(section, "point", errors, [&](Section& entry) { read_point(entry, config.modbus); });
  each(section, "output", errors, [&](Section& entry) { read_output(entry, config.modbus); });
  read_linux(section, config, errors);
  if (config.hardware == ProgramConfig::Hardware::simulated || !errors.empty()) return;
  if (const Status good = complete(config); !good) section.wrong("driver", good.error().message);
}

}  // namespace bayward::bay
