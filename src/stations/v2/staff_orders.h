// The staff's orders (ports/station_link.h) in OCPP 2.0.1 and 2.1.
#pragma once

#include <string_view>
#include <vector>

#include "ocpp/v21/types.h"
#include "stations/protocol.h"

namespace bayward::stations::v2 {

Result<std::vector<Draft>, Error> staff_calls(const ocpp::Dialect& dialect, const StationOrder& order);
void read_staff_answer(const ocpp::Dialect& dialect, const StationOrder& order, const ocpp::Json& payload,
                       StationAnswer& answer);

// "Component[instance].Variable[instance]", the instances optional.
struct VariableName {
  ocpp::v21::ComponentType component;
  ocpp::v21::VariableType variable;
};
Result<VariableName, Error> parse_variable_name(std::string_view text);
std::string variable_name(const ocpp::v21::ComponentType& component, const ocpp::v21::VariableType& variable);
// SetVariables with one variable.
Drafted set_variable(const ocpp::Dialect& dialect, std::string_view name, const std::string& value);

}  // namespace bayward::stations::v2
