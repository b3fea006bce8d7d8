#include "stations/staff_call.h"

#include <algorithm>

#include "base/limits.h"
#include "ocpp/rpc/json.h"
#include "ocpp/rpc/schema.h"

namespace bayward::stations {
namespace {

// In every version: what a station calls and a central system answers.
constexpr std::string_view of_stations[] = {
    "Authorize",
    "BatterySwap",
    "BootNotification",
    "ClearedChargingLimit",
    "ClosePeriodicEventStream",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Get15118EVCertificate",
    "GetCertificateChainStatus",
    "GetCertificateStatus",
    "Heartbeat",
    "LogStatusNotification",
    "MeterValues",
    "NotifyChargingLimit",
    "NotifyCustomerInformation",
    "NotifyDERAlarm",
    "NotifyDERStartStop",
    "NotifyDisplayMessages",
    "NotifyEVChargingNeeds",
    "NotifyEVChargingSchedule",
    "NotifyEvent",
    "NotifyMonitoringReport",
    "NotifyPeriodicEventStream",
    "NotifyPriorityCharging",
    "NotifyReport",
    "NotifySettlement",
    "OpenPeriodicEventStream",
    "PublishFirmwareStatusNotification",
    "PullDynamicScheduleUpdate",
    "ReportChargingProfiles",
    "ReportDERControl",
    "ReservationStatusUpdate",
    "SecurityEventNotification",
    "SignCertificate",
    "SignedFirmwareStatusNotification",
    "StartTransaction",
    "StatusNotification",
    "StopTransaction",
    "TransactionEvent",
    "VatNumberValidation",
};

}  // namespace

Result<std::vector<Draft>, Error> call_of(const ocpp::Dialect& dialect, const CallStation& order) {
  const std::string version(dialect.subprotocol);
  const ocpp::Action* action = ocpp::find_action(dialect, order.action);
  if (action == nullptr) return fail(version + " has no action " + order.action);
  if (std::binary_search(std::begin(of_stations), std::end(of_stations), order.action)) {
    return fail(order.action + " is called by stations, not by a central system");
  }
  if (order.payload.size() > limits::station_call_payload_bytes) return fail("the payload is too long");
  const auto payload = ocpp::parse_json(order.payload);
  if (!payload) return fail("the payload is no JSON");
  if (const auto violation = ocpp::validate(*action->request, *payload)) {
    return fail(order.action + " of " + version + ": " + violation->text());
  }
  return std::vector<Draft>{Draft{order.action, ocpp::to_text(*payload)}};
}

std::optional<int64_t> report_asked_for(const CallStation& order) {
  const auto payload = ocpp::parse_json(order.payload);
  const ocpp::Json* request = payload ? payload->find("requestId") : nullptr;
  const ocpp::Decimal* number = request ? request->as_number() : nullptr;
  return number ? number->scaled(0) : std::nullopt;
}

bool wants_payload(const StationOrder& order) {
  return std::holds_alternative<CallStation>(order) || std::holds_alternative<ListCertificates>(order);
}

}  // namespace bayward::stations
