#include "gateway.h"

#include <sys/random.h>

#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "net/raw_ethernet.h"
#include "net/udp_ethernet.h"

namespace bayward::mesh_tool {

namespace {

using mesh::MacAddress;

// Locally administered, from a MAC address or AL MAC address that is unique already.
MacAddress derived(MacAddress from, uint8_t index) {
  from.bytes[0] = static_cast<uint8_t>((from.bytes[0] | 0x02) & 0xFE);
  from.bytes[1] = static_cast<uint8_t>(from.bytes[1] ^ index);
  return from;
}

std::optional<MacAddress> mac_of_interface(const std::string& interface) {
  std::ifstream in("/sys/class/net/" + interface + "/address");
  std::string text;
  in >> text;
  return mesh::parse_mac(text);
}

Result<MacAddress> choose_al_mac(const GatewayOptions& options) {
  if (!options.al_mac.empty()) {
    const auto given = mesh::parse_mac(options.al_mac);
    if (!given)
      return fail("--al-mac: '" + options.al_mac + "' is not six pairs of hexadecimal digits with ':' between");
    return *given;
  }
  if (options.interfaces.empty())
    return fail("give --al-mac, an address for this gateway: UDP links have none of their own");
  const auto first = mac_of_interface(options.interfaces.front());
  if (!first) return fail("there is no network interface '" + options.interfaces.front() + "': `ip link` lists them");
  return derived(*first, 0x40);
}

uint64_t random_nonce() {
  uint64_t out = 0;
  while (out == 0) {
    if (::getrandom(&out, sizeof out, 0) != static_cast<ssize_t>(sizeof out)) out = 0;
  }
  return out;
}

Result<mesh::NodeConfig> base_config(const GatewayOptions& options) {
  mesh::NodeConfig config;
  const auto al_mac = choose_al_mac(options);
  if (!al_mac) return fail(al_mac.error().message);
  config.al_mac = *al_mac;
  auto keys = read_keys(options.key_file);
  if (!keys) return fail(keys.error().message);
  config.keys = *std::move(keys);
  const auto oui = mesh::parse_mac(options.oui + ":00:00:00");
  if (!oui) return fail("--oui: '" + options.oui + "' is not three pairs of hexadecimal digits with ':' between");
  std::copy_n(oui->bytes.begin(), config.oui.size(), config.oui.begin());
  config.name = options.name;
  config.controller_priority = static_cast<uint8_t>(options.priority);
  config.boot_nonce = random_nonce();
  config.wall_clock = net::SystemClock().now();
  return config;
}

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, by);) out.push_back(part);
  return out;
}

}  // namespace

Result<mesh::KeyRing> read_keys(const std::string& file) {
  std::ifstream in(file);
  if (!in) {
    return fail("the key file '" + file + "' can't be read: make one with `(umask 077; openssl rand -hex 32 >" + file +
                ")` and give all gateways of the site the same");
  }
  mesh::KeyRing ring;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto space = line.find(' ');
    unsigned int id = 1;
    if (space != std::string::npos) {
      const auto [end, error] = std::from_chars(line.data(), line.data() + space, id);
      if (error != std::errc{} || end != line.data() + space || id > 255) {
        return fail(file + ": '" + line.substr(0, space) + "' is no key id from 0 to 255");
      }
    }
    const auto key = mesh::parse_site_key(space == std::string::npos ? line : line.substr(space + 1));
    if (!key) return fail(file + ": " + key.error().message);
    ring.keys[static_cast<uint8_t>(id)] = *key;
    ring.sending = static_cast<uint8_t>(id);
  }
  if (const Status good = ring.check(); !good) return fail(file + ": " + good.error().message);
  return ring;
}

Result<mesh::InterfaceConfig> Gateway::add_raw(net::IoContext& io, const std::string& interface,
                                               const MacAddress& al_mac) {
  auto link = net::RawEthernet::open(io, {interface, al_mac.bytes});
  if (!link) return fail(link.error().message);
  const mesh::InterfaceConfig out{MacAddress{(*link)->mac()}, (*link)->is_wireless()
                                                                  ? mesh::MediaType::wifi_n_2_4_ghz
                                                                  : mesh::MediaType::gigabit_ethernet};
  links_.push_back(*std::move(link));
  return out;
}

Status Gateway::add_udp(net::IoContext& io, const std::string& spec, const MacAddress& mac) {
  const auto parts = split(spec, ',');
  if (parts.size() < 2) return fail("--udp: '" + spec + "' is not LISTEN,PEER[,PEER...] or LISTEN,group=ADDRESS:PORT");
  net::UdpEthernetConfig config{mac.bytes, parts[0], {parts.begin() + 1, parts.end()}, {}};
  if (parts[1].starts_with("group=")) {
    config.peers.clear();
    config.group = parts[1].substr(6);
  }
  auto link = net::UdpEthernet::open(io, config);
  if (!link) return fail("--udp: " + link.error().message);
  links_.push_back(*std::move(link));
  return Done{};
}

Result<std::unique_ptr<Gateway>> Gateway::open(net::IoContext& io, const GatewayOptions& options,
                                               mesh::Driver::Told told) {
  if (options.interfaces.empty() && options.udp.empty()) return fail("give at least one --interface or --udp");
  auto config = base_config(options);
  if (!config) return fail(config.error().message);
  std::unique_ptr<Gateway> out(new Gateway);
  for (const std::string& interface : options.interfaces) {
    const auto added = out->add_raw(io, interface, config->al_mac);
    if (!added) return fail(added.error().message);
    config->interfaces.push_back(*added);
  }
  for (const std::string& spec : options.udp) {
    const MacAddress mac = derived(config->al_mac, static_cast<uint8_t>(0x80 + out->links_.size()));
    if (Status added = out->add_udp(io, spec, mac); !added) return fail(added.error().message);
    config->interfaces.push_back({mac, mesh::MediaType::unknown});
  }
  if (const Status good = mesh::Node::check(*config); !good) return fail(good.error().message);
  if (options.counters_file.empty()) {
    out->store_ = std::make_unique<mesh::MemoryCounterStore>();
  } else {
    out->store_ = std::make_unique<mesh::FileCounterStore>(options.counters_file);
  }
  const bool faulty =
      options.faults.loss_per_mille + options.faults.duplicate_per_mille + options.faults.reorder_per_mille > 0;
  std::vector<MeshLink*> wires;
  for (const auto& link : out->links_) {
    wires.push_back(link.get());
    if (!faulty) continue;
    out->lossy_.push_back(std::make_unique<LossyLink>(*link, options.faults, options.fault_seed + wires.size()));
    wires.back() = out->lossy_.back().get();
  }
  mesh::Node node(*std::move(config), *out->store_, out->clock_.now());
  out->driver_ = std::make_unique<mesh::Driver>(
      std::move(node), std::move(wires), out->clock_,
      [&io](Duration delay, std::function<void()> work) { io.after(delay, std::move(work)); }, std::move(told));
  return out;
}

}  // namespace bayward::mesh_tool
