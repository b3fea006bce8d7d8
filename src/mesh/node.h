// One gateway on the local mesh: an IEEE 1905.1 device that finds its neighbours, relays, carries alarms and bay states
// to every other gateway with no server in the path, and knows who acts as the site's controller (D3, D4, E6).
//
// A pure state machine: no I/O, no clock, no threads. Its owner calls it from one thread with the time, and after each
// call takes what came out: frames to send, in the order they must go out (danger first), and events. mesh/driver.h
// does that over real links. `now` must not go backwards: it comes from a monotonic clock (net::MonotonicClock), never
// from the wall clock, so a clock set by a year ages nobody out.
//
//   Node node(config, store, now);
//   node.receive(0, frame, now);         // or poll(now), raise_alarm(...), publish_state(...)
//   for (OutFrame& frame : node.take_frames()) links[frame.interface].send(frame.bytes);
//   for (Event& event : node.take_events()) ...
//   timer at node.next_poll();
//
// What always holds: a frame that is forged, replayed, malformed or over a rate does nothing but count; an all-clear is
// never told before its alarm; everything kept has a bound in base/limits.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "mesh/counters.h"
#include "mesh/keys.h"
#include "mesh/mac.h"
#include "mesh/messages.h"

namespace bayward::mesh {

// IEEE 1905.1-2013 table 6-12.
enum class MediaType : uint16_t {
  fast_ethernet = 0x0000,
  gigabit_ethernet = 0x0001,
  wifi_n_2_4_ghz = 0x0103,
  wifi_n_5_ghz = 0x0104,
  wifi_ac_5_ghz = 0x0105,
  power_line_wavelet = 0x0200,
  power_line_fft = 0x0201,
  unknown = 0xFFFF,
};

struct InterfaceConfig {
  MacAddress mac;
  MediaType media = MediaType::gigabit_ethernet;
};

struct NodeConfig {
  MacAddress al_mac;                        // names this gateway; not a group address
  std::vector<InterfaceConfig> interfaces;  // 1 to limits::mesh_interfaces; their index is `interface` below
  KeyRing keys;
  std::array<uint8_t, 3> oui{};     // of our vendor messages: configuration, the same on the whole site
  uint8_t controller_priority = 0;  // 0: never the acting controller; else the highest wins, then the highest AL MAC
  std::string name;                 // for people: "gate 1", "bay B12"; at most limits::mesh_label_bytes
  uint64_t boot_nonce = 0;          // random and new at every start: neighbours repeat it, which proves they live now
  Instant wall_clock{};             // at the start; only lifts the first counter if the store was lost
  // 1905.1 discovery at least once a minute (8.2.1.1); our own greeting between neighbours finds a dead link faster.
  Duration discovery_every = 30s;
  Duration hello_every = 500ms;
  Duration hello_lost_after =
      5s;  // a neighbouring gateway not heard for so long is gone, and with it what is behind it
};

struct OutFrame {
  size_t interface = 0;
  std::vector<uint8_t> bytes;  // a whole Ethernet frame without its check sequence
};

// ---- what the owner is told ----

// A new alarm or a new revision of one; also this gateway's own if it was raised before a reboot and the others still
// hold it (then id.origin is our AL MAC).
struct AlarmReceived {
  Alarm alarm;
};
// Never before AlarmReceived of the same id.
struct AlarmCleared {
  Alarm alarm;
};
// A gateway has our alarm (this revision of it).
struct AlarmAcked {
  AlarmId id;
  uint32_t revision = 0;
  MacAddress by;
  size_t missing = 0;  // how many known gateways haven't yet
};
// The repeats of our alarm are used up and these known gateways have not confirmed it. They still get it when their
// link is back (AlarmAcked follows), but somebody should look now.
struct AlarmUnacked {
  AlarmId id;
  uint32_t revision = 0;
  std::vector<MacAddress> missing;
};
struct StateReceived {
  MacAddress gateway;
  BayState state;
};
// A gateway came, went, or its links changed: ask topology().
struct TopologyChanged {};
// Nothing: there is no candidate in this half of the mesh.
struct ControllerChanged {
  std::optional<MacAddress> controller;
};
struct GatewayLost {
  MacAddress gateway;
  std::string name;
};
struct GatewayFound {
  MacAddress gateway;
  std::string name;
};
// Numbers could not be made durable: the mesh goes on, but a reboot may make the others deaf to us. For maintenance.
struct CounterStoreFailed {
  std::string message;
};

using Event = std::variant<AlarmReceived, AlarmCleared, AlarmAcked, AlarmUnacked, StateReceived, TopologyChanged,
                           ControllerChanged, GatewayFound, GatewayLost, CounterStoreFailed>;

// ---- what can be asked ----

struct TopologyLink {
  size_t interface = 0;        // of the device below; 0 when it isn't known which
  MacAddress local_interface;  // zero when not known
  MacAddress neighbour;        // AL MAC
  friend auto operator<=>(const TopologyLink&, const TopologyLink&) = default;
};
struct TopologyDevice {
  MacAddress al_mac;
  std::string name;      // ours only
  bool gateway = false;  // proved that it has the site's key; else some other 1905.1 device
  uint8_t controller_priority = 0;
  std::optional<Duration> heard_ago;  // of devices we hear directly
  std::vector<MacAddress> interfaces;
  std::vector<TopologyLink> links;
};
struct Topology {
  MacAddress self;
  std::optional<MacAddress> controller;
  std::vector<TopologyDevice> devices;  // ourselves first, then by AL MAC
};
std::string to_text(const Topology& topology);  // for people
std::string to_json(const Topology& topology);

// Since the start. "Did nothing" is what these count.
struct Counters {
  uint64_t frames_received = 0;
  uint64_t frames_sent = 0;
  uint64_t relayed = 0;
  uint64_t duplicates = 0;
  uint64_t malformed = 0;
  uint64_t forged = 0;  // signature wrong
  uint64_t unknown_key = 0;
  uint64_t replayed = 0;
  uint64_t unproven = 0;  // rightly signed, but nothing shows yet that it is new; a neighbour passes it on when it is
  uint64_t rate_limited = 0;
  uint64_t address_conflicts = 0;  // greetings with our own address: two gateways have it, or it is an old recording
  uint64_t table_full = 0;         // something new had no place
};

class Node {
 public:
  // Says what is wrong with a configuration, and what to do.
  static Status check(const NodeConfig& config);

