#include <charconv>

#include "base/json_text.h"
#include "ocpp/v16/dialect.h"
#include "ocpp/v16/types.h"
#include "sim/town/speech.h"

namespace bayward::town {
namespace {

namespace v16 = ocpp::v16;
using ocpp::CallError;
using ocpp::Json;

constexpr std::string_view vendor = "org.bayward";

template <ocpp::Request R>
Said said(const R& request) {
  auto payload = ocpp::encode(request);
  BAYWARD_CHECK(payload.ok());  // what the town's stations say fits the schema
  return {R::action_name, std::move(*payload)};
}

v16::ChargePointStatus spell(PointStatus status) {
  switch (status) {
    case PointStatus::available:
      return v16::ChargePointStatus::available;
    case PointStatus::preparing:
      return v16::ChargePointStatus::preparing;
    case PointStatus::charging:
      return v16::ChargePointStatus::charging;
    case PointStatus::suspended_ev:
      return v16::ChargePointStatus::suspended_ev;
    case PointStatus::finishing:
      return v16::ChargePointStatus::finishing;
    case PointStatus::reserved:
      return v16::ChargePointStatus::reserved;
    case PointStatus::unavailable:
      return v16::ChargePointStatus::unavailable;
  }
  return v16::ChargePointStatus::faulted;
}

v16::Reason spell(StopReason reason) {
  switch (reason) {
    case StopReason::local:
      return v16::Reason::local;
    case StopReason::remote:
      return v16::Reason::remote;
    case StopReason::ev_disconnected:
      return v16::Reason::ev_disconnected;
    case StopReason::de_authorized:
      return v16::Reason::de_authorized;
    case StopReason::reboot:
      return v16::Reason::reboot;
  }
  return v16::Reason::other;
}

v16::MeterValue meter_value(const Sample& sample) {
  v16::SampledValue energy;
  energy.value = std::to_string(sample.register_wh);
  energy.context = sample.context == SampleContext::clock ? v16::ReadingContext::sample_clock
                   : sample.context == SampleContext::end ? v16::ReadingContext::transaction_end
                                                          : v16::ReadingContext::sample_periodic;
  energy.measurand = v16::Measurand::energy_active_import_register;
  energy.unit = v16::UnitOfMeasure::wh;
  v16::SampledValue power = energy;
  power.value = std::to_string(sample.power_w);
  power.measurand = v16::Measurand::power_active_import;
  power.unit = v16::UnitOfMeasure::w;
  return {sample.at, {energy, power}};
}

Said transfer(std::string_view message_id, std::string data) {
  v16::DataTransferRequest request;
  request.vendor_id = vendor;
  request.message_id = message_id;
  request.data = std::move(data);
  return said(request);
}

// ---- what the platform asks ----

template <class T>
using Answered = Result<T, CallError>;

Setting* find(ChargePoint& station, const std::string& key) {
  for (Setting& setting : station.settings()) {
    if (setting.name == key) return &setting;
  }
  return nullptr;
}

Answered<v16::CancelReservationResponse> cancel_reservation(ChargePoint& station,
                                                            const v16::CancelReservationRequest& request) {
  return v16::CancelReservationResponse{station.cancel_reservation(request.reservation_id)
                                            ? v16::CancelReservationStatus::accepted
                                            : v16::CancelReservationStatus::rejected};
}

Answered<v16::ChangeAvailabilityResponse> change_availability(ChargePoint& station,
                                                              const v16::ChangeAvailabilityRequest& request) {
  const bool done = station.set_operative(static_cast<int32_t>(request.connector_id),
                                          request.type == v16::AvailabilityType::operative);
  return v16::ChangeAvailabilityResponse{done ? v16::AvailabilityStatus::accepted : v16::AvailabilityStatus::rejected};
}

Answered<v16::ChangeConfigurationResponse> change_configuration(ChargePoint& station,
                                                                const v16::ChangeConfigurationRequest& request) {
  Setting* setting = find(station, request.key);
  if (!setting) return v16::ChangeConfigurationResponse{v16::ConfigurationStatus::not_supported};
  if (setting->read_only) return v16::ChangeConfigurationResponse{v16::ConfigurationStatus::rejected};
  setting->value = request.value;
  station.settings_changed();
  return v16::ChangeConfigurationResponse{v16::ConfigurationStatus::accepted};
}

Answered<v16::GetConfigurationResponse> get_configuration(ChargePoint& station,
                                                          const v16::GetConfigurationRequest& request) {
  v16::GetConfigurationResponse response;
  const auto add = [&](const Setting& setting) {
    response.configuration_key.emplace(response.configuration_key.value_or(std::vector<v16::KeyValue>{}))
        .push_back({setting.name, setting.read_only, setting.value});
  };
  if (!request.key || request.key->empty()) {
    for (const Setting& setting : station.settings()) add(setting);
    return response;
  }
  for (const std::string& key : *request.key) {
    if (const Setting* setting = find(station, key)) {
      add(*setting);
    } else {
      response.unknown_key.emplace(response.unknown_key.value_or(std::vector<std::string>{})).push_back(key);
    }
  }
  return response;
}

Answered<v16::ClearCacheResponse> clear_cache(ChargePoint&, const v16::ClearCacheRequest&) {
  return v16::ClearCacheResponse{v16::ClearCacheStatus::accepted};
}

Answered<v16::DataTransferResponse> data_transfer(ChargePoint&, const v16::DataTransferRequest& request) {
  return v16::DataTransferResponse{request.vendor_id == vendor ? v16::DataTransferStatus::unknown_message_id
                                                               : v16::DataTransferStatus::unknown_vendor_id,
                                   std::nullopt};
}

Answered<v16::GetLocalListVersionResponse> get_local_list_version(ChargePoint& station,
                                                                  const v16::GetLocalListVersionRequest&) {
  return v16::GetLocalListVersionResponse{station.local_list_version};
}

Answered<v16::RemoteStartTransactionResponse> remote_start(ChargePoint& station,
                                                           const v16::RemoteStartTransactionRequest& request) {
  const auto connector = static_cast<int32_t>(request.connector_id.value_or(0));
  const bool done = station.remote_start(connector, {request.id_tag, "Central"}, std::nullopt);
  return v16::RemoteStartTransactionResponse{done ? v16::RemoteStartStopStatus::accepted
                                                  : v16::RemoteStartStopStatus::rejected};
}

Answered<v16::RemoteStopTransactionResponse> remote_stop(ChargePoint& station,
                                                         const v16::RemoteStopTransactionRequest& request) {
  const bool done = station.remote_stop("", request.transaction_id);
  return v16::RemoteStopTransactionResponse{done ? v16::RemoteStartStopStatus::accepted
                                                 : v16::RemoteStartStopStatus::rejected};
}

Answered<v16::ReserveNowResponse> reserve_now(ChargePoint& station, const v16::ReserveNowRequest& request) {
  Reservation reservation{
      request.reservation_id, {request.id_tag, "Central"}, request.parent_id_tag.value_or(""), request.expiry_date};
  switch (station.reserve(static_cast<int32_t>(request.connector_id), std::move(reservation))) {
    case ReserveAnswer::accepted:
      return v16::ReserveNowResponse{v16::ReservationStatus::accepted};
    case ReserveAnswer::occupied:
      return v16::ReserveNowResponse{v16::ReservationStatus::occupied};
    case ReserveAnswer::unavailable:
      return v16::ReserveNowResponse{v16::ReservationStatus::unavailable};
    case ReserveAnswer::rejected:
      return v16::ReserveNowResponse{v16::ReservationStatus::rejected};
  }
  return v16::ReserveNowResponse{v16::ReservationStatus::faulted};
}

Answered<v16::ResetResponse> reset(ChargePoint& station, const v16::ResetRequest&) {
  station.reset();
  return v16::ResetResponse{v16::ResetStatus::accepted};
}

Answered<v16::SendLocalListResponse> send_local_list(ChargePoint& station, const v16::SendLocalListRequest& request) {
  auto& list = station.local_list();
  if (request.update_type == v16::UpdateType::full) list.clear();
  for (const v16::AuthorizationData& entry :
       request.local_authorization_list.value_or(std::vector<v16::AuthorizationData>{})) {
    const bool accepted = entry.id_tag_info && entry.id_tag_info->status == v16::AuthorizationStatus::accepted;
    if (accepted) {
      list.insert(entry.id_tag);
    } else {
      list.erase(entry.id_tag);
    }
  }
  station.local_list_version = request.list_version;
  return v16::SendLocalListResponse{v16::UpdateStatus::accepted};
}

Answered<v16::TriggerMessageResponse> trigger_message(ChargePoint& station, const v16::TriggerMessageRequest& request) {
  const auto one = static_cast<int32_t>(request.connector_id.value_or(0));
  if (one != 0 && !station.knows(one)) return v16::TriggerMessageResponse{v16::TriggerMessageStatus::rejected};
  const auto each = [&](auto send) {
    for (int32_t evse = 1; station.knows(evse); ++evse) {
      if (one == 0 || one == evse) send(evse);
    }
    return v16::TriggerMessageResponse{v16::TriggerMessageStatus::accepted};
  };
  switch (request.requested_message) {
    case v16::MessageTrigger::boot_notification:
      station.send_boot();
      return v16::TriggerMessageResponse{v16::TriggerMessageStatus::accepted};
    case v16::MessageTrigger::heartbeat:
      station.send_heartbeat();
      return v16::TriggerMessageResponse{v16::TriggerMessageStatus::accepted};
    case v16::MessageTrigger::status_notification:
      return each([&](int32_t evse) { station.send_status(evse); });
    case v16::MessageTrigger::meter_values:
      return each([&](int32_t evse) { station.send_sample(evse); });
    default:
      return v16::TriggerMessageResponse{v16::TriggerMessageStatus::not_implemented};
  }
}

Answered<v16::UnlockConnectorResponse> unlock_connector(ChargePoint&, const v16::UnlockConnectorRequest&) {
  return v16::UnlockConnectorResponse{v16::UnlockStatus::unlocked};
}

constexpr ocpp::Route<ChargePoint> routes[] = {
    ocpp::answered_by<&cancel_reservation>(),
    ocpp::answered_by<&change_availability>(),
    ocpp::answered_by<&change_configuration>(),
    ocpp::answered_by<&clear_cache>(),
    ocpp::answered_by<&data_transfer>(),
    ocpp::answered_by<&get_configuration>(),
    ocpp::answered_by<&get_local_list_version>(),
    ocpp::answered_by<&remote_start>(),
    ocpp::answered_by<&remote_stop>(),
    ocpp::answered_by<&reserve_now>(),
    ocpp::answered_by<&reset>(),
    ocpp::answered_by<&send_local_list>(),
    ocpp::answered_by<&trigger_message>(),
    ocpp::answered_by<&unlock_connector>(),
};

class SpeechV16 : public Speech {
 public:
  const ocpp::Dialect& dialect() const override { return v16::dialect(); }

