// Lamps and passing sensors behind an MQTT broker (3.1.1), by libmosquitto. A broker that is down is a state, not an
// error: it is tried again every 1 to 30 seconds, and on every new connection everything that is wanted is told anew.
//
//   <prefix>/lamp/<name>     we publish, retained, QoS 1: {"sign":"left","colour":"green","rhythm":"steady"}
//   <prefix>/pod/<name>/lock, <prefix>/pole/<name>/power   by keep(), retained: "open" or "locked", "on" or "off"
//   <prefix>/controller      we publish, retained: "online"; the broker says "offline" for us when we are gone (last
//   will) <prefix>/passed/<name>   a sensor publishes: a vehicle passed that junction; the payload is not looked at
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ports/lamp.h"

namespace bayward::site {

struct MqttLampsConfig {
  std::string host;
  uint16_t port = 1883;
  std::string prefix = "bayward";  // without wildcards
  std::string client_id = "bayward-site";
  std::string user;
  std::string password;
  std::string ca_file;             // set: TLS, and the broker's certificate is checked against it
  std::vector<std::string> lamps;  // those behind this broker
};

class MqttLamps : public LampDriver {
 public:
  // On the driver's own thread: the name is a junction's that may be unknown. It must not block.
  using Passed = std::function<void(std::string)>;

  static Result<std::unique_ptr<MqttLamps>> create(MqttLampsConfig config, Passed passed);
  // Says "offline" and goes.
  ~MqttLamps() override;

  void show(std::string_view lamp, LampShow show) override;
  // Any other retained word under the prefix; any thread. At most limits::lamps_per_driver different ones.
  void keep(const std::string& topic, std::string payload);
  bool up() const;  // any thread

 private:
  struct Impl;
  explicit MqttLamps(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace bayward::site
