// A4: who may use a bay in each slot of a local day. Sent to the pile, which keeps to it when the cloud is out of
// reach.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/state.h"

namespace bayward::core {

enum class SlotUse : uint8_t {
  closed,  // nobody but the owner
  open,    // shared and not booked
  booked,  // the holder, and nobody else
};
std::string_view to_text(SlotUse use);

struct ScheduleEntry {
  Interval span;  // neighbours differ in use or holder
  SlotUse use{};
  BookingId booking;  // when booked
  AccountId account;  // of the holder
};

// Covers the whole local day without gaps. Empty when the day is outside the calendar's horizon.
std::vector<ScheduleEntry> day_schedule(const Site& site, const Bay& bay, int32_t day);

}  // namespace bayward::core
