#include "bay/agent/variables.h"

#include <algorithm>

#include "ports/log.h"

namespace bayward::bay {
namespace {

std::string stored_name(const Variable& variable) {
  std::string out = "setting." + std::string(variable.component) + "." + std::string(variable.name);
  if (!variable.name_instance.empty()) out += "." + std::string(variable.name_instance);
  return out;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

Found find_variable(const v201::ComponentType& component, const v201::VariableType& variable) {
  Found found;
  if (component.evse && component.evse->id > 1) return found;
  for (const Variable& one : variables()) {
    if (!same_name(one.component, component.name) || !same_name(one.instance, component.instance.value_or("")))
      continue;
    if (component.evse && one.place == 0) continue;
    found.component_known = true;
    if (same_name(one.name, variable.name) && same_name(one.name_instance, variable.instance.value_or(""))) {
      found.variable = &one;
      return found;
    }
  }
  return found;
}

v201::ComponentType component_of(const Variable& variable) {
  v201::ComponentType out;
  out.name = variable.component;
  if (!variable.instance.empty()) out.instance = std::string(variable.instance);
  if (variable.place > 0) out.evse.emplace().id = 1;
  if (variable.place > 1) out.evse->connector_id = 1;
  return out;
}
v201::VariableType variable_of(const Variable& variable) {
  v201::VariableType out;
  out.name = variable.name;
  if (!variable.name_instance.empty()) out.instance = std::string(variable.name_instance);
  return out;
}

bool set_variable(Bay& bay, const Variable& variable, const std::string& value) {
  if (!variable.set(bay, value)) return false;
  if (variable.configures) bay.line.write({{stored_name(variable), value}});
  return true;
}

void recover_settings(Bay& bay) {
  for (const Variable& variable : variables()) {
    if (!variable.configures) continue;
    const auto stored = bay.store.value(stored_name(variable));
    if (stored && !variable.set(bay, *stored)) log::warn("bay.setting_ignored", {{"name", variable.name}});
  }
}

}  // namespace bayward::bay
