#include <algorithm>

#include "ocpp/rpc/codec.h"
#include "ocpp/v201/dialect.h"
#include "ocpp/v201/types.h"
#include "site/uplink/local_answer.h"

namespace bayward::uplink {
namespace {

namespace types = ocpp::v201;
using ocpp::Json;

types::IdTokenInfoType token_info(const Verdict& verdict) {
  types::IdTokenInfoType info;
  switch (verdict.standing) {
    case Standing::accepted:
      info.status = types::AuthorizationStatusEnumType::accepted;
      if (!verdict.group.empty()) {
        info.group_id_token = types::IdTokenType{.id_token = verdict.group, .type = types::IdTokenEnumType::central};
      }
      break;
    case Standing::expired:
      info.status = types::AuthorizationStatusEnumType::expired;
      break;
    case Standing::unknown:
      info.status = types::AuthorizationStatusEnumType::unknown;
      break;
    case Standing::reserved:
      info.status = types::AuthorizationStatusEnumType::not_at_this_time;
      break;
  }
  return info;
}

types::RegistrationStatusEnumType status_of(BootState boot) {
  switch (boot) {
    case BootState::accepted:
      return types::RegistrationStatusEnumType::accepted;
    case BootState::pending:
      return types::RegistrationStatusEnumType::pending;
    case BootState::rejected:
      return types::RegistrationStatusEnumType::rejected;
  }
  return types::RegistrationStatusEnumType::accepted;
}

LocalAnswer boot(const StationMemory& memory, const LocalContext& context) {
  types::BootNotificationResponse response;
  response.status = status_of(memory.boot);
  response.current_time = context.now;
  response.interval = std::chrono::floor<std::chrono::seconds>(context.heartbeat).count();
  const bool known = memory.boot == BootState::accepted;
  return answer_with(response, known ? std::optional(Keep::status) : std::nullopt);
}

bool boundary(const types::SampledValueType& one) {
  return one.context && *one.context != types::ReadingContextEnumType::sample_periodic;
}

// What is taken at the boundaries of tariffs, and at the ends of a transaction, decides the bill.
bool decides_bill(const std::optional<std::vector<types::MeterValueType>>& values) {
  return values && std::any_of(values->begin(), values->end(), [](const types::MeterValueType& value) {
           return std::any_of(value.sampled_value.begin(), value.sampled_value.end(), boundary);
         });
}

// OCPP 2.0.1 E01 to E15: the station names its transaction, so there is nothing to translate.
LocalAnswer transaction_event(StationMemory& memory, const LocalContext& context,
                              const types::TransactionEventRequest& event) {
  types::TransactionEventResponse response;
  if (event.id_token) {
    const int64_t evse = event.evse ? event.evse->id : 0;
    response.id_token_info = token_info(judge_start(memory, context, {event.id_token->id_token, evse}));
  }
  if (event.reservation_id) forget_reservation(memory, *event.reservation_id);
  const bool sample = event.event_type == types::TransactionEventEnumType::updated && !event.id_token &&
                      event.trigger_reason == types::TriggerReasonEnumType::meter_value_periodic &&
                      !decides_bill(event.meter_value);
  return answer_with(response, sample ? Keep::sample : Keep::always);
}

bool is_one_of(std::string_view action, std::initializer_list<std::string_view> actions) {
  return std::find(actions.begin(), actions.end(), action) != actions.end();
}

// Only taken note of, by the platform later.
std::optional<LocalAnswer> note(std::string_view action) {
  if (is_one_of(action, {"NotifyEvent", "SecurityEventNotification"})) return LocalAnswer{"{}", Keep::always};
  if (is_one_of(action,
                {"StatusNotification", "FirmwareStatusNotification", "LogStatusNotification", "NotifyReport",
                 "NotifyMonitoringReport", "NotifyDisplayMessages", "NotifyCustomerInformation", "NotifyChargingLimit",
                 "ClearedChargingLimit", "ReportChargingProfiles", "PublishFirmwareStatusNotification"})) {
    return LocalAnswer{"{}", Keep::status};
  }
  return std::nullopt;
}

void heard_token(StationMemory& memory, const types::IdTokenType& token, const types::IdTokenInfoType& info,
                 Instant now) {
  if (token.id_token.empty()) return;
  if (info.status != types::AuthorizationStatusEnumType::accepted) return forget_token(memory, token.id_token);
  remember_token(memory, {token.id_token, info.group_id_token ? info.group_id_token->id_token : "",
                          info.cache_expiry_date_time.value_or(now + token_life), false});
}

// Our platform's word beside the list, which has no beginnings (stations/v201/routes.cc).
Instant not_before(const types::AuthorizationData& entry) {
  if (!entry.custom_data || entry.custom_data->vendor_id != "bayward") return {};
  for (const ocpp::JsonMember& one : entry.custom_data->others) {
    if (one.name == "notBefore" && one.value.as_text()) return parse_rfc3339(*one.value.as_text()).value_or(Instant{});
  }
  return {};
}

void heard_list(StationMemory& memory, const types::SendLocalListRequest& request) {
  if (request.update_type == types::UpdateEnumType::full) {
    take_from_list(memory, {});
  }
  for (const types::AuthorizationData& entry :
       request.local_authorization_list.value_or(std::vector<types::AuthorizationData>{})) {
    const std::string token = upper_case(entry.id_token.id_token);
    take_from_list(memory, token);
    const auto& info = entry.id_token_info;
    if (!info) continue;
    if (info->status != types::AuthorizationStatusEnumType::accepted) {
      forget_token(memory, token);
      continue;
    }
    remember_token(memory, {token, info->group_id_token ? info->group_id_token->id_token : "",
                            info->cache_expiry_date_time.value_or(no_end), true, not_before(entry)});
  }
}

class ProtocolV201 final : public LocalProtocol {
 public:
  const ocpp::Dialect& dialect() const override { return ocpp::v201::dialect(); }

