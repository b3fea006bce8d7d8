#include "bay/agent/messages.h"

#include "bay/agent/bay.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

v201::BootReasonEnumType spell(BootReason reason) {
  switch (reason) {
    case BootReason::power_up:
      return v201::BootReasonEnumType::power_up;
    case BootReason::remote_reset:
      return v201::BootReasonEnumType::remote_reset;
    case BootReason::firmware_update:
      return v201::BootReasonEnumType::firmware_update;
    case BootReason::watchdog:
      return v201::BootReasonEnumType::watchdog;
    case BootReason::application_reset:
      return v201::BootReasonEnumType::application_reset;
  }
  return v201::BootReasonEnumType::unknown;
}

// The next boot's clock is held against it (Bay::time_believable).
void remember_time(Bay& bay) {
  const Instant now = bay.time();
  if (now >= bay.time_known && now - bay.time_known < 1h) return;
  bay.time_known = now;
  bay.line.write({{stored_time, std::to_string(unix_ms(now))}});
}

void set_clock(Bay& bay, Instant central_time) {
  const Duration wrong_by = bay.clock.told(central_time, bay.now);
  if (wrong_by > 1min || wrong_by < -1min) {
    log::warn("bay.clock_corrected", {{"seconds", wrong_by / 1s}});
  }
  remember_time(bay);
  bay.line.correct_times(wrong_by);
  bay.line.set_clock_sure();
  if (bay.transaction) bay.transaction->started_at += wrong_by;
  if (bay.reservation) bay.reservation->ends_up = bay.now.up + (bay.reservation->expiry - bay.time());
}

// Whoever connects anew tells what is so now (OCPP 2.0.1 B04, G01).
void tell_present(Bay& bay) {
  tell_status(bay, true);
  if (bay.sensed.occupied) {
    tell_sensed(bay, "BayOccupancySensor", "Active", *bay.sensed.occupied ? "true" : "false");
  }
}

void booted(Bay& bay, const ocpp::Json* answer) {
  if (!answer) {
    bay.boot_at = bay.now.up + 30s;
    return;
  }
  auto response = ocpp::decode<v201::BootNotificationResponse>(*answer);
  if (!response) {
    log::error("bay.boot_answer_unreadable", {{"why", response.error().text()}});
    bay.boot_at = bay.now.up + 60s;
    return;
  }
  set_clock(bay, response->current_time);
  const auto interval = std::chrono::seconds{std::clamp<int64_t>(response->interval, 0, 86'400)};
  bay.registered = response->status == v201::RegistrationStatusEnumType::accepted;
  bay.line.set_accepted(bay.registered);
  log::info("bay.boot_answered", {{"status", v201::to_text(response->status)}});
  if (!bay.registered) {
    // B02.FR.04, B03.FR.02: not before the interval; 0: when we like.
    bay.boot_at = bay.now.up + (interval > 0s ? Duration{interval} : 60s);
    return;
  }
  if (interval > 0s) bay.heartbeat_interval = interval;
  bay.heartbeat_at = bay.now.up + bay.heartbeat_interval;
  tell_present(bay);
  prove_firmware(bay);
}

}  // namespace

void tell_boot(Bay& bay) {
  bay.boot_at.reset();
  v201::BootNotificationRequest request;
  request.reason = bay.boot_triggered ? v201::BootReasonEnumType::triggered : spell(bay.config.boot_reason);
  bay.boot_triggered = false;
  request.charging_station.model = cut(bay.config.model, 20);
  request.charging_station.vendor_name = cut(bay.config.vendor, 50);
  if (!bay.config.serial_number.empty()) request.charging_station.serial_number = cut(bay.config.serial_number, 25);
  if (!bay.config.firmware_version.empty()) {
    request.charging_station.firmware_version = cut(bay.config.firmware_version, 50);
  }
  Said said = bay::said(request);
  said.boot = true;
  said.answered = [&bay](const ocpp::Json* answer) { booted(bay, answer); };
  bay.line.say(std::move(said));
}

void tell_heartbeat(Bay& bay) {
  bay.heartbeat_at = bay.now.up + bay.heartbeat_interval;
  Said said = bay::said(v201::HeartbeatRequest{});
  said.answered = [&bay](const ocpp::Json* answer) {
    if (!answer) return;
    if (auto response = ocpp::decode<v201::HeartbeatResponse>(*answer)) set_clock(bay, response->current_time);
  };
  bay.line.say(std::move(said));
}

v201::ConnectorStatusEnumType connector_status(const Bay& bay) {
  if (!bay.safety.latched.empty()) return v201::ConnectorStatusEnumType::faulted;
  if (bay.transaction || bay.sensed.plugged) return v201::ConnectorStatusEnumType::occupied;
  if (!bay.operative) return v201::ConnectorStatusEnumType::unavailable;
  if (bay.reservation) return v201::ConnectorStatusEnumType::reserved;
  return v201::ConnectorStatusEnumType::available;
}

void tell_status(Bay& bay, bool always) {
  const auto status = connector_status(bay);
  if (!always && (bay.told_status == status || !bay.online())) return;
  bay.told_status = status;
  v201::StatusNotificationRequest request;
  request.timestamp = bay.time();
  request.connector_status = status;
  request.evse_id = 1;
  request.connector_id = 1;
  bay.line.say(said(request));
}

void tell_security(Bay& bay, const std::string& type, const std::string& tech_info) {
  v201::SecurityEventNotificationRequest request;
  request.type = type;
  request.timestamp = bay.time();
  if (!tech_info.empty()) request.tech_info = cut(tech_info, 255);
  bay.line.say(said(request, Said::Keep::yes));
}

// OCPP 2.0.1 B01: once a start; afterwards the link may come and go without it.
void Bay::line_up() {
  line.set_accepted(registered);
  if (!registered) {
    boot_at = now.up;
    return;
  }
  tell_present(*this);
  tell_heartbeat(*this);
}

void Bay::line_down() {
  told_status.reset();
  if (!registered) boot_at = Uptime::min();
}

}  // namespace bayward::bay
