// From what safety has found to those who must hear of it (D2 to D6, D8): the log, the store, the central system, the
// mesh. The people at the bay are told by show.cc.
#include <algorithm>

#include "base/limits.h"
#include "bay/agent/bay.h"
#include "bay/agent/events.h"
#include "bay/agent/json.h"
#include "bay/agent/messages.h"
#include "ports/http_util.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

using safety::Fault;
using safety::FaultSet;
using safety::Level;

constexpr std::string_view panic_word = "panic";
constexpr std::string_view car_alarm_word = "car_alarm";

std::string celsius(int32_t thousandths) {
  return ocpp::Decimal::of(thousandths / 100, -1).text();
}

v201::EventDataType event(Bay& bay, std::string_view component, std::string_view instance, std::string_view variable) {
  v201::EventDataType out;
  out.event_id = (bay.boot % 20'000) * 100'000 + ++bay.last_event % 100'000;
  out.timestamp = bay.time();
  out.component.name = component;
  if (!instance.empty()) out.component.instance = std::string(instance);
  out.component.evse.emplace().id = 1;
  out.variable.name = variable;
  if (bay.transaction) out.transaction_id = bay.transaction->id;
  return out;
}

void tell(Bay& bay, v201::EventDataType event, bool ahead) {
  v201::NotifyEventRequest request;
  request.generated_at = bay.time();
  request.event_data = {std::move(event)};
  Said said = bay::said(request, Said::Keep::yes);
  said.ahead = ahead;
  bay.line.say(std::move(said));
}

// N07 for a hard-wired monitor.
void tell_fault(Bay& bay, Fault fault, bool over) {
  const FaultPlace& place = fault_places[static_cast<size_t>(fault)];
  const safety::FaultInfo& about = safety::info(fault);
  if (place.severity > bay.monitoring_level) return;
  v201::EventDataType data = event(bay, place.component, place.instance, place.variable);
  data.trigger = v201::EventTriggerEnumType::alerting;
  data.event_notification_type = v201::EventNotificationEnumType::hard_wired_monitor;
  data.variable_monitoring_id = monitor_id(fault);
  data.actual_value = place.variable == "Temperature" ? celsius(bay.outputs.hottest_mc) : over ? "false" : "true";
  data.tech_code = std::string(about.word);
  data.tech_info = std::string(about.clause);
  if (over) data.cleared = true;
  tell(bay, std::move(data), about.level >= Level::danger);
}

DangerLevel level_for(Level level) {
  return static_cast<DangerLevel>(level);
}

BayAlarm raise(Bay& bay, uint32_t number, std::string_view kind, DangerLevel level, bool all_clear) {
  BayAlarm alarm;
  alarm.number = number;
  alarm.device = bay.config.identity;
  alarm.address = bay.config.address;
  alarm.bay = bay.config.bay_label;
  alarm.kind = kind;
  alarm.level = level;
  alarm.all_clear = all_clear;
  alarm.value = bay.outputs.hottest_mc;
  alarm.at = bay.time();
  if (bay.mesh) bay.mesh->raise(alarm);
  return alarm;
}

uint32_t next_number(Bay& bay) {
  ++bay.last_alarm;
  bay.line.write({{"last_alarm", std::to_string(bay.last_alarm)}});
  return bay.last_alarm;
}

// Until its all-clear; the oldest is ended when too many are open.
void call(Bay& bay, std::string_view kind, DangerLevel level) {
  if (bay.called.size() >= limits::bay_open_calls) {
    raise(bay, bay.called.front().number, bay.called.front().kind, DangerLevel::none, true);
    bay.called.erase(bay.called.begin());
  }
  bay.called.push_back(raise(bay, next_number(bay), kind, level, false));
}

void tell_mesh(Bay& bay) {
  const Level level = bay.outputs.level;
  if (level >= Level::fault && (!bay.open_alarm || level > bay.open_level)) {
    if (!bay.open_alarm) bay.open_alarm = next_number(bay);
    bay.open_level = level;
    bay.open_kind = safety::info(*worst(bay.safety.latched)).word;
    raise(bay, *bay.open_alarm, bay.open_kind, level_for(level), false);
  }
  // D4: nothing is latched any more, so whoever may end it has looked.
  if (bay.open_alarm && bay.safety.latched.empty()) {
    raise(bay, *bay.open_alarm, bay.open_kind, DangerLevel::none, true);
    bay.open_alarm.reset();
    bay.open_level = Level::none;
  }
}

}  // namespace

