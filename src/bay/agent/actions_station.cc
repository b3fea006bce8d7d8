// The station as a whole: availability, reset, local list, messages on the display, triggers, firmware (OCPP 2.0.1 B,
// D, F06, G, L, O, P).
#include <algorithm>

#include "base/limits.h"
#include "bay/agent/json.h"
#include "bay/agent/messages.h"
#include "bay/agent/routes.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

constexpr const char* stored_list = "local_list";
constexpr const char* our_vendor = "bayward";

v201::StatusInfoType because(const char* code, std::string text) {
  v201::StatusInfoType out;
  out.reason_code = code;
  out.additional_info = cut(std::move(text), 512);
  return out;
}

Listed listed_of(const v201::AuthorizationData& data) {
  Listed out;
  out.holder.token = data.id_token.id_token;
  out.holder.type = data.id_token.type;
  if (data.id_token_info) {
    const v201::IdTokenInfoType& info = *data.id_token_info;
    out.accepted = info.status == v201::AuthorizationStatusEnumType::accepted;
    out.expiry = info.cache_expiry_date_time;
    if (info.group_id_token) out.holder.group = info.group_id_token->id_token;
  }
  if (data.custom_data && data.custom_data->vendor_id == our_vendor) {
    for (const ocpp::JsonMember& member : data.custom_data->others) {
      const std::string* text = member.value.as_text();
      if (member.name == "notBefore" && text) out.not_before = parse_rfc3339(*text);
    }
  }
  return out;
}

std::string to_json(const Bay& bay) {
  ocpp::Json::Array entries;
  for (const Listed& one : bay.list) {
    entries.push_back(fields({
        {"token", text(one.holder.token)},
        {"group", text(one.holder.group)},
        {"accepted", number(one.accepted ? 1 : 0)},
        {"expiry", number(one.expiry ? unix_ms(*one.expiry) : 0)},
        {"not_before", number(one.not_before ? unix_ms(*one.not_before) : 0)},
    }));
  }
  return to_text(fields({{"version", number(bay.list_version)}, {"entries", ocpp::Json::array(std::move(entries))}}));
}

// D01.FR.05, D02: a differential entry without idTokenInfo removes the token.
void merge(std::vector<Listed>& list, const v201::AuthorizationData& data) {
  std::erase_if(list, [&](const Listed& known) { return known.holder.token == data.id_token.id_token; });
  if (data.id_token_info) list.push_back(listed_of(data));
}

}  // namespace

Answered<v201::SendLocalListResponse> send_local_list(Bay& bay, const v201::SendLocalListRequest& request) {
  v201::SendLocalListResponse response;
  const bool full = request.update_type == v201::UpdateEnumType::full;
  if (!full && request.version_number <= bay.list_version) {
    response.status = v201::SendLocalListStatusEnumType::version_mismatch;  // D01.FR.19
    return response;
  }
  std::vector<Listed> next = full ? std::vector<Listed>{} : bay.list;
  if (request.local_authorization_list) {
    for (const v201::AuthorizationData& data : *request.local_authorization_list) merge(next, data);
  }
  if (next.size() > limits::bay_local_list) {
    response.status = v201::SendLocalListStatusEnumType::failed;
    response.status_info = because("TooManyElements", "at most " + std::to_string(limits::bay_local_list));
    return response;
  }
  bay.list = std::move(next);
  bay.list_version = request.version_number;
  bay.line.write({{stored_list, to_json(bay)}});
  response.status = v201::SendLocalListStatusEnumType::accepted;
  return response;
}

Answered<v201::GetLocalListVersionResponse> get_local_list_version(Bay& bay, const v201::GetLocalListVersionRequest&) {
  v201::GetLocalListVersionResponse response;
  response.version_number = bay.list_version;
  return response;
}

void recover_list(Bay& bay) {
  const auto stored = bay.store.value(stored_list);
  const auto json = stored ? ocpp::parse_json(*stored) : Result<ocpp::Json, Error>(fail(""));
  if (!json) return;
  bay.list_version = number_of(*json, "version");
  const ocpp::Json* entries = json->find("entries");
  if (!entries || !entries->as_array()) return;
  for (const ocpp::Json& one : *entries->as_array()) {
    Listed entry;
    entry.holder.token = text_of(one, "token");
    entry.holder.group = text_of(one, "group");
    entry.accepted = number_of(one, "accepted") == 1;
    if (const int64_t expiry = number_of(one, "expiry")) entry.expiry = from_unix_ms(expiry);
    if (const int64_t from = number_of(one, "not_before")) entry.not_before = from_unix_ms(from);
    if (bay.list.size() < limits::bay_local_list) bay.list.push_back(std::move(entry));
  }
}

Answered<v201::ClearCacheResponse> clear_cache(Bay&, const v201::ClearCacheRequest&) {
  v201::ClearCacheResponse response;
  response.status = v201::ClearCacheStatusEnumType::rejected;  // C11.FR.04: there is no cache
  return response;
}

Answered<v201::DataTransferResponse> data_transfer(Bay&, const v201::DataTransferRequest&) {
  v201::DataTransferResponse response;
  response.status = v201::DataTransferStatusEnumType::unknown_vendor_id;
  return response;
}

