#include <algorithm>

#include "ocpp/rpc/codec.h"
#include "ocpp/v16/dialect.h"
#include "ocpp/v16/types.h"
#include "site/uplink/local_answer.h"

namespace bayward::uplink {
namespace {

namespace types = ocpp::v16;
using ocpp::Json;

types::IdTagInfo id_tag_info(const Verdict& verdict) {
  types::IdTagInfo info;
  switch (verdict.standing) {
    case Standing::accepted:
      info.status = types::AuthorizationStatus::accepted;
      if (!verdict.group.empty()) info.parent_id_tag = verdict.group;
      break;
    case Standing::expired:
      info.status = types::AuthorizationStatus::expired;
      break;
    case Standing::unknown:
    case Standing::reserved:
      info.status = types::AuthorizationStatus::invalid;
      break;
  }
  return info;
}

std::string key_of(const types::StartTransactionRequest& start) {
  return std::to_string(start.connector_id) + ' ' + upper_case(start.id_tag) + ' ' + std::to_string(start.meter_start) +
         ' ' + std::to_string(unix_ms(start.timestamp));
}

types::RegistrationStatus status_of(BootState boot) {
  switch (boot) {
    case BootState::accepted:
      return types::RegistrationStatus::accepted;
    case BootState::pending:
      return types::RegistrationStatus::pending;
    case BootState::rejected:
      return types::RegistrationStatus::rejected;
  }
  return types::RegistrationStatus::accepted;
}

LocalAnswer boot(const StationMemory& memory, const LocalContext& context) {
  types::BootNotificationResponse response;
  response.status = status_of(memory.boot);
  response.current_time = context.now;
  response.interval = std::chrono::floor<std::chrono::seconds>(context.heartbeat).count();
  const bool known = memory.boot == BootState::accepted;
  return answer_with(response, known ? std::optional(Keep::status) : std::nullopt);
}

LocalAnswer start(StationMemory& memory, const LocalContext& context, const types::StartTransactionRequest& request) {
  const std::string key = key_of(request);
  const bool repeated = find_by_key(memory, key) != nullptr;
  const LocalTransaction* transaction = begin_transaction(memory, key);
  if (!transaction) return refuse("too many transactions are waiting for the platform");
  types::StartTransactionResponse response;
  response.transaction_id = transaction->local_id;
  response.id_tag_info = id_tag_info(judge_start(memory, context, {request.id_tag, request.connector_id}));
  if (request.reservation_id) forget_reservation(memory, *request.reservation_id);
  return answer_with(response, repeated ? std::nullopt : std::optional(Keep::always));
}

LocalAnswer stop(StationMemory& memory, Instant now, const types::StopTransactionRequest& request) {
  if (LocalTransaction* known = find_local(memory, request.transaction_id)) known->stopped = true;
  types::StopTransactionResponse response;
  if (request.id_tag) response.id_tag_info = id_tag_info(judge(memory, {*request.id_tag, 0}, now));
  return answer_with(response, Keep::always);
}

// What is taken at the boundaries of tariffs, and at the ends of a transaction, decides the bill.
bool decides_bill(const types::MeterValuesRequest& request) {
  const auto boundary = [](const types::SampledValue& one) {
    return one.context && *one.context != types::ReadingContext::sample_periodic;
  };
  return request.transaction_id &&
         std::any_of(request.meter_value.begin(), request.meter_value.end(), [&](const types::MeterValue& value) {
           return std::any_of(value.sampled_value.begin(), value.sampled_value.end(), boundary);
         });
}

// Ours (docs/datatransfer.md) reports from the bay; of others we know nothing.
LocalAnswer transfer(const types::DataTransferRequest& request) {
  types::DataTransferResponse response;
  const bool ours = request.vendor_id == "org.bayward";
  response.status = ours ? types::DataTransferStatus::accepted : types::DataTransferStatus::rejected;
  return answer_with(response, ours ? std::optional(Keep::always) : std::nullopt);
}

void heard_token(StationMemory& memory, const std::string& token, const types::IdTagInfo& info, Instant now) {
  if (info.status != types::AuthorizationStatus::accepted) return forget_token(memory, token);
  remember_token(memory, {token, info.parent_id_tag.value_or(""), info.expiry_date.value_or(now + token_life), false});
}

void heard_list(StationMemory& memory, const types::SendLocalListRequest& request) {
  if (request.update_type == types::UpdateType::full) {
    take_from_list(memory, {});
  }
  for (const types::AuthorizationData& entry :
       request.local_authorization_list.value_or(std::vector<types::AuthorizationData>{})) {
    const std::string token = upper_case(entry.id_tag);
    take_from_list(memory, token);
    if (!entry.id_tag_info) continue;
    if (entry.id_tag_info->status != types::AuthorizationStatus::accepted) {
      forget_token(memory, token);
      continue;
    }
    remember_token(memory, {token, entry.id_tag_info->parent_id_tag.value_or(""),
                            entry.id_tag_info->expiry_date.value_or(no_end), true});
  }
}

class ProtocolV16 final : public LocalProtocol {
 public:
  const ocpp::Dialect& dialect() const override { return ocpp::v16::dialect(); }