  LocalAnswer answer(StationMemory& memory, const LocalContext& context, std::string_view action,
                     const Json& request) const override {
    if (action == "Heartbeat") {
      return answer_with(types::HeartbeatResponse{.current_time = context.now}, std::nullopt);
    }
    if (action == "BootNotification") return boot(memory, context);
    if (action == "Authorize") {
      const auto asked = read<types::AuthorizeRequest>(request);
      types::AuthorizeResponse response;
      response.id_token_info = token_info(judge(memory, {asked.id_token.id_token, 0, context.clock_sure}, context.now));
      return answer_with(response, std::nullopt);
    }
    if (action == "TransactionEvent") {
      return transaction_event(memory, context, read<types::TransactionEventRequest>(request));
    }
    if (action == "MeterValues") {
      const auto values = read<types::MeterValuesRequest>(request);
      return {"{}", decides_bill(values.meter_value) ? Keep::always : Keep::sample};
    }
    if (action == "ReservationStatusUpdate") {
      forget_reservation(memory, read<types::ReservationStatusUpdateRequest>(request).reservation_id);
      return {"{}", Keep::always};
    }
    if (action == "DataTransfer") {
      return answer_with(types::DataTransferResponse{.status = types::DataTransferStatusEnumType::unknown_vendor_id},
                         std::nullopt);
    }
    if (auto noted = note(action)) return *std::move(noted);
    return refuse("the platform is not connected, and only it can answer this");
  }

  std::optional<OwnCall> platform_answered(StationMemory& memory, const PassedCall& call, bool later,
                                           Instant now) const override {
    if (call.action == "BootNotification") {
      const auto response = ocpp::decode<types::BootNotificationResponse>(call.response);
      if (response) memory.boot = static_cast<BootState>(response->status);
    }
    if (call.action == "Authorize") {
      const auto response = ocpp::decode<types::AuthorizeResponse>(call.response);
      if (response) {
        heard_token(memory, read<types::AuthorizeRequest>(call.request).id_token, response->id_token_info, now);
      }
    }
    if (call.action == "TransactionEvent") return event_answered(memory, call, later, now);
    return std::nullopt;
  }

  void station_answered(StationMemory& memory, const PassedCall& call, Instant now) const override {
    if (!was_accepted(call.response)) return;
    if (call.action == "ReserveNow") {
      const auto request = ocpp::decode<types::ReserveNowRequest>(call.request);
      if (!request) return;
      remember_reservation(
          memory,
          {request->id, request->evse_id.value_or(0), request->id_token.id_token,
           request->group_id_token ? request->group_id_token->id_token : "", request->expiry_date_time},
          now);
    }
    if (call.action == "CancelReservation") {
      const auto request = ocpp::decode<types::CancelReservationRequest>(call.request);
      if (request) forget_reservation(memory, request->reservation_id);
    }
    if (call.action == "RequestStartTransaction") {
      const auto request = ocpp::decode<types::RequestStartTransactionRequest>(call.request);
      if (request) remember_token(memory, {request->id_token.id_token, "", now + remote_start_life, false});
    }
    if (call.action == "SendLocalList") {
      const auto request = ocpp::decode<types::SendLocalListRequest>(call.request);
      if (request) heard_list(memory, *request);
    }
  }

  bool translate_up(const StationMemory&, std::string_view, Json&) const override { return true; }
  void translate_down(const StationMemory&, std::string_view, Json&) const override {}

 private:
  static std::optional<OwnCall> event_answered(StationMemory& memory, const PassedCall& call, bool later, Instant now) {
    const auto response = ocpp::decode<types::TransactionEventResponse>(call.response);
    const auto request = read<types::TransactionEventRequest>(call.request);
    if (!response || !response->id_token_info || !request.id_token) return std::nullopt;
    heard_token(memory, *request.id_token, *response->id_token_info, now);
    const bool accepted = response->id_token_info->status == types::AuthorizationStatusEnumType::accepted;
    if (accepted || !later || request.event_type == types::TransactionEventEnumType::ended) return std::nullopt;
    const types::RequestStopTransactionRequest stop{.transaction_id = request.transaction_info.transaction_id};
    const auto payload = ocpp::encode(stop);
    return payload ? std::optional(OwnCall{"RequestStopTransaction", *payload}) : std::nullopt;
  }
};

}  // namespace

const LocalProtocol& protocol_v201() {
  static const ProtocolV201 it;
  return it;
}

}  // namespace bayward::uplink
