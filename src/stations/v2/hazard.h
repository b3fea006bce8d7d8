// Which danger an event of a device's monitors speaks of: the components of the standard's appendix and our own
// (docs/device-model.md), OCPP 2.0.1 N07. Pure.
#pragma once

#include <optional>

#include "core/incident/incident.h"
#include "ocpp/v21/types.h"

namespace bayward::stations::v2 {

struct Hazard {
  core::IncidentKind kind{};
  bool active = true;
};
// None: an event of something else.
std::optional<Hazard> hazard_of(const ocpp::v21::EventDataType& event);

}  // namespace bayward::stations::v2
