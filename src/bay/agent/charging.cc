// Transactions (OCPP 2.0.1 E, F): one begins when somebody who may is plugged in (TxStartPoint Authorized and
// EVConnected), ends with the plug, the card, the order, or a fault, and every step is on disk before it is sent. A
// power cut in the middle ends it at the next start.
#include <algorithm>

#include "bay/agent/bay.h"
#include "bay/agent/json.h"
#include "bay/agent/messages.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

using Event = v201::TransactionEventEnumType;
using Trigger = v201::TriggerReasonEnumType;
using Reason = v201::ReasonEnumType;
using Charging = v201::ChargingStateEnumType;
using Context = v201::ReadingContextEnumType;

constexpr const char* stored_name = "transaction";
constexpr Duration let_go_patience{3s};  // of the car, before the contactor opens under load
constexpr int32_t let_go_ma = 1000;

std::string to_json(const Bay& bay, const Transaction& it) {
  return to_text(fields({
      {"id", text(it.id)},
      {"token", text(it.holder.token)},
      {"type", text(std::string(v201::to_text(it.holder.type)))},
      {"group", text(it.holder.group)},
      {"reservation", number(it.reservation.value_or(0))},
      {"remote_start", number(it.remote_start.value_or(-1))},
      {"next_seq", number(it.next_seq)},
      {"started", number(unix_ms(it.started_at))},
      {"begin_mwh", number(it.begin_mwh)},
      {"last_told", number(unix_ms(it.last_told_at))},
      {"last_mwh", number(register_mwh(bay))},
  }));
}

v201::IdTokenType spell(const Holder& holder) {
  v201::IdTokenType out;
  out.id_token = holder.token;
  out.type = holder.type;
  return out;
}

// The central system does not know who that is after all (C05, E05).
void judge(Bay& bay, const std::string& transaction, const ocpp::Json* answer) {
  if (!answer || !bay.transaction || bay.transaction->id != transaction || !bay.settings.stop_on_invalid_id) return;
  const auto response = ocpp::decode<v201::TransactionEventResponse>(*answer);
  if (!response || !response->id_token_info) return;
  if (response->id_token_info->status == v201::AuthorizationStatusEnumType::accepted) return;
  log::warn("bay.deauthorised", {{"transaction", transaction}});
  stop_charging(bay, Reason::de_authorized, Trigger::deauthorized);
}

struct Telling {
  Event event;
  Trigger trigger;
  Context context;
  std::optional<Reason> reason = std::nullopt;
};

v201::TransactionEventRequest event_of(const Bay& bay, const Transaction& it, const Telling& what) {
  v201::TransactionEventRequest request;
  request.event_type = what.event;
  request.trigger_reason = what.trigger;
  request.timestamp = bay.time();
  request.seq_no = it.next_seq;
  if (!bay.online()) request.offline = true;
  request.meter_value = meter_values(bay, what.context);
  request.transaction_info.transaction_id = it.id;
  request.transaction_info.charging_state = it.told;
  request.transaction_info.stopped_reason = what.reason;
  request.transaction_info.remote_start_id = it.remote_start;
  if (what.event == Event::started) {
    request.id_token = spell(it.holder);
    request.reservation_id = it.reservation;
  }
  if (what.event == Event::ended && what.trigger == Trigger::stop_authorized) request.id_token = spell(it.holder);
  request.evse.emplace().id = 1;
  request.evse->connector_id = 1;
  return request;
}

void tell(Bay& bay, const Telling& what) {
  Transaction& it = *bay.transaction;
  const bool droppable = what.event == Event::updated && what.trigger != Trigger::charging_state_changed;
  Said said = bay::said(event_of(bay, it, what), droppable ? Said::Keep::droppable : Said::Keep::yes);
  ++it.next_seq;
  it.last_told_at = bay.time();
  said.answered = [&bay, id = it.id](const ocpp::Json* answer) { judge(bay, id, answer); };
  std::optional<std::string> stored;
  if (what.event != Event::ended) stored = to_json(bay, it);
  bay.line.say(std::move(said), {{stored_name, std::move(stored)}});
}