  std::vector<Setting> settings(const ChargePointConfig& config) const override {
    return {
        {"", "HeartbeatInterval", "300", false, SettingRole::heartbeat_s},
        {"", "MeterValueSampleInterval", std::to_string(config.sample_s), false, SettingRole::sample_s},
        {"", "ClockAlignedDataInterval", std::to_string(config.aligned_s), false, SettingRole::aligned_s},
        {"", "MeterValuesSampledData", "Energy.Active.Import.Register,Power.Active.Import", false, SettingRole::other},
        {"", "MeterValuesAlignedData", "Energy.Active.Import.Register,Power.Active.Import", false, SettingRole::other},
        {"", "NumberOfConnectors", std::to_string(config.evse_power_w.size()), true, SettingRole::other},
        {"", "SupportedFeatureProfiles", "Core,LocalAuthListManagement,Reservation,RemoteTrigger", true,
         SettingRole::other},
        {"", "AuthorizeRemoteTxRequests", "false", true, SettingRole::other},
        {"", "LocalAuthListEnabled", "true", false, SettingRole::other},
        {"", "LocalAuthorizeOffline", "true", false, SettingRole::other},
        {"", "LocalAuthListMaxLength", "1000", true, SettingRole::other},
        {"", "SendLocalListMaxLength", "1000", true, SettingRole::other},
        {"", "ReserveConnectorZeroSupported", "false", true, SettingRole::other},
        {"", "ConnectionTimeOut", "120", true, SettingRole::other},
    };
  }

