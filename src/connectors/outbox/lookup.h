// What a delivery says, from the state as it is now. Pure.
#pragma once

#include <optional>

#include "core/state.h"
#include "ports/alarm_channel.h"

namespace bayward::outbox {

// Nothing when nobody has to be told any more, or not yet: it has been answered, or waits for its alarm.
std::optional<AlarmMessage> message_of(const core::State& state, DeliveryId id, Instant now);

}  // namespace bayward::outbox
