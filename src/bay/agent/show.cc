// What people at the bay see and hear, and what the mesh is told of its state.
#include <algorithm>

#include "bay/agent/bay.h"

namespace bayward::bay {
namespace {

// O01: the message in force, the one with the highest priority.
const v201::MessageInfoType* message_now(const Bay& bay) {
  const Instant now = bay.time();
  const v201::MessageInfoType* best = nullptr;
  for (const v201::MessageInfoType& message : bay.messages) {
    if (message.start_date_time && now < *message.start_date_time) continue;
    if (message.end_date_time && now >= *message.end_date_time) continue;
    if (message.transaction_id && (!bay.transaction || bay.transaction->id != *message.transaction_id)) continue;
    if (message.state) {
      const bool fits = (*message.state == v201::MessageStateEnumType::charging && bay.transaction) ||
                        (*message.state == v201::MessageStateEnumType::idle && !bay.transaction) ||
                        (*message.state == v201::MessageStateEnumType::faulted && !bay.safety.latched.empty()) ||
                        (*message.state == v201::MessageStateEnumType::unavailable && !bay.operative);
      if (!fits) continue;
    }
    if (!best || message.priority < best->priority) best = &message;
  }
  return best;
}

Situation situation(const Bay& bay) {
  Situation now;
  now.operative = bay.operative;
  now.occupied = bay.sensed.occupied.value_or(bay.sensed.plugged);
  now.plugged = bay.sensed.plugged;
  now.transaction = bay.transaction.has_value();
  now.power_on = bay.outputs.close;
  now.authorised = bay.grant.has_value();
  if (bay.reservation) {
    const Duration left = std::max<Duration>(bay.reservation->ends_up - bay.now.up, 0ms);
    now.reserved_minutes = std::chrono::ceil<std::chrono::minutes>(left).count();
  }
  now.holder = bay.holder_came;
  now.wrong_vehicle = bay.wrong_vehicle;
  now.refused = bay.now.up < bay.refused_until;
  now.fault = worst(bay.safety.latched);
  if (bay.outputs.ask_driver) now.warning = worst(bay.safety.warnings.without(bay.safety.overruled));
  now.everybody = bay.outputs.level == safety::Level::everybody;
  for (const BayAlarm& alarm : bay.heard) {
    now.everybody = true;
    now.danger_elsewhere = alarm.bay;
  }
  if (bay.transaction) now.energy_wh = (register_mwh(bay) - bay.transaction->begin_mwh) / 1000;
  now.power_w = bay.sensed.meter ? bay.sensed.meter->power_w : 0;
  if (const auto* message = message_now(bay)) {
    now.message = message->message.content;
    now.message_in_front = message->priority != v201::MessagePriorityEnumType::normal_cycle;
  }
  return now;
}

DangerLevel danger_of(const Bay& bay) {
  return static_cast<DangerLevel>(bay.outputs.level);
}

}  // namespace

void show(Bay& bay) {
  const Signs signs = signs_of(situation(bay), bay.config.language);
  const bool all = !std::exchange(bay.showed, true);
  if (bay.hardware.lamp && (all || signs.lamp != bay.shown.lamp)) bay.hardware.lamp->show(bay.now, signs.lamp);
  if (bay.hardware.display && (all || signs.lines != bay.shown.lines)) bay.hardware.display->show(bay.now, signs.lines);
  const bool speak = !signs.sentence.empty() && (all || signs.sentence != bay.shown.sentence);
  if (bay.hardware.speaker && speak) bay.hardware.speaker->say(bay.now, signs.sentence, signs.urgent);
  bay.shown = signs;
}

void publish(Bay& bay) {
  BayState state;
  if (!bay.safety.latched.empty())
    state.use = BayUse::faulted;
  else if (bay.transaction)
    state.use = BayUse::charging;
  else if (bay.sensed.occupied == true || bay.sensed.plugged)
    state.use = BayUse::occupied;
  else if (!bay.operative)
    state.use = BayUse::out_of_service;
  else if (bay.reservation)
    state.use = BayUse::reserved;
  state.danger = danger_of(bay);
  state.occupied = bay.sensed.occupied.value_or(bay.sensed.plugged);
  state.plugged = bay.sensed.plugged;
  state.power_on = bay.outputs.close;
  state.online = bay.online();
  // Rounded, so that a state that hardly changes is not told again and again.
  state.power_w = (bay.sensed.meter ? bay.sensed.meter->power_w : 0) / 100 * 100;
  state.offered_ma = bay.wishes.offered_ma;
  state.connector_mc = bay.outputs.hottest_mc / 1000 * 1000;
  state.reserved_until_ms = bay.reservation ? unix_ms(bay.reservation->expiry) : 0;
  if (bay.sensed.supply) {
    state.mains = bay.sensed.supply->mains;
    state.battery_permille = bay.sensed.supply->battery_permille / 10 * 10;
  }
  const bool changed = !std::exchange(bay.published, true) || state != bay.state;
  bay.state = state;
  if (changed && bay.mesh) bay.mesh->publish(state);
}

}  // namespace bayward::bay
