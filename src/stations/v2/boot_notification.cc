#include "stations/csms.h"
#include "stations/v2/actions.h"

namespace bayward::stations::v2 {
namespace {

types::RegistrationStatusEnumType status_of(const StationSession& session, Unknown unknown) {
  if (session.known()) return types::RegistrationStatusEnumType::accepted;
  return unknown == Unknown::rejected ? types::RegistrationStatusEnumType::rejected
                                      : types::RegistrationStatusEnumType::pending;
}

}  // namespace

// OCPP 2.0.1 B01, B02, B03.
Answered<types::BootNotificationResponse> boot_notification(StationSession& session,
                                                            const types::BootNotificationRequest& request) {
  const StationOptions& options = session.csms().options();
  types::BootNotificationResponse response;
  response.current_time = session.now();
  response.status = status_of(session, options.unknown);
  const Duration interval = session.known() ? options.heartbeat_interval : options.pending_interval;
  response.interval = std::chrono::floor<std::chrono::seconds>(interval).count();
  const types::ChargingStationType& station = request.charging_station;
  session.booted({station.vendor_name, station.model, station.serial_number.value_or(std::string{}),
                  station.firmware_version.value_or(std::string{})});
  return response;
}

}  // namespace bayward::stations::v2