  Said boot(const ChargePointConfig& config) const override {
    v16::BootNotificationRequest request;
    request.charge_point_vendor = "Bayward town";
    request.charge_point_model = "Wall 1.6";
    request.charge_point_serial_number = config.identity.substr(0, 25);
    request.firmware_version = "1.0";
    return said(request);
  }
  BootAnswer boot_answer(const Json& json) const override {
    const auto answer = ocpp::decode<v16::BootNotificationResponse>(json);
    if (!answer) return {};
    return {answer->status == v16::RegistrationStatus::accepted, answer->interval, answer->current_time};
  }
  Said heartbeat() const override { return said(v16::HeartbeatRequest{}); }

  Said status(int32_t evse, PointStatus status, Instant at) const override {
    v16::StatusNotificationRequest request;
    request.connector_id = evse;
    request.error_code = v16::ChargePointErrorCode::no_error;
    request.status = spell(status);
    request.timestamp = at;
    return said(request);
  }

  Said authorize(const Token& token) const override { return said(v16::AuthorizeRequest{token.text}); }
  AuthorizeAnswer authorize_answer(const Json& json) const override {
    const auto answer = ocpp::decode<v16::AuthorizeResponse>(json);
    if (!answer) return {};
    return {answer->id_tag_info.status == v16::AuthorizationStatus::accepted,
            answer->id_tag_info.parent_id_tag.value_or("")};
  }

