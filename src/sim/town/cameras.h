// The cameras of the town's bays: each look is drawn from what stands there now (picture/bay_picture.h). The town's
// thread.
#pragma once

#include <optional>
#include <string_view>

#include "ports/camera.h"
#include "sim/town/bays/field.h"
#include "sim/town/street.h"

namespace bayward::town {

// Nothing when there is no bay with this label, or its own battery no longer feeds its camera (C8).
std::optional<PictureBytes> look_at(Street& street, Field& field, std::string_view label, Instant now);

}  // namespace bayward::town
