#include "stations/v16/staff_orders.h"

#include "base/limits.h"
#include "ocpp/v16/dialect.h"
#include "ocpp/v16/types.h"
#include "stations/staff_call.h"

namespace bayward::stations::v16 {
namespace {

namespace types = ocpp::v16;
using Drafts = Result<std::vector<Draft>, Error>;

Drafts one(Drafted drafted) {
  if (!drafted) return Failure{drafted.error()};
  return std::vector<Draft>{*std::move(drafted)};
}

// Of the security whitepaper: what the older TriggerMessage has no word for.
Drafts extended_trigger(types::MessageTriggerEnumType message, uint16_t connector) {
  types::ExtendedTriggerMessageRequest request;
  request.requested_message = message;
  if (connector != 0) request.connector_id = connector;
  return one(draft(request));
}

struct Calls {
  Drafts operator()(const ReadSettings& order) const {
    types::GetConfigurationRequest request;
    if (order.names.size() > limits::station_setting_names) return fail("too many names");
    if (!order.names.empty()) request.key = order.names;
    return one(draft(request));
  }
  Drafts operator()(const ChangeSettings& order) const {
    if (order.settings.empty() || order.settings.size() > limits::station_setting_names) {
      return fail("1 to " + std::to_string(limits::station_setting_names) + " settings are expected");
    }
    std::vector<Draft> out;
    for (const StationSetting& setting : order.settings) {
      auto drafted = draft(types::ChangeConfigurationRequest{.key = setting.name, .value = setting.value});
      if (!drafted) return Failure{drafted.error()};
      out.push_back(*std::move(drafted));
    }
    return out;
  }
  Drafts operator()(const TriggerStation& order) const {
    const auto message = ocpp::from_text<types::MessageTrigger>(order.message);
    const auto extended = ocpp::from_text<types::MessageTriggerEnumType>(order.message);
    if (!message && extended) return extended_trigger(*extended, order.evse);
    if (!message) return fail("OCPP 1.6 cannot trigger " + order.message);
    types::TriggerMessageRequest request;
    request.requested_message = *message;
    if (order.evse != 0) request.connector_id = order.evse;
    return one(draft(request));
  }
  Drafts operator()(const ResetStation& order) const {
    return one(draft(types::ResetRequest{.type = order.at_once ? types::ResetType::hard : types::ResetType::soft}));
  }
  Drafts operator()(const UnlockConnector& order) const {
    return one(draft(types::UnlockConnectorRequest{.connector_id = order.evse}));
  }
  Drafts operator()(const SetAvailability& order) const {
    types::ChangeAvailabilityRequest request;
    request.connector_id = order.evse;
    request.type = order.operative ? types::AvailabilityType::operative : types::AvailabilityType::inoperative;
    return one(draft(request));
  }
  Drafts operator()(const ClearAuthorizationCache&) const { return one(draft(types::ClearCacheRequest{})); }
  Drafts operator()(const ChangePassword&) const { return fail("a password is changed by the central system itself"); }
  Drafts operator()(const RenewCertificate&) const {
    return extended_trigger(types::MessageTriggerEnumType::sign_charge_point_certificate, 0);
  }
  Drafts operator()(const InstallRoots& order) const {
    if (order.certificates.empty()) return fail("there is no certificate to install");
    std::vector<Draft> out;
    for (const std::string& pem : order.certificates) {
      types::InstallCertificateRequest request;
      request.certificate_type = types::CertificateUseEnumType::central_system_root_certificate;
      request.certificate = pem;
      auto drafted = draft(request);
      if (!drafted) return Failure{drafted.error()};
      out.push_back(*std::move(drafted));
    }
    return out;
  }
  Drafts operator()(const ListCertificates&) const {
    types::GetInstalledCertificateIdsRequest request;
    request.certificate_type = types::CertificateUseEnumType::central_system_root_certificate;
    return one(draft(request));
  }
  Drafts operator()(const DeleteCertificate& order) const {
    const auto algorithm = ocpp::from_text<types::HashAlgorithmEnumType>(order.hash_algorithm);
    if (!algorithm) return fail("hash_algorithm must be SHA256, SHA384 or SHA512");
    types::DeleteCertificateRequest request;
    request.certificate_hash_data.hash_algorithm = *algorithm;
    request.certificate_hash_data.issuer_name_hash = order.issuer_name_hash;
    request.certificate_hash_data.issuer_key_hash = order.issuer_key_hash;
    request.certificate_hash_data.serial_number = order.serial_number;
    return one(draft(request));
  }
  // The security whitepaper's GetLog for the security log, the GetDiagnostics that every 1.6 has for the rest.
  Drafts operator()(const FetchLog& order) const {
    if (!order.security) {
      types::GetDiagnosticsRequest request;
      request.location = order.location;
      request.start_time = order.from;
      request.stop_time = order.to;
      return one(draft(request));
    }
    types::GetLogRequest request;
    request.log_type = types::LogEnumType::security_log;
    request.request_id = order.number;
    request.log.remote_location = order.location;
    request.log.oldest_timestamp = order.from;
    request.log.latest_timestamp = order.to;
    return one(draft(request));
  }
  Drafts operator()(const CallStation& order) const { return call_of(ocpp::v16::dialect(), order); }
};

void read_configuration(const ocpp::Json& payload, StationAnswer& answer) {
  const auto response = ocpp::decode<types::GetConfigurationResponse>(payload);
  if (!response) {
    answer.kind = StationAnswer::Kind::error;
    answer.status = response.error().text();
    return;
  }
  for (const types::KeyValue& entry : response->configuration_key.value_or(std::vector<types::KeyValue>{})) {
    answer.settings.push_back({entry.key, "Accepted", entry.value, entry.readonly});
  }
  for (const std::string& key : response->unknown_key.value_or(std::vector<std::string>{})) {
    answer.settings.push_back({key, "UnknownKey", std::nullopt, false});
  }
}

}  // namespace

Drafts staff_calls(const StationOrder& order) {
  return std::visit(Calls{}, order);
}

void read_staff_answer(const StationOrder& order, size_t call, const ocpp::Json& payload, StationAnswer& answer) {
  if (std::holds_alternative<ReadSettings>(order)) return read_configuration(payload, answer);
  const ocpp::Json* status = payload.find("status");
  const std::string word = status && status->as_text() ? *status->as_text() : std::string{};
  if (wants_payload(order)) answer.payload += ocpp::to_text(payload);
  if (const auto* change = std::get_if<ChangeSettings>(&order)) {
    answer.settings.push_back({change->settings[call].name, word, std::nullopt, false});
  } else {
    answer.status = word;
  }
}

}  // namespace bayward::stations::v16
