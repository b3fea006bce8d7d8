#include "sim/town/bays/town_mesh.h"

#include <algorithm>
#include <random>

#include "base/limits.h"
#include "bay/agent/mesh_voice.h"
#include "ports/log.h"

namespace bayward::town {
namespace {

constexpr uint8_t site_priority = 100;
constexpr uint8_t gate_priority = 10;  // a gate stands in when the site's gateway is gone

}  // namespace

Instant TownMesh::MachineClock::now() const {
  return from_unix_s(1) + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began_);
}

TownMesh::TownMesh(net::IoContext& io, uint64_t seed, Told told)
    : io_(io), random_(seed), told_(std::move(told)), bus_(seed + 1, clock_.now()) {
  std::random_device source;  // the key is the town's own: nobody else may speak on its mesh
  mesh::SiteKey key{};
  for (uint8_t& byte : key) byte = static_cast<uint8_t>(source());
  keys_.keys[1] = key;
  keys_.sending = 1;
  bus_.set_tap([this](size_t, std::span<const uint8_t>) {
    if (std::exchange(delivering_, true)) return;
    io_.post([this, alive = alive_] {
      if (*alive) deliver();
    });
  });
}

TownMesh::~TownMesh() {
  *alive_ = false;
}

void TownMesh::deliver() {
  delivering_ = false;
  bus_.advance(clock_.now());
}

TownMesh::Member& TownMesh::add_member(std::string name, const std::vector<size_t>& segments, uint8_t priority) {
  Member& member = members_.emplace_back();
  member.name = std::move(name);
  const auto number = static_cast<uint8_t>(members_.size());
  member.mac.bytes = {0x02, 0x00, 0x5e, 0x10, 0x00, number};
  mesh::NodeConfig config;
  config.al_mac = member.mac;
  std::vector<MeshLink*> links;
  for (const size_t segment : segments) {
    mesh::InterfaceConfig interface;
    interface.mac.bytes = {0x02, 0x00, 0x5e, 0x20, static_cast<uint8_t>(segment), number};
    interface.media = mesh::MediaType::power_line_fft;
    config.interfaces.push_back(interface);
    links.push_back(&bus_.attach(segment, member.name));
  }
  config.keys = keys_;
  config.oui = {0x02, 0x5e, 0x53};
  config.controller_priority = priority;
  config.name = member.name;
  config.boot_nonce = random_.next();
  config.wall_clock = clock_.now();
  const Status good = mesh::Node::check(config);
  BAYWARD_CHECK(good.ok());
  member.driver = std::make_unique<mesh::Driver>(
      mesh::Node(std::move(config), *member.counters, clock_.now()), links, clock_,
      [&io = io_](Duration delay, std::function<void()> work) { io.after(delay, std::move(work)); },
      [this, &member](const mesh::Event& event) {
        if (told_) told_(member.name, event);
      });
  return member;
}

void TownMesh::build(size_t levels, const std::string& site_name) {
  west_ = bus_.add_segment({});
  east_ = bus_.add_segment({});
  add_member(site_name, {west_, east_}, site_priority);
  for (size_t level = 0; level < levels; ++level) {
    level_segments_.push_back(bus_.add_segment({}));
    const std::string letter(1, static_cast<char>('A' + level));
    add_member("gate " + letter + " west", {level_segments_.back(), west_}, gate_priority);
    add_member("gate " + letter + " east", {level_segments_.back(), east_}, gate_priority);
  }
}

void TownMesh::add_bay(const std::string& label, size_t level, size_t total) {
  const size_t levels = level_segments_.size();
  const size_t on_level = (total + levels - 1) / levels;
  const size_t room = limits::mesh_gateways - 1 - 2 * levels;  // beside the site's and the gates
  const size_t gateways_here = std::max<size_t>(1, room / levels);
  const size_t each = std::min((on_level + gateways_here - 1) / gateways_here, limits::mesh_bays_per_gateway);
  auto& [member, count] = filling_[level];
  if (!member || count >= each) {
    member = &add_member("bay " + label, {level_segments_.at(level)}, 0);
    count = 0;
  }
  bays_[label] = {member, count++, {}};
}

std::string TownMesh::gateway_of(const std::string& label) const {
  const auto found = bays_.find(label);
  return found == bays_.end() ? std::string() : found->second.member->name;
}

void TownMesh::publish(const std::string& label, const bay::BayState& state) {
  const auto found = bays_.find(label);
  if (found == bays_.end()) return;
  BayPlace& place = found->second;
  mesh::BayState out = bay::to_mesh(state, label, {});
  out.index = place.index;
  // Power and temperature change all the time: the mesh is for what others act on.
  if (out == place.published) return;
  place.published = out;
  if (const Status sent = place.member->driver->publish_state(out); !sent)
    log::warn("town.mesh_state", {{"bay", label}, {"why", sent.error().message}});
}

void TownMesh::raise(const bay::BayAlarm& alarm) {
  const auto found = bays_.find(alarm.bay);
  if (found == bays_.end()) return;
  mesh::Driver& driver = *found->second.member->driver;
  const auto key = std::pair(alarm.device, alarm.number);
  const auto known = open_.find(key);
  Status done = Done{};
  if (alarm.all_clear) {
    if (known == open_.end()) return;
    done = driver.all_clear(known->second);
    open_.erase(known);
  } else if (known != open_.end()) {
    done = driver.update_alarm(known->second, bay::to_mesh(alarm));
  } else {
    const auto id = driver.raise_alarm(bay::to_mesh(alarm));
    if (id) {
      open_[key] = *id;
    } else {
      done = Failure{id.error()};
    }
  }
  if (!done) log::warn("town.mesh_alarm", {{"bay", alarm.bay}, {"why", done.error().message}});
  // Not at the next turn of the loop: an alarm does not wait.
  deliver();
}

bool TownMesh::complete() const {
  return std::all_of(members_.begin(), members_.end(), [this](const Member& member) {
    return member.driver->node().gateways().size() + 1 == members_.size();
  });
}

const mesh::Node* TownMesh::site_node() const {
  return members_.empty() ? nullptr : &members_.front().driver->node();
}

void TownMesh::cut(Riser riser, bool is_cut) {
  bus_.cut(riser == Riser::west ? west_ : east_, is_cut, true);
}

}  // namespace bayward::town
