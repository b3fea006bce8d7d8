#include "stations/csms.h"
#include "stations/v16/actions.h"

namespace bayward::stations::v16 {
namespace {

types::RegistrationStatus status_of(const StationSession& session, Unknown unknown) {
  if (session.known()) return types::RegistrationStatus::accepted;
  return unknown == Unknown::rejected ? types::RegistrationStatus::rejected : types::RegistrationStatus::pending;
}

}  // namespace

// OCPP 1.6 4.2.
Answered<types::BootNotificationResponse> boot_notification(StationSession& session,
                                                            const types::BootNotificationRequest& request) {
  const StationOptions& options = session.csms().options();
  types::BootNotificationResponse response;
  response.current_time = session.now();
  response.status = status_of(session, options.unknown);
  const Duration interval = session.known() ? options.heartbeat_interval : options.pending_interval;
  response.interval = std::chrono::floor<std::chrono::seconds>(interval).count();
  const std::string serial =
      request.charge_point_serial_number.value_or(request.charge_box_serial_number.value_or(std::string{}));
  session.booted({request.charge_point_vendor, request.charge_point_model, serial,
                  request.firmware_version.value_or(std::string{})});
  return response;
}

}  // namespace bayward::stations::v16
