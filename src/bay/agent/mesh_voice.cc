#include "bay/agent/mesh_voice.h"

#include <array>
#include <utility>

#include "base/limits.h"
#include "bay/agent/messages.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

using mesh::AlarmKind;

constexpr std::array<std::pair<std::string_view, AlarmKind>, 18> kinds = {{
    {"connector_too_hot", AlarmKind::connector_hot},
    {"heating_too_fast", AlarmKind::connector_hot},
    {"danger_grows", AlarmKind::connector_hot},
    {"cable_too_hot", AlarmKind::cable_hot},
    {"insulation_failing", AlarmKind::cable_hot},
    {"smoke", AlarmKind::smoke},
    {"over_current", AlarmKind::over_current},
    {"short_circuit", AlarmKind::over_current},
    {"residual_ac", AlarmKind::residual_current},
    {"residual_dc", AlarmKind::residual_current},
    {"over_voltage", AlarmKind::voltage},
    {"under_voltage", AlarmKind::voltage},
    {"contactor_welded", AlarmKind::welded_contactor},
    {"earth_missing", AlarmKind::earth_lost},
    {"emergency_stop", AlarmKind::emergency_stop},
    {"lock_lost", AlarmKind::tampering},
    {"car_alarm", AlarmKind::break_in},
    {"panic", AlarmKind::panic},
}};

AlarmKind kind_of(std::string_view word) {
  for (const auto& [known, kind] : kinds) {
    if (known == word) return kind;
  }
  return AlarmKind::other;
}

mesh::BayCondition condition_of(BayUse use) {
  switch (use) {
    case BayUse::free:
      return mesh::BayCondition::idle;
    case BayUse::reserved:
      return mesh::BayCondition::reserved;
    case BayUse::occupied:
      return mesh::BayCondition::occupied;
    case BayUse::charging:
      return mesh::BayCondition::charging;
    case BayUse::out_of_service:
      return mesh::BayCondition::out_of_service;
    case BayUse::faulted:
      return mesh::BayCondition::faulted;
  }
  return mesh::BayCondition::unknown;
}

void note(const Status& done) {
  if (!done) log::error("bay.mesh", {{"why", done.error().message}});
}

}  // namespace

mesh::AlarmContent to_mesh(const BayAlarm& alarm) {
  mesh::AlarmContent out;
  out.kind = kind_of(alarm.kind);
  out.level = alarm.level >= DangerLevel::danger  ? mesh::AlarmLevel::danger
              : alarm.level == DangerLevel::fault ? mesh::AlarmLevel::warning
                                                  : mesh::AlarmLevel::notice;
  out.growing_after_cut = alarm.level == DangerLevel::everybody;
  out.raised_at = alarm.at;
  out.value_milli = alarm.value;
  if (alarm.value != 0) out.unit = "Cel";
  out.device = cut(alarm.device, limits::mesh_label_bytes);
  out.bay = cut(alarm.bay, limits::mesh_label_bytes);
  out.address = cut(alarm.address, limits::mesh_text_bytes);
  out.detail = cut(alarm.kind, limits::mesh_text_bytes);
  return out;
}

mesh::BayState to_mesh(const BayState& state, std::string_view bay_label, std::string_view device) {
  mesh::BayState out;
  out.condition = condition_of(state.use);
  out.vehicle_seen = state.occupied;
  out.plugged_in = state.plugged;
  out.on_battery = !state.mains;
  out.bay = cut(std::string(bay_label), limits::mesh_label_bytes);
  out.device = cut(std::string(device), limits::mesh_label_bytes);
  return out;
}

void MeshVoice::publish(const BayState& state) {
  if (driver_) note(driver_->publish_state(to_mesh(state, label_, device_)));
}

void MeshVoice::raise(const BayAlarm& alarm) {
  if (!driver_) return;
  const auto known = open_.find(alarm.number);
  if (alarm.all_clear) {
    if (known != open_.end()) note(driver_->all_clear(known->second));
    open_.erase(alarm.number);
    return;
  }
  if (known != open_.end()) return note(driver_->update_alarm(known->second, to_mesh(alarm)));
  const auto raised = driver_->raise_alarm(to_mesh(alarm));
  if (raised)
    open_[alarm.number] = *raised;
  else
    log::error("bay.mesh", {{"why", raised.error().message}});
}

std::optional<BayAlarm> from_mesh(const mesh::Event& event) {
  const mesh::Alarm* alarm = nullptr;
  const auto* received = std::get_if<mesh::AlarmReceived>(&event);
  const auto* cleared = std::get_if<mesh::AlarmCleared>(&event);
  if (received) alarm = &received->alarm;
  if (cleared) alarm = &cleared->alarm;
  if (!alarm) return std::nullopt;
  BayAlarm out;
  out.number = static_cast<uint32_t>(alarm->id.number);
  out.device = alarm->content.device;
  out.address = alarm->content.address;
  out.bay = alarm->content.bay;
  out.kind = alarm->content.detail;
  out.level = alarm->content.growing_after_cut ? DangerLevel::everybody : DangerLevel::danger;
  out.all_clear = cleared != nullptr;
  out.value = alarm->content.value_milli;
  out.at = alarm->content.raised_at;
  return out;
}

}  // namespace bayward::bay
