// ANSI/SIA DC-09 as a dialect, with DC-03 event codes: monitoring stations outside China. One message at a time, as
// DC-09 5.5 has it. With a key everything but NAK is encrypted, and an acknowledgement counts only when it is encrypted
// with that key and its time is ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/fire/sia_frame.h"
#include "connectors/wire/dialect.h"

namespace bayward::fire {

struct SiaConfig {
  std::string account = "0000";  // 3 to 16 hexadecimal digits, upper case
  std::string line = "0";        // 1 to 6 hexadecimal digits
  uint16_t area = 1;
  std::optional<SiaKey> key;
  RandomBytes random = random_bytes;
};
// Nothing wrong, or what is and what to do.
std::optional<std::string_view> defect(const SiaConfig& config);

// DC-03: alarm and restoral of such an incident.
struct SiaCodes {
  std::string_view alarm;
  std::string_view restoral;
};
SiaCodes sia_codes(core::IncidentKind kind);

class SiaDialect final : public wire::Dialect {
 public:
  explicit SiaDialect(SiaConfig config) : config_(std::move(config)) {}

  uint32_t first_serial() const override { return 1; }
  uint32_t last_serial() const override { return 9999; }
  size_t window() const override { return 1; }
  void begin() override { reader_.reset(); }
  std::optional<std::string> say(const wire::Saying& saying, uint32_t serial, Instant wall) override;
  std::vector<wire::Heard> hear(std::string_view bytes, Instant wall) override;
  size_t garbage_bytes() const override { return reader_.garbage_bytes(); }

 private:
  std::string frame(std::string_view id, uint32_t sequence, std::string_view data, Instant wall) const;
  wire::Heard hear(const SiaMessage& message, Instant wall) const;
  bool genuine(const SiaMessage& message, Instant wall) const;

  const SiaConfig config_;
  SiaReader reader_;
  uint32_t null_serial_ = 0;  // the link's serial of the supervision message, which has the sequence 0000
};

}  // namespace bayward::fire
