// The bay's device model (OCPP 2.0.1 B05 to B08, part 2 appendix 3; ../shared/protocols.md section 1): each variable by
// its name, what it says now, and whether the central system may change it. A table of functions over the bay.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bay/agent/bay.h"

namespace bayward::bay {

struct Variable {
  std::string_view component;
  std::string_view instance;  // of the component; empty: none
  uint8_t place = 0;          // 0: the station, 1: its EVSE, 2: the EVSE's connector
  std::string_view name;
  std::string_view name_instance;
  v201::DataEnumType type = v201::DataEnumType::string;
  std::string_view unit;
  std::string (*get)(const Bay&) = nullptr;         // null: write only
  bool (*set)(Bay&, const std::string&) = nullptr;  // false: no such value. Null: read only
  std::string_view values_list{};
  std::optional<int64_t> lowest{}, highest{};
  bool configures = false;  // part of the configuration inventory
};

std::span<const Variable> variables();

struct Found {
  const Variable* variable = nullptr;
  bool component_known = false;
};
// Names are compared without case (part 1 4.1.1). A component without an EVSE finds the one of the EVSE, too: there is
// only one.
Found find_variable(const v201::ComponentType& component, const v201::VariableType& variable);

v201::ComponentType component_of(const Variable& variable);
v201::VariableType variable_of(const Variable& variable);
bool same_name(std::string_view a, std::string_view b);

// Sets it and writes it down, so that it holds after a restart. False: the value is none of this variable's.
bool set_variable(Bay& bay, const Variable& variable, const std::string& value);

}  // namespace bayward::bay
