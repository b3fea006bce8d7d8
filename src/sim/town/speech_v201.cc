#include "ocpp/v201/dialect.h"
#include "ocpp/v201/types.h"
#include "sim/town/speech.h"

namespace bayward::town {
namespace {

namespace v201 = ocpp::v201;
using ocpp::CallError;
using ocpp::Decimal;
using ocpp::Json;

template <ocpp::Request R>
Said said(const R& request) {
  auto payload = ocpp::encode(request);
  BAYWARD_CHECK(payload.ok());  // what the town's stations say fits the schema
  return {R::action_name, std::move(*payload)};
}

v201::IdTokenType spell(const Token& token) {
  v201::IdTokenType out;
  out.id_token = token.text;
  out.type = ocpp::from_text<v201::IdTokenEnumType>(token.kind).value_or(v201::IdTokenEnumType::central);
  return out;
}
Token read(const v201::IdTokenType& token) {
  return {token.id_token, std::string(to_text(token.type))};
}

v201::ConnectorStatusEnumType spell(PointStatus status) {
  switch (status) {
    case PointStatus::available:
      return v201::ConnectorStatusEnumType::available;
    case PointStatus::reserved:
      return v201::ConnectorStatusEnumType::reserved;
    case PointStatus::unavailable:
      return v201::ConnectorStatusEnumType::unavailable;
    default:
      return v201::ConnectorStatusEnumType::occupied;
  }
}

v201::ReasonEnumType spell(StopReason reason) {
  switch (reason) {
    case StopReason::local:
      return v201::ReasonEnumType::local;
    case StopReason::remote:
      return v201::ReasonEnumType::remote;
    case StopReason::ev_disconnected:
      return v201::ReasonEnumType::ev_disconnected;
    case StopReason::de_authorized:
      return v201::ReasonEnumType::de_authorized;
    case StopReason::reboot:
      return v201::ReasonEnumType::reboot;
  }
  return v201::ReasonEnumType::other;
}

v201::TriggerReasonEnumType trigger_of(StopReason reason) {
  switch (reason) {
    case StopReason::local:
      return v201::TriggerReasonEnumType::stop_authorized;
    case StopReason::remote:
      return v201::TriggerReasonEnumType::remote_stop;
    case StopReason::ev_disconnected:
      return v201::TriggerReasonEnumType::ev_communication_lost;
    case StopReason::de_authorized:
      return v201::TriggerReasonEnumType::deauthorized;
    case StopReason::reboot:
      return v201::TriggerReasonEnumType::reset_command;
  }
  return v201::TriggerReasonEnumType::abnormal_condition;
}

v201::ReadingContextEnumType spell(SampleContext context) {
  switch (context) {
    case SampleContext::begin:
      return v201::ReadingContextEnumType::transaction_begin;
    case SampleContext::periodic:
      return v201::ReadingContextEnumType::sample_periodic;
    case SampleContext::clock:
      return v201::ReadingContextEnumType::sample_clock;
    case SampleContext::end:
      return v201::ReadingContextEnumType::transaction_end;
  }
  return v201::ReadingContextEnumType::other;
}

v201::MeterValueType meter_value(const Sample& sample) {
  v201::SampledValueType energy;
  energy.value = Decimal::of(sample.register_wh);
  energy.context = spell(sample.context);
  energy.measurand = v201::MeasurandEnumType::energy_active_import_register;
  energy.unit_of_measure.emplace().unit = "Wh";
  v201::SampledValueType power = energy;
  power.value = Decimal::of(sample.power_w);
  power.measurand = v201::MeasurandEnumType::power_active_import;
  power.unit_of_measure->unit = "W";
  v201::MeterValueType value;
  value.timestamp = sample.at;
  value.sampled_value = {energy, power};
  return value;
}

v201::TransactionEventRequest event_of(const Transaction& transaction, v201::TransactionEventEnumType type,
                                       v201::TriggerReasonEnumType trigger, const Sample& sample) {
  v201::TransactionEventRequest request;
  request.event_type = type;
  request.trigger_reason = trigger;
  request.timestamp = sample.at;
  request.meter_value.emplace().push_back(meter_value(sample));
  request.transaction_info.transaction_id = transaction.id;
  request.transaction_info.remote_start_id = transaction.remote_start;
  return request;
}

// A sensor of a bay has told something (OCPP 2.0.1 N07).
Said sensed(int32_t evse, const std::string& component, const std::string& variable, std::string value, Instant at) {
  v201::EventDataType event;
  event.event_id = unix_ms(at) % 2'000'000'000;
  event.timestamp = at;
  event.trigger = v201::EventTriggerEnumType::delta;
  event.actual_value = std::move(value);
  event.event_notification_type = v201::EventNotificationEnumType::hard_wired_notification;
  event.component.name = component;
  event.component.evse.emplace().id = evse;
  event.variable.name = variable;
  v201::NotifyEventRequest request;
  request.generated_at = at;
  request.event_data = {event};
  return said(request);
}

// ---- what the platform asks ----

template <class T>
using Answered = Result<T, CallError>;

bool same(std::string_view a, std::string_view b) {  // names are not case-sensitive (OCPP 2.0.1 part 1, 4.1)
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

struct FoundSetting {
  Setting* setting = nullptr;
  bool component_known = false;
};
FoundSetting find(ChargePoint& station, const v201::ComponentType& component, const v201::VariableType& variable) {
  FoundSetting found;
  for (Setting& setting : station.settings()) {
    if (!same(setting.component, component.name)) continue;
    found.component_known = true;
    if (same(setting.name, variable.name)) found.setting = &setting;
  }
  return found;
}

Answered<v201::CancelReservationResponse> cancel_reservation(ChargePoint& station,
                                                             const v201::CancelReservationRequest& request) {
  v201::CancelReservationResponse response;
  response.status = station.cancel_reservation(request.reservation_id)
                        ? v201::CancelReservationStatusEnumType::accepted
                        : v201::CancelReservationStatusEnumType::rejected;
  return response;
}

Answered<v201::ChangeAvailabilityResponse> change_availability(ChargePoint& station,
                                                               const v201::ChangeAvailabilityRequest& request) {
  const auto evse = static_cast<int32_t>(request.evse ? request.evse->id : 0);
  const bool done =
      station.set_operative(evse, request.operational_status == v201::OperationalStatusEnumType::operative);
  v201::ChangeAvailabilityResponse response;
  response.status =
      done ? v201::ChangeAvailabilityStatusEnumType::accepted : v201::ChangeAvailabilityStatusEnumType::rejected;
  return response;
}

Answered<v201::ClearCacheResponse> clear_cache(ChargePoint&, const v201::ClearCacheRequest&) {
  return v201::ClearCacheResponse{};
}

Answered<v201::DataTransferResponse> data_transfer(ChargePoint&, const v201::DataTransferRequest&) {
  v201::DataTransferResponse response;
  response.status = v201::DataTransferStatusEnumType::unknown_vendor_id;
  return response;
}

Answered<v201::GetLocalListVersionResponse> get_local_list_version(ChargePoint& station,
                                                                   const v201::GetLocalListVersionRequest&) {
  v201::GetLocalListVersionResponse response;
  response.version_number = station.local_list_version;
  return response;
}

Answered<v201::GetTransactionStatusResponse> get_transaction_status(ChargePoint& station,
                                                                    const v201::GetTransactionStatusRequest& request) {
  v201::GetTransactionStatusResponse response;
  if (request.transaction_id) response.ongoing_indicator = station.has_open(*request.transaction_id);
  response.messages_in_queue = !station.link().idle();
  return response;
}

Answered<v201::GetVariablesResponse> get_variables(ChargePoint& station, const v201::GetVariablesRequest& request) {
  v201::GetVariablesResponse response;
  for (const v201::GetVariableDataType& wanted : request.get_variable_data) {
    const FoundSetting found = find(station, wanted.component, wanted.variable);
    v201::GetVariableResultType result;
    result.attribute_type = wanted.attribute_type;
    result.component = wanted.component;
    result.variable = wanted.variable;
    if (wanted.attribute_type.value_or(v201::AttributeEnumType::actual) != v201::AttributeEnumType::actual) {
      result.attribute_status = v201::GetVariableStatusEnumType::not_supported_attribute_type;
    } else if (found.setting) {
      result.attribute_status = v201::GetVariableStatusEnumType::accepted;
      result.attribute_value = found.setting->value;
    } else {
      result.attribute_status = found.component_known ? v201::GetVariableStatusEnumType::unknown_variable
                                                      : v201::GetVariableStatusEnumType::unknown_component;
    }
    response.get_variable_result.push_back(std::move(result));
  }
  return response;
}

Answered<v201::RequestStartTransactionResponse> request_start(ChargePoint& station,
                                                              const v201::RequestStartTransactionRequest& request) {
  const auto evse = static_cast<int32_t>(request.evse_id.value_or(0));
  const bool done = station.remote_start(evse, read(request.id_token), request.remote_start_id);
  v201::RequestStartTransactionResponse response;
  response.status =
      done ? v201::RequestStartStopStatusEnumType::accepted : v201::RequestStartStopStatusEnumType::rejected;
  if (done && evse > 0 && station.evse(evse).transaction) response.transaction_id = station.evse(evse).transaction->id;
  return response;
}

Answered<v201::RequestStopTransactionResponse> request_stop(ChargePoint& station,
                                                            const v201::RequestStopTransactionRequest& request) {
  v201::RequestStopTransactionResponse response;
  response.status = station.remote_stop(request.transaction_id, 0) ? v201::RequestStartStopStatusEnumType::accepted
                                                                   : v201::RequestStartStopStatusEnumType::rejected;
  return response;
}

Answered<v201::ReserveNowResponse> reserve_now(ChargePoint& station, const v201::ReserveNowRequest& request) {
  Reservation reservation{request.id, read(request.id_token),
                          request.group_id_token ? request.group_id_token->id_token : "", request.expiry_date_time};
  v201::ReserveNowResponse response;
  switch (station.reserve(static_cast<int32_t>(request.evse_id.value_or(1)), std::move(reservation))) {
    case ReserveAnswer::accepted:
      response.status = v201::ReserveNowStatusEnumType::accepted;
      break;
    case ReserveAnswer::occupied:
      response.status = v201::ReserveNowStatusEnumType::occupied;
      break;
    case ReserveAnswer::unavailable:
      response.status = v201::ReserveNowStatusEnumType::unavailable;
      break;
    case ReserveAnswer::rejected:
      response.status = v201::ReserveNowStatusEnumType::rejected;
      break;
  }
  return response;
}

Answered<v201::ResetResponse> reset(ChargePoint& station, const v201::ResetRequest&) {
  station.reset();
  return v201::ResetResponse{};
}

Answered<v201::SendLocalListResponse> send_local_list(ChargePoint& station, const v201::SendLocalListRequest& request) {
  auto& list = station.local_list();
  if (request.update_type == v201::UpdateEnumType::full) list.clear();
  for (const v201::AuthorizationData& entry :
       request.local_authorization_list.value_or(std::vector<v201::AuthorizationData>{})) {
    const bool accepted =
        entry.id_token_info && entry.id_token_info->status == v201::AuthorizationStatusEnumType::accepted;
    if (accepted) {
      list.insert(entry.id_token.id_token);
    } else {
      list.erase(entry.id_token.id_token);
    }
  }
  station.local_list_version = request.version_number;
  return v201::SendLocalListResponse{};
}

Answered<v201::SetVariablesResponse> set_variables(ChargePoint& station, const v201::SetVariablesRequest& request) {
  v201::SetVariablesResponse response;
  for (const v201::SetVariableDataType& wanted : request.set_variable_data) {
    const FoundSetting found = find(station, wanted.component, wanted.variable);
    v201::SetVariableResultType result;
    result.attribute_type = wanted.attribute_type;
    result.component = wanted.component;
    result.variable = wanted.variable;
    if (!found.setting) {
      result.attribute_status = found.component_known ? v201::SetVariableStatusEnumType::unknown_variable
                                                      : v201::SetVariableStatusEnumType::unknown_component;
    } else if (found.setting->read_only) {
      result.attribute_status = v201::SetVariableStatusEnumType::rejected;
    } else {
      found.setting->value = wanted.attribute_value;
      result.attribute_status = v201::SetVariableStatusEnumType::accepted;
    }
    response.set_variable_result.push_back(std::move(result));
  }
  station.settings_changed();
  return response;
}

Answered<v201::TriggerMessageResponse> trigger_message(ChargePoint& station,
                                                       const v201::TriggerMessageRequest& request) {
  const auto one = static_cast<int32_t>(request.evse ? request.evse->id : 0);
  v201::TriggerMessageResponse response;
  if (one != 0 && !station.knows(one)) {
    response.status = v201::TriggerMessageStatusEnumType::rejected;
    return response;
  }
  switch (request.requested_message) {
    case v201::MessageTriggerEnumType::boot_notification:
      station.send_boot();
      break;
    case v201::MessageTriggerEnumType::heartbeat:
      station.send_heartbeat();
      break;
    case v201::MessageTriggerEnumType::status_notification:
      for (int32_t evse = 1; station.knows(evse); ++evse) {
        if (one == 0 || one == evse) station.send_status(evse);
      }
      break;
    case v201::MessageTriggerEnumType::meter_values:
    case v201::MessageTriggerEnumType::transaction_event:
      for (int32_t evse = 1; station.knows(evse); ++evse) {
        if (one == 0 || one == evse) station.send_sample(evse);
      }
      break;
    default:
      response.status = v201::TriggerMessageStatusEnumType::not_implemented;
  }
  return response;
}

Answered<v201::UnlockConnectorResponse> unlock_connector(ChargePoint& station,
                                                         const v201::UnlockConnectorRequest& request) {
  const auto evse = static_cast<int32_t>(request.evse_id);
  v201::UnlockConnectorResponse response;
  if (!station.knows(evse)) {
    response.status = v201::UnlockStatusEnumType::unknown_connector;
  } else if (station.evse(evse).transaction) {
    response.status = v201::UnlockStatusEnumType::ongoing_authorized_transaction;
  }
  return response;
}

constexpr ocpp::Route<ChargePoint> routes[] = {
    ocpp::answered_by<&cancel_reservation>(),
    ocpp::answered_by<&change_availability>(),
    ocpp::answered_by<&clear_cache>(),
    ocpp::answered_by<&data_transfer>(),
    ocpp::answered_by<&get_local_list_version>(),
    ocpp::answered_by<&get_transaction_status>(),
    ocpp::answered_by<&get_variables>(),
    ocpp::answered_by<&request_start>(),
    ocpp::answered_by<&request_stop>(),
    ocpp::answered_by<&reserve_now>(),
    ocpp::answered_by<&reset>(),
    ocpp::answered_by<&send_local_list>(),
    ocpp::answered_by<&set_variables>(),
    ocpp::answered_by<&trigger_message>(),
    ocpp::answered_by<&unlock_connector>(),
};

class SpeechV201 : public Speech {
 public:
  const ocpp::Dialect& dialect() const override { return v201::dialect(); }

  std::vector<Setting> settings(const ChargePointConfig& config) const override {
    const std::string energy_and_power = "Energy.Active.Import.Register,Power.Active.Import";
    return {
        {"OCPPCommCtrlr", "HeartbeatInterval", "300", false, SettingRole::heartbeat_s},
        {"SampledDataCtrlr", "TxUpdatedInterval", std::to_string(config.sample_s), false, SettingRole::sample_s},
        {"SampledDataCtrlr", "TxUpdatedMeasurands", energy_and_power, false, SettingRole::other},
        {"AlignedDataCtrlr", "Interval", std::to_string(config.aligned_s), false, SettingRole::aligned_s},
        {"AlignedDataCtrlr", "Measurands", energy_and_power, false, SettingRole::other},
        {"AuthCtrlr", "AuthorizeRemoteStart", "false", true, SettingRole::other},
        {"AuthCtrlr", "LocalAuthorizeOffline", "true", false, SettingRole::other},
        {"LocalAuthListCtrlr", "Enabled", "true", false, SettingRole::other},
        {"LocalAuthListCtrlr", "Entries", "0", true, SettingRole::other},
        {"ReservationCtrlr", "Enabled", "true", true, SettingRole::other},
        {"TxCtrlr", "EVConnectionTimeOut", "120", true, SettingRole::other},
        {"BayOccupancySensor", "Enabled", "true", true, SettingRole::other},
        {"VehicleIdSensor", "Enabled", "true", true, SettingRole::other},
    };
  }

  Said boot(const ChargePointConfig& config) const override {
    v201::BootNotificationRequest request;
    request.reason = v201::BootReasonEnumType::power_up;
    request.charging_station.vendor_name = "Bayward town";
    request.charging_station.model = "Wall 2.0.1";
    request.charging_station.serial_number = config.identity.substr(0, 25);
    request.charging_station.firmware_version = "1.0";
    return said(request);
  }
  BootAnswer boot_answer(const Json& json) const override {
    const auto answer = ocpp::decode<v201::BootNotificationResponse>(json);
    if (!answer) return {};
    return {answer->status == v201::RegistrationStatusEnumType::accepted, answer->interval, answer->current_time};
  }
  Said heartbeat() const override { return said(v201::HeartbeatRequest{}); }

  Said status(int32_t evse, PointStatus status, Instant at) const override {
    v201::StatusNotificationRequest request;
    request.timestamp = at;
    request.connector_status = spell(status);
    request.evse_id = evse;
    request.connector_id = 1;
    return said(request);
  }

  Said authorize(const Token& token) const override {
    v201::AuthorizeRequest request;
    request.id_token = spell(token);
    return said(request);
  }
  AuthorizeAnswer authorize_answer(const Json& json) const override {
    const auto answer = ocpp::decode<v201::AuthorizeResponse>(json);
    if (!answer) return {};
    const auto& info = answer->id_token_info;
    return {info.status == v201::AuthorizationStatusEnumType::accepted,
            info.group_id_token ? info.group_id_token->id_token : ""};
  }

  Said started(const Transaction& transaction) const override {
    const Sample first{transaction.started_at, transaction.start_wh, 0, SampleContext::begin};
    v201::TransactionEventRequest request = event_of(
        transaction, v201::TransactionEventEnumType::started,
        transaction.remote_start ? v201::TriggerReasonEnumType::remote_start : v201::TriggerReasonEnumType::authorized,
        first);
    request.seq_no = 0;
    if (transaction.offline) request.offline = true;
    request.reservation_id = transaction.reservation;
    request.evse.emplace().id = transaction.evse;
    request.evse->connector_id = 1;
    request.id_token = spell(transaction.token);
    request.transaction_info.charging_state = v201::ChargingStateEnumType::charging;
    return said(request);
  }
  bool started_answer(const Json& json, Transaction&) const override {
    const auto answer = ocpp::decode<v201::TransactionEventResponse>(json);
    if (!answer) return false;
    return !answer->id_token_info || answer->id_token_info->status == v201::AuthorizationStatusEnumType::accepted;
  }
  Said metered(const Transaction& transaction, const Sample& sample, int64_t sequence) const override {
    const bool clock = sample.context == SampleContext::clock;
    v201::TransactionEventRequest request = event_of(
        transaction, v201::TransactionEventEnumType::updated,
        clock ? v201::TriggerReasonEnumType::meter_value_clock : v201::TriggerReasonEnumType::meter_value_periodic,
        sample);
    request.seq_no = sequence;
    request.transaction_info.charging_state = v201::ChargingStateEnumType::charging;
    return said(request);
  }
  Said stopped(const Transaction& transaction, const Sample& last, StopReason reason, int64_t sequence) const override {
    v201::TransactionEventRequest request =
        event_of(transaction, v201::TransactionEventEnumType::ended, trigger_of(reason), last);
    request.seq_no = sequence;
    request.evse.emplace().id = transaction.evse;
    request.evse->connector_id = 1;
    request.transaction_info.charging_state = v201::ChargingStateEnumType::ev_connected;
    request.transaction_info.stopped_reason = spell(reason);
    return said(request);
  }

  Said occupancy(int32_t evse, bool occupied, Instant at) const override {
    return sensed(evse, "BayOccupancySensor", "Active", occupied ? "true" : "false", at);
  }
  Said plate(int32_t evse, const std::string& plate, Instant at) const override {
    return sensed(evse, "VehicleIdSensor", "VehicleId", plate, at);
  }
  std::optional<Said> reservation_expired(int64_t id) const override {
    v201::ReservationStatusUpdateRequest request;
    request.reservation_id = id;
    request.reservation_update_status = v201::ReservationUpdateStatusEnumType::expired;
    return said(request);
  }

  ocpp::Reply serve(ChargePoint& station, const ocpp::IncomingCall& call) const override {
    return ocpp::serve<ChargePoint>(dialect(), routes, station, call);
  }
};

}  // namespace

const Speech& speech_v201() {
  static const SpeechV201 speech;
  return speech;
}

}  // namespace bayward::town