  LocalAnswer answer(StationMemory& memory, const LocalContext& context, std::string_view action,
                     const Json& request) const override {
    if (action == "Heartbeat") {
      return answer_with(types::HeartbeatResponse{.current_time = context.now}, std::nullopt);
    }
    if (action == "BootNotification") return boot(memory, context);
    if (action == "Authorize") {
      const auto asked = read<types::AuthorizeRequest>(request);
      return answer_with(types::AuthorizeResponse{.id_tag_info = id_tag_info(judge(
                                                      memory, {asked.id_tag, 0, context.clock_sure}, context.now))},
                         std::nullopt);
    }
    if (action == "StartTransaction") {
      return start(memory, context, read<types::StartTransactionRequest>(request));
    }
    if (action == "StopTransaction") return stop(memory, context.now, read<types::StopTransactionRequest>(request));
    if (action == "MeterValues") {
      return {"{}", decides_bill(read<types::MeterValuesRequest>(request)) ? Keep::always : Keep::sample};
    }
    if (action == "DataTransfer") return transfer(read<types::DataTransferRequest>(request));
    if (action == "SecurityEventNotification") return {"{}", Keep::always};
    for (const std::string_view status :
         {"StatusNotification", "FirmwareStatusNotification", "DiagnosticsStatusNotification", "LogStatusNotification",
          "SignedFirmwareStatusNotification"}) {
      if (action == status) return {"{}", Keep::status};
    }
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
      if (response) heard_token(memory, read<types::AuthorizeRequest>(call.request).id_tag, response->id_tag_info, now);
    }
    if (call.action == "StopTransaction") {
      forget_transaction(memory, read<types::StopTransactionRequest>(call.request).transaction_id);
    }
    if (call.action == "StartTransaction") return start_answered(memory, call, later, now);
    return std::nullopt;
  }

  void station_answered(StationMemory& memory, const PassedCall& call, Instant now) const override {
    if (!was_accepted(call.response)) return;
    if (call.action == "ReserveNow") {
      const auto request = ocpp::decode<types::ReserveNowRequest>(call.request);
      if (!request) return;
      remember_reservation(memory,
                           {request->reservation_id, request->connector_id, request->id_tag,
                            request->parent_id_tag.value_or(""), request->expiry_date},
                           now);
    }
    if (call.action == "CancelReservation") {
      const auto request = ocpp::decode<types::CancelReservationRequest>(call.request);
      if (request) forget_reservation(memory, request->reservation_id);
    }
    if (call.action == "RemoteStartTransaction") {
      const auto request = ocpp::decode<types::RemoteStartTransactionRequest>(call.request);
      if (request) remember_token(memory, {request->id_tag, "", now + remote_start_life, false});
    }
    if (call.action == "SendLocalList") {
      const auto request = ocpp::decode<types::SendLocalListRequest>(call.request);
      if (request) heard_list(memory, *request);
    }
  }

  bool translate_up(const StationMemory& memory, std::string_view action, Json& request) const override {
    if (action != "StopTransaction" && action != "MeterValues") return true;
    const auto id = integer_in(request, "transactionId");
    const LocalTransaction* known = id ? find_local(memory, *id) : nullptr;
    if (known && known->platform_id < 0) return false;
    if (known) set_integer(request, "transactionId", known->platform_id);
    return true;
  }

  void translate_down(const StationMemory& memory, std::string_view action, Json& request) const override {
    Json* place = &request;
    if (action == "SetChargingProfile") place = member(request, "csChargingProfiles");
    if (!place || (action != "SetChargingProfile" && action != "RemoteStopTransaction")) return;
    const auto id = integer_in(*place, "transactionId");
    const LocalTransaction* known = id ? find_by_platform(memory, *id) : nullptr;
    if (known) set_integer(*place, "transactionId", known->local_id);
  }

 private:
  static std::optional<OwnCall> start_answered(StationMemory& memory, const PassedCall& call, bool later, Instant now) {
    const auto response = ocpp::decode<types::StartTransactionResponse>(call.response);
    if (!response) return std::nullopt;
    const auto request = read<types::StartTransactionRequest>(call.request);
    heard_token(memory, request.id_tag, response->id_tag_info, now);
    LocalTransaction* begun = later ? find_by_key(memory, key_of(request)) : nullptr;
    if (!begun) return std::nullopt;
    begun->platform_id = response->transaction_id;
    const bool refused = response->id_tag_info.status != types::AuthorizationStatus::accepted;
    if (!refused || begun->stopped) return std::nullopt;
    const auto payload = ocpp::encode(types::RemoteStopTransactionRequest{.transaction_id = begun->local_id});
    return payload ? std::optional(OwnCall{"RemoteStopTransaction", *payload}) : std::nullopt;
  }
};

}  // namespace

const LocalProtocol& protocol_v16() {
  static const ProtocolV16 it;
  return it;
}

}  // namespace bayward::uplink
