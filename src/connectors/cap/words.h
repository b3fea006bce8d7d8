// What CAP says of each kind of incident. Pure.
#pragma once

#include <string_view>

#include "core/incident/incident.h"

namespace bayward::cap {

struct CapWords {
  std::string_view category;       // CAP 1.2 3.2.2
  std::string_view response_type;  //
  std::string_view urgency;        //
  std::string_view certainty;      //
  std::string_view event_en;
  std::string_view event_zh;
  std::string_view instruction_en;
  std::string_view instruction_zh;
};
CapWords words_of(core::IncidentKind kind);
std::string_view severity_of(core::Severity severity);

}  // namespace bayward::cap
