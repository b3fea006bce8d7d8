#include "bay/agent/routes.h"

#include "ocpp/v201/dialect.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

constexpr ocpp::Route<Bay> routes[] = {
    ocpp::answered_by<&cancel_reservation_now>(),
    ocpp::answered_by<&change_availability>(),
    ocpp::answered_by<&clear_cache>(),
    ocpp::answered_by<&clear_charging_profile>(),
    ocpp::answered_by<&clear_display_message>(),
    ocpp::answered_by<&clear_variable_monitoring>(),
    ocpp::answered_by<&data_transfer>(),
    ocpp::answered_by<&get_base_report>(),
    ocpp::answered_by<&get_charging_profiles>(),
    ocpp::answered_by<&get_composite_schedule>(),
    ocpp::answered_by<&get_display_messages>(),
    ocpp::answered_by<&get_local_list_version>(),
    ocpp::answered_by<&get_monitoring_report>(),
    ocpp::answered_by<&get_report>(),
    ocpp::answered_by<&get_transaction_status>(),
    ocpp::answered_by<&get_variables>(),
    ocpp::answered_by<&request_start>(),
    ocpp::answered_by<&request_stop>(),
    ocpp::answered_by<&reserve_now>(),
    ocpp::answered_by<&reset>(),
    ocpp::answered_by<&send_local_list>(),
    ocpp::answered_by<&set_charging_profile>(),
    ocpp::answered_by<&set_display_message>(),
    ocpp::answered_by<&set_monitoring_base>(),
    ocpp::answered_by<&set_monitoring_level>(),
    ocpp::answered_by<&set_variable_monitoring>(),
    ocpp::answered_by<&set_variables>(),
    ocpp::answered_by<&trigger_message>(),
    ocpp::answered_by<&unlock_connector>(),
    ocpp::answered_by<&update_firmware>(),
};

}  // namespace

ocpp::Reply Bay::serve(const ocpp::IncomingCall& call) {
  log::debug("bay.asked", {{"action", call.action}});
  return ocpp::serve<Bay>(ocpp::v201::dialect(), routes, *this, call);
}

}  // namespace bayward::bay
