#include "site/uplink/hearing.h"

#include <algorithm>

#include "ocpp/rpc/codec.h"
#include "ocpp/v16/dialect.h"
#include "ocpp/v16/types.h"
#include "ocpp/v201/types.h"

namespace bayward::uplink {
namespace {

using site::BayDoing;

BayDoing doing_of(ocpp::v16::ChargePointStatus status) {
  using enum ocpp::v16::ChargePointStatus;
  switch (status) {
    case available:
      return BayDoing::idle;
    case preparing:
    case finishing:
      return BayDoing::occupied;
    case charging:
    case suspended_ev:
    case suspended_evse:
      return BayDoing::charging;
    case reserved:
      return BayDoing::reserved;
    case unavailable:
    case faulted:
      return BayDoing::faulted;
  }
  return BayDoing::unknown;
}

BayDoing doing_of(ocpp::v201::ConnectorStatusEnumType status) {
  using enum ocpp::v201::ConnectorStatusEnumType;
  switch (status) {
    case available:
      return BayDoing::idle;
    case occupied:
      return BayDoing::occupied;
    case reserved:
      return BayDoing::reserved;
    case unavailable:
    case faulted:
      return BayDoing::faulted;
  }
  return BayDoing::unknown;
}

// Ours, see docs/datatransfer.md.
std::optional<Heard> heard_transfer(const ocpp::v16::DataTransferRequest& request) {
  if (request.vendor_id != "org.bayward" || request.message_id != "BayOccupancy") return std::nullopt;
  const auto data = ocpp::parse_json(request.data.value_or(""));
  const ocpp::Json* connector = data ? data->find("connectorId") : nullptr;
  const ocpp::Json* occupied = data ? data->find("occupied") : nullptr;
  const auto number = connector && connector->as_number() ? connector->as_number()->scaled(0) : std::nullopt;
  if (!number || !occupied || !occupied->as_boolean()) return std::nullopt;
  return Heard{*number, std::nullopt, *occupied->as_boolean()};
}

std::vector<Heard> heard_v16(const ocpp::CallFrame& call) {
  namespace types = ocpp::v16;
  if (call.action == types::StatusNotificationRequest::action_name) {
    const auto request = ocpp::decode<types::StatusNotificationRequest>(call.payload);
    if (request) return {{request->connector_id, doing_of(request->status), std::nullopt}};
  }
  if (call.action == types::DataTransferRequest::action_name) {
    const auto request = ocpp::decode<types::DataTransferRequest>(call.payload);
    const auto heard = request ? heard_transfer(*request) : std::nullopt;
    if (heard) return {*heard};
  }
  return {};
}

std::vector<Heard> heard_events(const ocpp::v201::NotifyEventRequest& request) {
  std::vector<Heard> out;
  for (const auto& event : request.event_data) {
    const bool sensor = upper_case(event.component.name) == "BAYOCCUPANCYSENSOR";
    if (!sensor || !event.component.evse || upper_case(event.variable.name) != "ACTIVE") continue;
    const std::string value = upper_case(event.actual_value);
    out.push_back({event.component.evse->id, std::nullopt, value == "TRUE" || value == "1"});
  }
  return out;
}

std::vector<Heard> heard_v201(const ocpp::CallFrame& call) {
  namespace types = ocpp::v201;
  if (call.action == types::StatusNotificationRequest::action_name) {
    const auto request = ocpp::decode<types::StatusNotificationRequest>(call.payload);
    if (request) return {{request->evse_id, doing_of(request->connector_status), std::nullopt}};
  }
  if (call.action == types::NotifyEventRequest::action_name) {
    const auto request = ocpp::decode<types::NotifyEventRequest>(call.payload);
    if (request) return heard_events(*request);
  }
  if (call.action == types::TransactionEventRequest::action_name) {
    const auto request = ocpp::decode<types::TransactionEventRequest>(call.payload);
    const bool charges = request && request->transaction_info.charging_state == types::ChargingStateEnumType::charging;
    if (charges && request->evse) return {{request->evse->id, BayDoing::charging, std::nullopt}};
  }
  return {};
}

}  // namespace

std::vector<Heard> heard_in(const ocpp::Dialect& dialect, const ocpp::CallFrame& call) {
  return &dialect == &ocpp::v16::dialect() ? heard_v16(call) : heard_v201(call);
}

}  // namespace bayward::uplink