  Said started(const Transaction& transaction) const override {
    v16::StartTransactionRequest request;
    request.connector_id = transaction.evse;
    request.id_tag = transaction.token.text;
    request.meter_start = transaction.start_wh;
    request.reservation_id = transaction.reservation;
    request.timestamp = transaction.started_at;
    return said(request);
  }
  bool started_answer(const Json& json, Transaction& transaction) const override {
    const auto answer = ocpp::decode<v16::StartTransactionResponse>(json);
    if (!answer) return false;
    transaction.number = answer->transaction_id;
    return answer->id_tag_info.status == v16::AuthorizationStatus::accepted;
  }
  // Without the platform's number nothing can be said about a transaction in 1.6.
  Said metered(const Transaction& transaction, const Sample& sample, int64_t) const override {
    if (transaction.number == 0) return {};
    v16::MeterValuesRequest request;
    request.connector_id = transaction.evse;
    request.transaction_id = transaction.number;
    request.meter_value = {meter_value(sample)};
    return said(request);
  }
  Said stopped(const Transaction& transaction, const Sample& last, StopReason reason, int64_t) const override {
    if (transaction.number == 0) return {};
    v16::StopTransactionRequest request;
    request.id_tag = transaction.token.text;
    request.meter_stop = last.register_wh;
    request.timestamp = last.at;
    request.transaction_id = transaction.number;
    request.reason = spell(reason);
    return said(request);
  }

  Said occupancy(int32_t evse, bool occupied, Instant at) const override {
    return transfer("BayOccupancy", "{\"connectorId\":" + std::to_string(evse) + ",\"occupied\":" +
                                        (occupied ? "true" : "false") + ",\"timestamp\":\"" + to_rfc3339(at) + "\"}");
  }
  Said plate(int32_t evse, const std::string& plate, Instant at) const override {
    std::string data = "{\"connectorId\":" + std::to_string(evse) + ",\"plate\":";
    append_json_string(data, plate);
    return transfer("VehicleId", data + ",\"timestamp\":\"" + to_rfc3339(at) + "\"}");
  }
  // 1.6 5.13: the connector's status tells it.
  std::optional<Said> reservation_expired(int64_t) const override { return std::nullopt; }

  ocpp::Reply serve(ChargePoint& station, const ocpp::IncomingCall& call) const override {
    return ocpp::serve<ChargePoint>(dialect(), routes, station, call);
  }
};

}  // namespace

const Speech& speech_v16() {
  static const SpeechV16 speech;
  return speech;
}

}  // namespace bayward::town