Charging charging_state(const Bay& bay) {
  if (bay.outputs.close) return Charging::charging;
  if (!bay.sensed.plugged) return Charging::idle;
  if (!bay.safety.latched.empty() || bay.wishes.offered_ma < safety::offer_least_ma) return Charging::suspended_evse;
  const auto pilot = bay.sample[safety::Channel::pilot].value;
  return pilot == static_cast<int32_t>(safety::Pilot::b) ? Charging::suspended_ev : Charging::ev_connected;
}

Trigger trigger_of(const Grant& grant) {
  return grant.remote_start ? Trigger::remote_start : Trigger::authorized;
}

void begin(Bay& bay) {
  const Grant grant = *std::exchange(bay.grant, std::nullopt);
  Transaction& it = bay.transaction.emplace();
  const auto random = static_cast<int64_t>(bay.prng.below(1'000'000'000));
  it.id = "b" + std::to_string(bay.boot) + "-" + std::to_string(unix_s(bay.time())) + "-" + std::to_string(random);
  it.holder = grant.holder;
  it.reservation = grant.reservation;
  it.remote_start = grant.remote_start;
  it.started_at = bay.time();
  it.begin_mwh = register_mwh(bay);
  it.sample_at = bay.now.up + std::chrono::seconds{bay.settings.sample_s};
  it.clock_sample_at = bay.now.up;
  log::info("bay.transaction_started", {{"transaction", it.id}});
  tell(bay, {Event::started, trigger_of(grant), Context::transaction_begin});
  if (it.reservation) use_reservation(bay);
  bay.hardware.lock->set_locked(bay.now, true);
  tell_status(bay, false);
}

void end(Bay& bay, Reason reason, Trigger trigger) {
  bay.transaction->told = bay.sensed.plugged ? Charging::ev_connected : Charging::idle;
  log::info("bay.transaction_ended", {{"transaction", bay.transaction->id}, {"reason", v201::to_text(reason)}});
  tell(bay, {Event::ended, trigger, Context::transaction_end, reason});
  std::erase_if(bay.profiles, [](const ChargingProfile& profile) { return profile.transaction_id.has_value(); });
  bay.transaction.reset();
  bay.wishes.authorised = false;
  tell_status(bay, false);
}

// A fault that nobody but people can end ends the transaction, too: nobody pays for waiting.
std::optional<Reason> reason_of(safety::FaultSet latched) {
  using safety::Fault;
  const safety::FaultSet lasting =
      latched & (safety::with_remedy(safety::Remedy::staff) | safety::with_remedy(safety::Remedy::inspection));
  if (lasting.empty()) return std::nullopt;
  if (lasting.has(Fault::emergency_stop)) return Reason::emergency_stop;
  if (lasting.has(Fault::over_current) || lasting.has(Fault::short_circuit)) return Reason::overcurrent_fault;
  if (lasting.has(Fault::residual_ac) || lasting.has(Fault::residual_dc) || lasting.has(Fault::earth_missing)) {
    return Reason::ground_fault;
  }
  return Reason::other;
}

void drive_ending(Bay& bay) {
  const Ending& ending = *bay.transaction->ending;
  int32_t most_ma = 0;
  for (int phase = 0; phase < bay.config.safety.phases; ++phase) {
    most_ma = std::max(most_ma, bay.sample.readings[static_cast<size_t>(phase)].value.value_or(0));
  }
  const bool let_go = !bay.outputs.close || most_ma < let_go_ma;
  if (let_go || bay.now.up - ending.since >= let_go_patience) end(bay, ending.reason, ending.trigger);
}

void drive_samples(Bay& bay) {
  Transaction& it = *bay.transaction;
  const Charging state = charging_state(bay);
  if (state != it.told) {
    it.told = state;
    tell(bay, {Event::updated, Trigger::charging_state_changed, Context::other});
    return;
  }
  if (bay.settings.sample_s > 0 && bay.now.up >= it.sample_at) {
    it.sample_at = bay.now.up + std::chrono::seconds{bay.settings.sample_s};
    tell(bay, {Event::updated, Trigger::meter_value_periodic, Context::sample_periodic});
  }
}

}  // namespace

bool car_plugged(const Bay& bay) {
  const auto pilot = bay.sample[safety::Channel::pilot].value;
  if (!pilot) return bay.sensed.plugged;  // unknown: as before
  return *pilot >= static_cast<int32_t>(safety::Pilot::b) && *pilot <= static_cast<int32_t>(safety::Pilot::d);
}

void grant_charging(Bay& bay, Grant grant) {
  grant.until = bay.now.up + std::chrono::seconds{bay.settings.connection_timeout_s};
  bay.grant = std::move(grant);
  if (bay.sensed.plugged) begin(bay);
}

void stop_charging(Bay& bay, Reason reason, Trigger trigger) {
  bay.grant.reset();
  if (bay.transaction && !bay.transaction->ending) bay.transaction->ending = Ending{reason, trigger, bay.now.up};
}

void tell_sample(Bay& bay, Trigger trigger, Context context) {
  if (bay.transaction) tell(bay, {Event::updated, trigger, context});
}

void drive_charging(Bay& bay) {
  if (bay.grant && bay.now.up >= bay.grant->until) {
    bay.grant.reset();
    log::info("bay.grant_expired", {});
  }
  if (bay.grant && bay.sensed.plugged && !bay.transaction && bay.safety.latched.empty()) begin(bay);
  if (bay.transaction && !bay.sensed.plugged) end(bay, Reason::ev_disconnected, Trigger::ev_communication_lost);
  if (bay.transaction) {
    if (const auto reason = reason_of(bay.safety.latched)) end(bay, *reason, Trigger::abnormal_condition);
  }
  if (bay.transaction && bay.transaction->ending) drive_ending(bay);
  if (bay.transaction && !bay.transaction->ending) drive_samples(bay);

  LimitContext context{bay.time(),
                       std::nullopt,
                       "",
                       bay.config.safety.rating_ma,
                       bay.config.safety.phases,
                       bay.config.safety.nominal_mv};
  if (bay.transaction) {
    context.transaction_started = bay.transaction->started_at;
    context.transaction = bay.transaction->id;
  }
  const bool stopping = bay.transaction && bay.transaction->ending;
  bay.wishes.authorised = bay.transaction.has_value();
  bay.wishes.offered_ma = stopping ? 0 : offered_ma(bay.profiles, context);
  const bool may_unlock = !bay.transaction && !bay.outputs.close;
  if (bay.hardware.lock && may_unlock) bay.hardware.lock->set_locked(bay.now, false);
}

// E: "PowerLoss", told at the next start with what was last known.
void recover_transaction(Bay& bay) {
  const auto stored = bay.store.value(stored_name);
  const auto json = stored ? ocpp::parse_json(*stored) : Result<ocpp::Json, Error>(fail(""));
  if (!json) return;
  Transaction& it = bay.transaction.emplace();
  it.id = text_of(*json, "id");
  it.holder.token = text_of(*json, "token");
  it.next_seq = number_of(*json, "next_seq");
  it.told = Charging::idle;
  if (const int64_t remote = number_of(*json, "remote_start"); remote >= 0) it.remote_start = remote;
  v201::TransactionEventRequest request =
      event_of(bay, it, {Event::ended, Trigger::abnormal_condition, Context::transaction_end, Reason::power_loss});
  request.offline = true;
  // The end was when the power went: between the last event that was told and now. The meter's register, which the cut
  // does not touch, says what was charged until then.
  request.timestamp = from_unix_ms(number_of(*json, "last_told"));
  v201::MeterValueType& values = request.meter_value->front();
  values.timestamp = request.timestamp;
  const int64_t last = number_of(*json, "last_mwh");
  const int64_t metered = bay.sensed.meter ? bay.sensed.meter->import_mwh : last;
  const safety::Config& build = bay.config.safety;
  // More than an hour at full current since what was noted last is a meter that can't be believed.
  const int64_t hour_mwh = int64_t{build.rating_ma} * build.nominal_mv / 1000 * build.phases;
  const int64_t ended = metered >= last && metered <= last + hour_mwh ? metered : last;
  v201::SampledValueType energy = values.sampled_value.front();
  energy.value = ocpp::Decimal::of(ended, -3);
  values.sampled_value = {energy};
  log::warn("bay.transaction_lost_power", {{"transaction", it.id}});
  bay.line.say(said(request, Said::Keep::yes), {{stored_name, std::nullopt}});
  bay.transaction.reset();
}

}  // namespace bayward::bay
