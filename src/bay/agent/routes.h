// What the central system may ask of a bay (OCPP 2.0.1), one function an action, in the files actions_*.cc.
#pragma once

#include "base/result.h"
#include "bay/agent/bay.h"
#include "ocpp/rpc/dialect.h"

namespace bayward::bay {

template <class Response>
using Answered = Result<Response, ocpp::CallError>;

#define BAYWARD_BAY_ACTION(name, Type) Answered<v201::Type##Response> name(Bay& bay, const v201::Type##Request& request)

// actions_charging.cc
BAYWARD_BAY_ACTION(cancel_reservation_now, CancelReservation);
BAYWARD_BAY_ACTION(clear_charging_profile, ClearChargingProfile);
BAYWARD_BAY_ACTION(get_charging_profiles, GetChargingProfiles);
BAYWARD_BAY_ACTION(get_composite_schedule, GetCompositeSchedule);
BAYWARD_BAY_ACTION(get_transaction_status, GetTransactionStatus);
BAYWARD_BAY_ACTION(request_start, RequestStartTransaction);
BAYWARD_BAY_ACTION(request_stop, RequestStopTransaction);
BAYWARD_BAY_ACTION(reserve_now, ReserveNow);
BAYWARD_BAY_ACTION(set_charging_profile, SetChargingProfile);
BAYWARD_BAY_ACTION(unlock_connector, UnlockConnector);

// actions_station.cc
BAYWARD_BAY_ACTION(change_availability, ChangeAvailability);
BAYWARD_BAY_ACTION(clear_cache, ClearCache);
BAYWARD_BAY_ACTION(clear_display_message, ClearDisplayMessage);
BAYWARD_BAY_ACTION(data_transfer, DataTransfer);
BAYWARD_BAY_ACTION(get_display_messages, GetDisplayMessages);
BAYWARD_BAY_ACTION(get_local_list_version, GetLocalListVersion);
BAYWARD_BAY_ACTION(reset, Reset);
BAYWARD_BAY_ACTION(send_local_list, SendLocalList);
BAYWARD_BAY_ACTION(set_display_message, SetDisplayMessage);
BAYWARD_BAY_ACTION(trigger_message, TriggerMessage);
BAYWARD_BAY_ACTION(update_firmware, UpdateFirmware);

// actions_model.cc
BAYWARD_BAY_ACTION(clear_variable_monitoring, ClearVariableMonitoring);
BAYWARD_BAY_ACTION(get_base_report, GetBaseReport);
BAYWARD_BAY_ACTION(get_monitoring_report, GetMonitoringReport);
BAYWARD_BAY_ACTION(get_report, GetReport);
BAYWARD_BAY_ACTION(get_variables, GetVariables);
BAYWARD_BAY_ACTION(set_monitoring_base, SetMonitoringBase);
BAYWARD_BAY_ACTION(set_monitoring_level, SetMonitoringLevel);
BAYWARD_BAY_ACTION(set_variable_monitoring, SetVariableMonitoring);
BAYWARD_BAY_ACTION(set_variables, SetVariables);

#undef BAYWARD_BAY_ACTION

// The local list as it was stored.
void recover_list(Bay& bay);
void recover_profiles(Bay& bay);

}  // namespace bayward::bay
