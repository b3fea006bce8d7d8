#include "bay/agent/agent.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "bay/agent/bay.h"
#include "bay/agent/messages.h"
#include "bay/agent/routes.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

int64_t stored_number(Store& store, std::string_view name) {
  const auto text = store.value(name);
  int64_t out = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), out);
  return out;
}

// Counts this start; on disk before the first message carries it.
int64_t next_boot(Store& store) {
  const int64_t boot = stored_number(store, "boot") + 1;
  Change change{{{"boot", std::to_string(boot)}}, {}};
  const Status written = store.commit(change);
  if (!written) log::error("bay.store_failed", {{"why", written.error().message}});
  return boot;
}

// Drivers that read on threads of their own begin with the program: what has had no time to be read is not missing.
constexpr Duration first_readings{2s};

void read_sensors(Bay& bay) {
  bay.sample = {};
  for (SafetySensors* sensors : bay.hardware.sensors) sensors->read(bay.now, bay.sample);
}

bool may_begin(Bay& bay) {
  if (!bay.begun_at) bay.begun_at = bay.now.up;
  read_sensors(bay);
  return safety::complete(bay.config.safety, bay.sample, bay.now.up) || bay.now.up - *bay.begun_at >= first_readings;
}

void keep_safe(Bay& bay) {
  read_sensors(bay);
  auto next = safety::step(bay.config.safety, bay.safety, bay.sample, bay.wishes, bay.now.up);
  bay.safety = next.state;
  bay.outputs = next.outputs;
  if (bay.wishes.clear) end_calls(bay, {});  // staff has looked
  bay.wishes.carry_on = false;
  bay.wishes.clear.reset();
  if (bay.outputs.close)
    bay.hardware.contactor->permit(bay.now, bay.config.watchdog);
  else
    bay.hardware.contactor->open(bay.now);
  if (bay.outputs.trip_supply) bay.hardware.contactor->trip_supply(bay.now);
  bay.hardware.pilot->set_duty(bay.now, bay.outputs.duty_permille);
}

// After a long power cut it may be years off. What it is good for until the central system tells the time is
// identify.cc's.
void doubt_clock(const Bay& bay) {
  constexpr Duration long_away = std::chrono::days{60};
  const Duration ahead = bay.now.wall - bay.time_known;
  if (bay.time_known == Instant{} || (ahead >= Duration{0} && ahead <= long_away)) return;
  log::error(
      "bay.clock_not_believed",
      {{"machine", to_rfc3339(bay.now.wall)},
       {"last_known", to_rfc3339(bay.time_known)},
       {"until_told", ahead < Duration{0} ? "who may charge for a time only is refused" : "it is taken as it is"},
       {"what_to_do", "set this machine's clock, or let it reach the central system"}});
}

void drive_line(Bay& bay) {
  bay.line.poll(bay.now);
  if (!bay.line.up()) return;
  if (!bay.registered && bay.boot_at && bay.now.up >= *bay.boot_at) tell_boot(bay);
  if (bay.registered && bay.boot_triggered) tell_boot(bay);
  if (bay.registered && bay.now.up >= bay.heartbeat_at) tell_heartbeat(bay);
}

// J01: the whole hour's grid; within a transaction with its events (J02.FR.04).
void drive_aligned(Bay& bay) {
  if (bay.settings.aligned_s <= 0) return;
  const Duration every = std::chrono::seconds{bay.settings.aligned_s};
  const Duration until_next = every - bay.time().time_since_epoch() % every;
  if (bay.aligned_at == Uptime{}) bay.aligned_at = bay.now.up + until_next;
  if (bay.now.up < bay.aligned_at) return;
  bay.aligned_at = bay.now.up + until_next;
  if (bay.transaction) {
    tell_sample(bay, v201::TriggerReasonEnumType::meter_value_clock, v201::ReadingContextEnumType::sample_clock);
    return;
  }
  v201::MeterValuesRequest request;
  request.evse_id = 1;
  request.meter_value = meter_values(bay, v201::ReadingContextEnumType::sample_clock);
  bay.line.say(said(request));
}

void drive_restart(Bay& bay) {
  if (bay.reset_on_idle && !bay.transaction) {
    bay.reset_on_idle = false;
    bay.restart_at = bay.now.up + 1s;
  }
  // What waits is on disk; a moment is given so that the end of the transaction is told by this program.
  if (!bay.restart_at || bay.restart || bay.transaction) return;
  if (bay.line.waiting() == 0 || bay.now.up >= *bay.restart_at + 10s) {
    if (bay.now.up >= *bay.restart_at) bay.restart = bay.restart.value_or(BootReason::remote_reset);
  }
}

}  // namespace

Bay::Bay(AgentParts parts)
    : config(std::move(parts.config)),
      hardware(std::move(parts.hardware)),
      store(parts.store),
      mesh(parts.mesh),
      slots(parts.firmware),
      prng(parts.seed),
      boot(next_boot(parts.store)),
      line(parts.store, *this, std::move(parts.dial), boot, parts.seed + 1) {
  BAYWARD_CHECK(hardware.contactor && hardware.pilot && hardware.lock && hardware.meter);
  safety = safety::restored(safety::FaultSet{static_cast<uint32_t>(stored_number(store, "latched"))});
  last_alarm = static_cast<uint32_t>(stored_number(store, "last_alarm"));
  operative = !config.without_memory && store.value("operative").value_or("true") == "true";
  time_known = from_unix_ms(stored_number(store, stored_time));
}

Agent::Agent(AgentParts parts) : bay_(std::make_unique<Bay>(std::move(parts))) {}
Agent::~Agent() = default;
Agent::Agent(Agent&&) noexcept = default;

void Agent::poll(Moment now) {
  Bay& bay = *bay_;
  const bool first = !bay.safety.started;
  bay.now = now;
  if (first && !may_begin(bay)) return bay.hardware.contactor->open(now);
  keep_safe(bay);
  if (first) {
    doubt_clock(bay);
    if (const auto reading = bay.hardware.meter->read(now)) bay.sensed.meter = reading;
    recover_settings(bay);
    recover_list(bay);
    recover_profiles(bay);
    recover_transaction(bay);
    recover_reservation(bay);
  }
  take_outputs(bay);
  sense(bay);
  drive_charging(bay);
  drive_reservation(bay);
  drive_aligned(bay);
  drive_monitors(bay);
  drive_firmware(bay);
  drive_line(bay);
  tell_status(bay, false);
  show(bay);
  publish(bay);
  drive_restart(bay);
}

const BayState& Agent::state() const {
  return bay_->state;
}
const safety::State& Agent::safety() const {
  return bay_->safety;
}

void Agent::clear(safety::Remedy by) {
  bay_->wishes.clear = by;
}

void Agent::heard(const BayAlarm& alarm) {
  auto& heard = bay_->heard;
  std::erase_if(heard,
                [&](const BayAlarm& other) { return other.device == alarm.device && other.number <= alarm.number; });
  if (alarm.all_clear || alarm.level != DangerLevel::everybody || alarm.device == bay_->config.identity) return;
  if (heard.size() < limits::bay_display_messages) heard.push_back(alarm);
}

std::optional<BootReason> Agent::restart_wanted() const {
  return bay_->restart;
}

void Agent::shut_down(Moment now) {
  bay_->now = now;
  bay_->hardware.contactor->open(now);
  bay_->hardware.pilot->set_duty(now, 1000);
  bay_->line.hang_up();
}

}  // namespace bayward::bay
