#include "stations/v2/staff_orders.h"

#include "base/limits.h"
#include "stations/staff_call.h"

namespace bayward::stations::v2 {
namespace {

namespace types = ocpp::v21;
using Drafts = Result<std::vector<Draft>, Error>;

Drafts one(Drafted drafted) {
  if (!drafted) return Failure{drafted.error()};
  return std::vector<Draft>{*std::move(drafted)};
}

struct Named {
  std::string name;
  std::optional<std::string> instance;
};

std::optional<Named> parse_named(std::string_view text) {
  const size_t open = text.find('[');
  if (open == std::string_view::npos) {
    return text.empty() ? std::nullopt : std::optional(Named{std::string(text), std::nullopt});
  }
  if (open == 0 || text.back() != ']') return std::nullopt;
  return Named{std::string(text.substr(0, open)), std::string(text.substr(open + 1, text.size() - open - 2))};
}

struct Calls {
  const ocpp::Dialect& dialect;

  Drafts operator()(const ReadSettings& order) const {
    if (order.names.empty() || order.names.size() > limits::station_setting_names) {
      return fail("1 to " + std::to_string(limits::station_setting_names) + " names are expected");
    }
    types::GetVariablesRequest request;
    for (const std::string& text : order.names) {
      auto name = parse_variable_name(text);
      if (!name) return Failure{name.error()};
      auto& data = request.get_variable_data.emplace_back();
      data.component = std::move(name->component);
      data.variable = std::move(name->variable);
    }
    return one(draft(dialect, request));
  }
  Drafts operator()(const ChangeSettings& order) const {
    if (order.settings.empty() || order.settings.size() > limits::station_setting_names) {
      return fail("1 to " + std::to_string(limits::station_setting_names) + " settings are expected");
    }
    types::SetVariablesRequest request;
    for (const StationSetting& setting : order.settings) {
      auto name = parse_variable_name(setting.name);
      if (!name) return Failure{name.error()};
      auto& data = request.set_variable_data.emplace_back();
      data.attribute_value = setting.value;
      data.component = std::move(name->component);
      data.variable = std::move(name->variable);
    }
    return one(draft(dialect, request));
  }
  Drafts operator()(const TriggerStation& order) const {
    const auto message = ocpp::from_text<types::MessageTriggerEnumType>(order.message);
    if (!message) return fail(std::string(dialect.subprotocol) + " cannot trigger " + order.message);
    types::TriggerMessageRequest request;
    request.requested_message = *message;
    if (order.evse != 0) request.evse.emplace().id = order.evse;
    return one(draft(dialect, request));
  }
  Drafts operator()(const ResetStation& order) const {
    types::ResetRequest request;
    request.type = order.at_once ? types::ResetEnumType::immediate : types::ResetEnumType::on_idle;
    return one(draft(dialect, request));
  }
  Drafts operator()(const UnlockConnector& order) const {
    types::UnlockConnectorRequest request;
    request.evse_id = order.evse;
    request.connector_id = order.connector;
    return one(draft(dialect, request));
  }
  Drafts operator()(const SetAvailability& order) const {
    using types::OperationalStatusEnumType;
    types::ChangeAvailabilityRequest request;
    request.operational_status =
        order.operative ? OperationalStatusEnumType::operative : OperationalStatusEnumType::inoperative;
    if (order.evse != 0) request.evse.emplace().id = order.evse;
    return one(draft(dialect, request));
  }
  Drafts operator()(const ClearAuthorizationCache&) const { return one(draft(dialect, types::ClearCacheRequest{})); }
  Drafts operator()(const ChangePassword&) const { return fail("a password is changed by the central system itself"); }
  Drafts operator()(const RenewCertificate&) const {
    types::TriggerMessageRequest request;
    request.requested_message = types::MessageTriggerEnumType::sign_charging_station_certificate;
    return one(draft(dialect, request));
  }
  Drafts operator()(const InstallRoots& order) const {
    if (order.certificates.empty()) return fail("there is no certificate to install");
    std::vector<Draft> out;
    for (const std::string& pem : order.certificates) {
      types::InstallCertificateRequest request;
      request.certificate_type = types::InstallCertificateUseEnumType::csms_root_certificate;
      request.certificate = pem;
      auto drafted = draft(dialect, request);
      if (!drafted) return Failure{drafted.error()};
      out.push_back(*std::move(drafted));
    }
    return out;
  }
  Drafts operator()(const ListCertificates&) const {
    return one(draft(dialect, types::GetInstalledCertificateIdsRequest{}));
  }
  Drafts operator()(const DeleteCertificate& order) const {
    const auto algorithm = ocpp::from_text<types::HashAlgorithmEnumType>(order.hash_algorithm);
    if (!algorithm) return fail("hash_algorithm must be SHA256, SHA384 or SHA512");
    types::DeleteCertificateRequest request;
    request.certificate_hash_data.hash_algorithm = *algorithm;
    request.certificate_hash_data.issuer_name_hash = order.issuer_name_hash;
    request.certificate_hash_data.issuer_key_hash = order.issuer_key_hash;
    request.certificate_hash_data.serial_number = order.serial_number;
    return one(draft(dialect, request));
  }
  // N01.
  Drafts operator()(const FetchLog& order) const {
    types::GetLogRequest request;
    request.log_type = order.security ? types::LogEnumType::security_log : types::LogEnumType::diagnostics_log;
    request.request_id = order.number;
    request.log.remote_location = order.location;
    request.log.oldest_timestamp = order.from;
    request.log.latest_timestamp = order.to;
    return one(draft(dialect, request));
  }
  Drafts operator()(const CallStation& order) const { return call_of(dialect, order); }
};

template <class Response>
std::optional<Response> read(const ocpp::Dialect& dialect, const ocpp::Json& payload, StationAnswer& answer) {
  auto response = ocpp::decode<Response>(payload, ocpp::response_schema(dialect, Response::action_name));
  if (response) return *std::move(response);
  answer.kind = StationAnswer::Kind::error;
  answer.status = response.error().text();
  return std::nullopt;
}

}  // namespace

Result<VariableName, Error> parse_variable_name(std::string_view text) {
  const size_t dot = text.find('.');
  const auto component = parse_named(text.substr(0, dot));
  const auto variable = dot == std::string_view::npos ? std::nullopt : parse_named(text.substr(dot + 1));
  if (!component || !variable) return fail("\"" + std::string(text) + "\": Component.Variable is expected");
  VariableName out;
  out.component.name = component->name;
  out.component.instance = component->instance;
  out.variable.name = variable->name;
  out.variable.instance = variable->instance;
  return out;
}

std::string variable_name(const types::ComponentType& component, const types::VariableType& variable) {
  std::string out = component.name;
  if (component.instance) out += "[" + *component.instance + "]";
  out += "." + variable.name;
  if (variable.instance) out += "[" + *variable.instance + "]";
  return out;
}

Drafted set_variable(const ocpp::Dialect& dialect, std::string_view name, const std::string& value) {
  auto drafts = staff_calls(dialect, ChangeSettings{{{std::string(name), value}}});
  if (!drafts) return Failure{drafts.error()};
  return std::move(drafts->front());
}

Drafts staff_calls(const ocpp::Dialect& dialect, const StationOrder& order) {
  return std::visit(Calls{dialect}, order);
}

void read_staff_answer(const ocpp::Dialect& dialect, const StationOrder& order, const ocpp::Json& payload,
                       StationAnswer& answer) {
  if (std::holds_alternative<ReadSettings>(order)) {
    const auto response = read<types::GetVariablesResponse>(dialect, payload, answer);
    if (!response) return;
    for (const auto& result : response->get_variable_result) {
      answer.settings.push_back({variable_name(result.component, result.variable),
                                 std::string(types::to_text(result.attribute_status)), result.attribute_value, false});
    }
  } else if (std::holds_alternative<ChangeSettings>(order)) {
    const auto response = read<types::SetVariablesResponse>(dialect, payload, answer);
    if (!response) return;
    for (const auto& result : response->set_variable_result) {
      answer.settings.push_back({variable_name(result.component, result.variable),
                                 std::string(types::to_text(result.attribute_status)), std::nullopt, false});
    }
  } else if (wants_payload(order)) {
    answer.payload += ocpp::to_text(payload);
  } else if (const ocpp::Json* status = payload.find("status"); status && status->as_text()) {
    answer.status = *status->as_text();
  }
}

}  // namespace bayward::stations::v2