Answered<v201::ChangeAvailabilityResponse> change_availability(Bay& bay,
                                                               const v201::ChangeAvailabilityRequest& request) {
  v201::ChangeAvailabilityResponse response;
  if (request.evse && request.evse->id > 1) {
    response.status = v201::ChangeAvailabilityStatusEnumType::rejected;
    return response;
  }
  if (bay.config.without_memory) {
    response.status = v201::ChangeAvailabilityStatusEnumType::rejected;
    return response;
  }
  bay.operative = request.operational_status == v201::OperationalStatusEnumType::operative;
  bay.line.write({{"operative", bay.operative ? "true" : "false"}});
  // A transaction goes on; nobody begins a new one (G03.FR.05).
  response.status = bay.transaction && !bay.operative ? v201::ChangeAvailabilityStatusEnumType::scheduled
                                                      : v201::ChangeAvailabilityStatusEnumType::accepted;
  return response;
}

Answered<v201::ResetResponse> reset(Bay& bay, const v201::ResetRequest& request) {
  v201::ResetResponse response;
  if (request.evse_id) {
    response.status = v201::ResetStatusEnumType::rejected;  // B11.FR.09: AllowReset is not offered for the EVSE
    return response;
  }
  if (request.type == v201::ResetEnumType::on_idle && bay.transaction) {
    bay.reset_on_idle = true;
    response.status = v201::ResetStatusEnumType::scheduled;
    return response;
  }
  if (bay.transaction)
    stop_charging(bay, v201::ReasonEnumType::immediate_reset, v201::TriggerReasonEnumType::reset_command);
  bay.restart_at = bay.now.up + 1s;
  response.status = v201::ResetStatusEnumType::accepted;
  return response;
}

Answered<v201::TriggerMessageResponse> trigger_message(Bay& bay, const v201::TriggerMessageRequest& request) {
  using Message = v201::MessageTriggerEnumType;
  v201::TriggerMessageResponse response;
  response.status = v201::TriggerMessageStatusEnumType::accepted;
  if (request.evse && request.evse->id > 1) {
    response.status = v201::TriggerMessageStatusEnumType::rejected;
    return response;
  }
  switch (request.requested_message) {
    case Message::boot_notification:
      if (bay.registered)
        response.status = v201::TriggerMessageStatusEnumType::rejected;  // F06.FR.17
      else
        bay.boot_triggered = true, bay.boot_at = bay.now.up;
      break;
    case Message::heartbeat:
      tell_heartbeat(bay);
      break;
    case Message::status_notification:
      tell_status(bay, true);
      break;
    case Message::transaction_event:
      if (bay.transaction) {
        tell_sample(bay, v201::TriggerReasonEnumType::trigger, v201::ReadingContextEnumType::trigger);
      } else {
        response.status = v201::TriggerMessageStatusEnumType::rejected;
      }
      break;
    case Message::meter_values: {
      v201::MeterValuesRequest values;
      values.evse_id = 1;
      values.meter_value = meter_values(bay, v201::ReadingContextEnumType::trigger);
      bay.line.say(said(values));
      break;
    }
    case Message::firmware_status_notification: {
      v201::FirmwareStatusNotificationRequest status;
      status.status = v201::FirmwareStatusEnumType::idle;
      bay.line.say(said(status));
      break;
    }
    default:
      response.status = v201::TriggerMessageStatusEnumType::not_implemented;
  }
  return response;
}

Answered<v201::SetDisplayMessageResponse> set_display_message(Bay& bay, const v201::SetDisplayMessageRequest& request) {
  using Status = v201::DisplayMessageStatusEnumType;
  using Format = v201::MessageFormatEnumType;
  v201::SetDisplayMessageResponse response;
  const v201::MessageInfoType& message = request.message;
  const bool plain = message.message.format == Format::ascii || message.message.format == Format::utf8;
  const bool known = std::any_of(bay.messages.begin(), bay.messages.end(),
                                 [&](const v201::MessageInfoType& other) { return other.id == message.id; });
  if (!plain) {
    response.status = Status::not_supported_message_format;  // O01.FR.07
  } else if (message.transaction_id && (!bay.transaction || bay.transaction->id != *message.transaction_id)) {
    response.status = Status::unknown_transaction;  // O02.FR.01
  } else if (!known && bay.messages.size() >= limits::bay_display_messages) {
    response.status = Status::rejected;
    response.status_info = because("TooManyElements", "clear one first");
  } else {
    std::erase_if(bay.messages, [&](const auto& other) { return other.id == message.id; });
    bay.messages.push_back(message);
    response.status = Status::accepted;
  }
  return response;
}

Answered<v201::ClearDisplayMessageResponse> clear_display_message(Bay& bay,
                                                                  const v201::ClearDisplayMessageRequest& request) {
  v201::ClearDisplayMessageResponse response;
  const size_t cleared = std::erase_if(bay.messages, [&](const auto& message) { return message.id == request.id; });
  response.status =
      cleared > 0 ? v201::ClearMessageStatusEnumType::accepted : v201::ClearMessageStatusEnumType::unknown;
  return response;
}

Answered<v201::GetDisplayMessagesResponse> get_display_messages(Bay& bay,
                                                                const v201::GetDisplayMessagesRequest& request) {
  v201::NotifyDisplayMessagesRequest report;
  report.request_id = request.request_id;
  auto& found = report.message_info.emplace();
  for (const v201::MessageInfoType& message : bay.messages) {
    if (request.id && std::find(request.id->begin(), request.id->end(), message.id) == request.id->end()) continue;
    if (request.priority && *request.priority != message.priority) continue;
    if (request.state && request.state != message.state) continue;
    found.push_back(message);
  }
  v201::GetDisplayMessagesResponse response;
  if (found.empty()) {
    response.status = v201::GetDisplayMessagesStatusEnumType::unknown;
    return response;
  }
  response.status = v201::GetDisplayMessagesStatusEnumType::accepted;
  bay.line.say(said(report));
  return response;
}

}  // namespace bayward::bay