std::optional<Fault> worst(FaultSet faults) {
  std::optional<Fault> out;
  for (size_t i = 0; i < safety::fault_count; ++i) {
    const auto fault = static_cast<Fault>(i);
    if (faults.has(fault) && (!out || safety::info(fault).level >= safety::info(*out).level)) out = fault;
  }
  return out;
}

void take_outputs(Bay& bay) {
  const FaultSet raised = bay.outputs.raised;
  const FaultSet ended = bay.outputs.ended;
  if (raised.empty() && ended.empty()) {
    tell_mesh(bay);  // the level may have changed
    return;
  }
  tell_mesh(bay);  // first: it needs neither disk nor cloud
  bay.line.write({{"latched", std::to_string(bay.safety.latched.bits())}});
  for (size_t i = 0; i < safety::fault_count; ++i) {
    const auto fault = static_cast<Fault>(i);
    if (raised.has(fault)) {
      log::warn("bay.fault", {{"fault", safety::info(fault).word}, {"hottest_mc", bay.outputs.hottest_mc}});
      tell_fault(bay, fault, false);
    }
    if (ended.has(fault)) {
      log::info("bay.fault_ended", {{"fault", safety::info(fault).word}});
      tell_fault(bay, fault, true);
    }
  }
  tell_status(bay, false);
}

// D6. The police desk is called by the central system; voice is the site's.
void panic(Bay& bay) {
  log::warn("bay.panic", {});
  v201::EventDataType data = event(bay, "UIInput", "panic", "Operated");
  data.trigger = v201::EventTriggerEnumType::alerting;
  data.event_notification_type = v201::EventNotificationEnumType::hard_wired_notification;
  data.actual_value = "true";
  data.tech_code = std::string(panic_word);
  call(bay, panic_word, DangerLevel::danger);
  tell(bay, std::move(data), true);
}

// D5.
void car_alarm(Bay& bay) {
  log::warn("bay.car_alarm", {});
  v201::EventDataType data = event(bay, "IntrusionSensor", "", "Tripped");
  data.trigger = v201::EventTriggerEnumType::alerting;
  data.event_notification_type = v201::EventNotificationEnumType::hard_wired_notification;
  data.actual_value = "true";
  data.tech_code = std::string(car_alarm_word);
  call(bay, car_alarm_word, DangerLevel::fault);
  tell(bay, std::move(data), true);
}

void end_calls(Bay& bay, std::string_view kind) {
  std::erase_if(bay.called, [&](const BayAlarm& open) {
    if (!kind.empty() && open.kind != kind) return false;
    raise(bay, open.number, open.kind, DangerLevel::none, true);
    return true;
  });
}

void tell_sensed(Bay& bay, const std::string& component, const std::string& variable, const std::string& value) {
  v201::EventDataType data = event(bay, component, "", variable);
  data.trigger = v201::EventTriggerEnumType::delta;
  data.event_notification_type = v201::EventNotificationEnumType::hard_wired_notification;
  data.actual_value = cut(value, 2500);
  tell(bay, std::move(data), false);
}

// docs/datatransfer.md: NotifyEvent has no room for a picture.
void tell_picture(Bay& bay, const std::string& plate, std::string_view jpeg) {
  if (!bay.online()) return;
  v201::DataTransferRequest request;
  request.vendor_id = "org.bayward";
  request.message_id = "VehicleId";
  request.data = fields({{"evseId", number(1)},
                         {"plate", text(plate)},
                         {"timestamp", text(to_rfc3339(bay.time()))},
                         {"picture", text(base64_encode(jpeg))}});
  bay.line.say(said(request));
}

}  // namespace bayward::bay
