// The staff's orders (ports/station_link.h) in OCPP 2.0.1.
#pragma once

#include <string_view>
#include <vector>

#include "ocpp/v201/types.h"
#include "stations/protocol.h"

namespace bayward::stations::v201 {

Result<std::vector<Draft>, Error> staff_calls(const StationOrder& order);
void read_staff_answer(const StationOrder& order, const ocpp::Json& payload, StationAnswer& answer);

// "Component[instance].Variable[instance]", the instances optional.
struct VariableName {
  ocpp::v201::ComponentType component;
  ocpp::v201::VariableType variable;
};
Result<VariableName, Error> parse_variable_name(std::string_view text);
std::string variable_name(const ocpp::v201::ComponentType& component, const ocpp::v201::VariableType& variable);
// SetVariables with one variable.
Drafted set_variable(std::string_view name, const std::string& value);

}  // namespace bayward::stations::v201