  // The configuration passes check(). Loads the counters; a store that can't be read is an event, never a failure: the
  // gateway works (D7), from a counter lifted by the wall clock.
  Node(NodeConfig config, CounterStore& store, Instant now);
  ~Node();
  Node(Node&&) noexcept;
  Node& operator=(Node&&) noexcept;

  void receive(size_t interface, std::span<const uint8_t> frame, Instant now);
  // Does what is due; harmless to call early.
  void poll(Instant now);
  Instant next_poll() const;
  // The link was lost or came back (carrier): neighbours on it are dropped or looked for at once.
  void set_link(size_t interface, bool up, Instant now);

  // Sends it to every gateway; goes on until each has confirmed. Fails only for texts over their bound, or when
  // limits::mesh_open_alarms of ours are open and none is less urgent than the new one.
  Result<AlarmId> raise_alarm(const AlarmContent& content, Instant now);
  // The danger grew or fell: a new revision to everybody. Any gateway may, with an alarm it knows and that is open.
  Status update_alarm(const AlarmId& id, const AlarmContent& content, Instant now);
  // D4. Any gateway may clear an alarm it knows; the gateway decides who is allowed to (staff, controller).
  Status all_clear(const AlarmId& id, Instant now);
  // To every gateway, and kept: gateways that come later get it too. Fails for an index or text over its bound.
  Status publish_state(const BayState& state, Instant now);
  // After a rotation. Fails as KeyRing::check() and changes nothing then.
  Status set_keys(KeyRing keys);

  std::vector<OutFrame> take_frames();
  std::vector<Event> take_events();

  Topology topology(Instant now) const;
  std::vector<Alarm> alarms() const;  // open ones first, the most urgent first
  std::vector<StateReceived> states() const;
  std::optional<MacAddress> controller() const;
  bool is_controller() const;
  std::vector<MacAddress> gateways() const;  // known and alive, without ourselves
  const Counters& counters() const;
  const NodeConfig& config() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bayward::mesh
