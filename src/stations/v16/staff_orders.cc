#include "stations/v16/staff_orders.h"

#include "base/limits.h"
#include "ocpp/v16/types.h"

namespace bayward::stations::v16 {
namespace {

namespace types = ocpp::v16;
using Drafts = Result<std::vector<Draft>, Error>;

Drafts one(Drafted drafted) {
  if (!drafted) return Failure{drafted.error()};
  return std::vector<Draft>{*std::move(drafted)};
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
    if (!message) return fail("OCPP 1.6 cannot trigger " + order.message);
    types::TriggerMessageRequest request;
    request.requested_message = *message;
    if (order.evse != 0) request.connector_id = order.evse;
    return one(draft(request));
  }
  Drafts operator()(const ResetStation& order) const {
    return one(draft(types::ResetRequest{.type = order.at_once ? types::ResetType::hard : types::ResetType::soft}));
  }
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
  if (const auto* change = std::get_if<ChangeSettings>(&order)) {
    answer.settings.push_back({change->settings[call].name, word, std::nullopt, false});
  } else {
    answer.status = word;
  }
}

}  // namespace bayward::stations::v16
