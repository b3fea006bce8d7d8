// GB/T 26875.3-2011 as a dialect: we are the user's information transmission device, the far side is the centre.
//
// The device's clock is the machine's, shifted by what the centre last ordered (unit 90): the machine's own clock is
// never set from outside.
#pragma once

#include <chrono>
#include <set>

#include "connectors/fire/frame.h"
#include "connectors/wire/dialect.h"

namespace bayward::fire {

struct GbtConfig {
  FireAddress device{};
  FireAddress centre{};
  uint8_t system_type = 1;  // table 4
  uint8_t system_address = 1;
  uint8_t user_version = 0;
  std::chrono::seconds utc_offset{8 * 3600};  // of the centre's clock
};

class GbtDialect final : public wire::Dialect {
 public:
  explicit GbtDialect(const GbtConfig& config) : config_(config) {}

  uint32_t first_serial() const override { return 0; }
  uint32_t last_serial() const override { return 0xffff; }
  size_t window() const override { return 32; }
  void begin() override { reader_.reset(); }
  std::optional<std::string> say(const wire::Saying& saying, uint32_t serial, Instant wall) override;
  std::vector<wire::Heard> hear(std::string_view bytes, Instant wall) override;
  size_t garbage_bytes() const override { return reader_.garbage_bytes(); }

  // What the centre's last order made of our clock.
  Duration clock_shift() const { return shift_; }

 private:
  FireTime time(Instant wall) const { return fire_time(wall + shift_, config_.utc_offset); }
  std::string frame(FrameCommand command, uint16_t serial, std::string data, Instant wall) const;
  std::string device_state(Instant wall) const;
  std::string alarm_unit(const AlarmMessage& message);
  wire::Heard hear_request(const Frame& frame, Instant wall);
  bool synchronise(const FireTime& clock, Instant wall);

  const GbtConfig config_;
  FrameReader reader_;
  std::set<IncidentId> fires_;  // told and not over: the fire bit of the device's state; forgotten by a restart
  Duration shift_{0};
};

}  // namespace bayward::fire
