// What an agent is told once, at its start. A plain value; apps/bay reads it from a file, the town makes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "bay/safety/machine.h"

namespace bayward::bay {

enum class Language : uint8_t { english, chinese };

enum class BootReason : uint8_t { power_up, remote_reset, firmware_update, watchdog, application_reset };

struct AgentConfig {
  std::string identity;  // of the charging station
  std::string vendor = "Bayward";
  std::string model = "Bay";
  std::string serial_number;
  std::string firmware_version;
  std::string address;  // of the site, as people say it
  std::string bay_label;
  Language language = Language::english;
  std::string connector_type = "cType2";  // OCPP 2.0.1 appendix, ConnectorEnumType
  int64_t security_profile = 1;           // OCPP 2.0.1 A00.FR: as apps/bay dials
  safety::Config safety;
  // The contactor opens by itself when it has heard nothing for so long.
  Duration watchdog{250ms};
  BootReason boot_reason = BootReason::power_up;
  // What was latched cannot be read (the store is in memory): out of service in this boot, whatever anybody says.
  bool without_memory = false;
};

}  // namespace bayward::bay
