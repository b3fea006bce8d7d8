#include "bay/safety/machine.h"

#include <algorithm>
#include <cstdlib>

namespace bayward::bay::safety {
namespace {

constexpr int32_t warm_margin_mc = 10'000;
constexpr int32_t jump_mc = 40'000;  // no metal does that between two samples
constexpr int32_t fast_mc = 10'000;  // in history_seconds
constexpr int32_t quick_mc = 4'000;
constexpr int32_t quick_from_mc = 40'000;
constexpr int32_t growing_mc = 3'000;  // in history_seconds, once the heat that was on its way has arrived
constexpr Duration heat_on_its_way{15s};
constexpr int32_t growth_max_mc = 15'000;  // above what it was at the cut, at any time
constexpr int32_t leaking_ma = 2'000;      // flows although the contactor is open
constexpr Duration contact_travel{200ms};  // of a contactor, with bounce
constexpr Duration offer_withdrawn{6s};    // IEC 61851-1 table A.6: then the supply may open under load
constexpr Duration follow_patience{10s};
constexpr Duration stuck_after{10min};
constexpr int32_t stuck_mc = 100;

// What is seen in one step, with the rules' shorthands.
struct View {
  const Config& config;
  const Sample& sample;
  Uptime now;

  bool fresh(Channel channel) const {
    const Reading& reading = sample[channel];
    return reading.value && reading.at <= now && now - reading.at <= config.stale_after;
  }
  bool possible(Channel channel) const {
    const Reading& reading = sample[channel];
    if (!reading.value) return true;
    const ChannelRange& range = range_of(channel);
    return reading.at <= now && *reading.value >= range.lowest && *reading.value <= range.highest;
  }
  // Nothing unless it may be relied upon.
  std::optional<int32_t> value(Channel channel) const {
    return fresh(channel) && possible(channel) ? sample[channel].value : std::nullopt;
  }
  bool is_on(Channel channel) const { return value(channel) == 1; }
  bool pilot_is(Pilot pilot) const { return value(Channel::pilot) == static_cast<int32_t>(pilot); }
  bool car_asks() const { return pilot_is(Pilot::c) || (config.ventilated && pilot_is(Pilot::d)); }

  bool needed(Channel channel) const {
    const bool other_phase = channel == Channel::current_l2 || channel == Channel::current_l3 ||
                             channel == Channel::voltage_l2 || channel == Channel::voltage_l3;
    if (other_phase) return config.phases == 3;
    if (channel == Channel::cable_temperature) return config.measures_cable;
    return channel != Channel::ambient_temperature;
  }
  // Of the phases there are. Unreliable ones count as nothing here; that they are is a fault of its own.
  int32_t current_ma() const {
    int32_t most = 0;
    for (int phase = 0; phase < config.phases; ++phase) {
      most = std::max(most, value(static_cast<Channel>(static_cast<int>(Channel::current_l1) + phase)).value_or(0));
    }
    return most;
  }
  std::optional<int32_t> hottest_mc() const {
    const auto connector = value(Channel::connector_temperature);
    const auto cable = config.measures_cable ? value(Channel::cable_temperature) : std::nullopt;
    return connector && cable ? std::max(*connector, *cable) : connector ? connector : cable;
  }
};

void check_readings(const View& view, State& state, FaultSet& active) {
  for (size_t i = 0; i < channel_count; ++i) {
    const auto channel = static_cast<Channel>(i);
    if (!view.needed(channel)) continue;
    if (!view.possible(channel)) active.add(Fault::sensor_implausible);
    if (view.possible(channel) && !view.fresh(channel)) active.add(Fault::sensor_missing);
  }
  const auto jumps = [&](Channel channel, std::optional<int32_t>& last) {
    const auto value = view.value(channel);
    const bool jumped = value && last && std::abs(*value - *last) > jump_mc;
    last = value;
    return jumped;
  };
  if (jumps(Channel::connector_temperature, state.last_connector_mc)) active.add(Fault::sensor_implausible);
  if (view.config.measures_cable && jumps(Channel::cable_temperature, state.last_cable_mc)) {
    active.add(Fault::sensor_implausible);
  }
}

void check_heat(const View& view, State& state, FaultSet& active) {
  const ConnectorLimits& connector = limits_of(view.config.connector);
  const CableLimits& cable = limits_of(view.config.cable);
  const int32_t ambient = view.value(Channel::ambient_temperature).value_or(assumed_ambient_mc);
  const int32_t connector_limit = std::min(connector.lasting_mc, ambient + connector.rise_mc);
  const auto at_connector = view.value(Channel::connector_temperature);
  const auto at_cable = view.config.measures_cable ? view.value(Channel::cable_temperature) : std::nullopt;

  if (state.timers.connector_hot.lasted(at_connector > connector_limit, heat_grace, view.now)) {
    active.add(Fault::connector_too_hot);
  }
  if (state.timers.cable_hot.lasted(at_cable > cable.lasting_mc, heat_grace, view.now)) {
    active.add(Fault::cable_too_hot);
  }
  if (at_connector >= connector.at_once_mc || at_cable >= cable.at_once_mc) active.add(Fault::insulation_failing);
  // An empty optional is less than any limit.
  if (at_connector > connector_limit - warm_margin_mc) active.add(Fault::warm_connector);
  if (at_cable > cable.lasting_mc - warm_margin_mc) active.add(Fault::warm_cable);
}

// The rise over the last history_seconds, as far as they are known.
int32_t note_heat(const View& view, HeatHistory& history) {
  const auto hottest = view.hottest_mc();
  if (!hottest) {
    history = {};
    return 0;
  }
  if (history.count == 0 || view.now - history.last_at >= 1s) {
    if (history.count == history_seconds) {
      std::shift_left(history.hottest_mc.begin(), history.hottest_mc.end(), 1);
      --history.count;
    }
    history.hottest_mc[history.count++] = *hottest;
    history.last_at = view.now;
  }
  return *hottest - history.hottest_mc[0];
}

void check_rise(const View& view, State& state, FaultSet& active) {
  const int32_t rise = note_heat(view, state.history);
  if (rise >= fast_mc) active.add(Fault::heating_too_fast);
  if (rise >= quick_mc && view.hottest_mc() >= quick_from_mc) active.add(Fault::warming_quickly);
  if (!state.aftermath) return;
  const auto hottest = view.hottest_mc();
  const bool settled = view.now - state.aftermath->since >= heat_on_its_way;
  const bool above_cut =
      hottest && state.aftermath->hottest_mc && *hottest >= *state.aftermath->hottest_mc + growth_max_mc;
  if (above_cut || (settled && rise >= growing_mc)) active.add(Fault::danger_grows);
}

// A contact that carries current must become warmer.
void check_load(const View& view, State& state, FaultSet& active) {
  const auto hottest = view.hottest_mc();
  if (!hottest || view.current_ma() < view.config.rating_ma / 2) {
    state.load = {};
    return;
  }
  LoadWatch& load = state.load;
  if (!load.since) load = {view.now, *hottest, *hottest};
  load.coolest_mc = std::min(load.coolest_mc, *hottest);
  load.hottest_mc = std::max(load.hottest_mc, *hottest);
  if (view.now - *load.since < stuck_after) return;
  if (load.hottest_mc - load.coolest_mc < stuck_mc) active.add(Fault::sensor_stuck);
  load = {};
}

void check_current(const View& view, const Wishes& wishes, State& state, FaultSet& active) {
  const int64_t permille = int64_t{view.current_ma()} * 1000 / view.config.rating_ma;
  if (permille >= short_circuit_permille) active.add(Fault::short_circuit);
  for (size_t i = 0; i < current_bands.size(); ++i) {
    const CurrentBand& band = current_bands[i];
    if (state.timers.bands[i].lasted(permille > band.permille, band.allowed, view.now)) active.add(Fault::over_current);
  }
  const bool above = permille > current_bands[0].permille;
  if (state.timers.current_warning.lasted(above, current_warning_after, view.now)) active.add(Fault::current_high);
  // 10 % and 1 A are the car's tolerance.
  const bool ignores = state.closed && view.current_ma() > wishes.offered_ma + wishes.offered_ma / 10 + 1000;
  if (state.timers.ignores.lasted(ignores, follow_patience, view.now)) active.add(Fault::car_ignores_limit);

  const auto ac = view.value(Channel::residual_ac);
  if (ac >= residual_ac_limit_ua) active.add(Fault::residual_ac);
  if (ac >= residual_ac_warning_ua) active.add(Fault::residual_rising);
  if (view.value(Channel::residual_dc) >= residual_dc_limit_ua) active.add(Fault::residual_dc);
}

void check_voltage(const View& view, State& state, FaultSet& active) {
  int64_t highest = 0;
  int64_t lowest = 1000;
  for (int phase = 0; phase < view.config.phases; ++phase) {
    const auto value = view.value(static_cast<Channel>(static_cast<int>(Channel::voltage_l1) + phase));
    if (!value) continue;  // that is a fault of its own
    const int64_t permille = int64_t{*value} * 1000 / view.config.nominal_mv;
    highest = std::max(highest, permille);
    lowest = std::min(lowest, permille);
  }
  const bool high = highest > voltage_high_permille;
  const bool low = lowest < voltage_low_permille;
  const bool lasting = state.timers.voltage_bad.lasted(high || low, voltage_grace, view.now);
  if (highest >= voltage_at_once_permille || (high && lasting)) active.add(Fault::over_voltage);
  if (lowest < voltage_gone_permille || (low && lasting)) active.add(Fault::under_voltage);
}

void check_contacts(const View& view, State& state, FaultSet& active) {
  const auto feedback = view.value(Channel::contactor_feedback);
  Timers& timers = state.timers;
  const bool says_closed = timers.welded.lasted(!state.closed && feedback == 1, contact_travel, view.now);
  const bool leaks =
      timers.leaking.lasted(!state.closed && view.current_ma() >= leaking_ma, 2 * contact_travel, view.now);
  if (says_closed || leaks) active.add(Fault::contactor_welded);
  if (timers.stuck_open.lasted(state.closed && feedback == 0, 2 * contact_travel, view.now)) {
    active.add(Fault::contactor_stuck_open);
  }
  if (view.is_on(Channel::smoke)) active.add(Fault::smoke);
  if (view.is_on(Channel::emergency_stop)) active.add(Fault::emergency_stop);
  if (view.value(Channel::earth) == 0) active.add(Fault::earth_missing);
  if (state.closed && view.value(Channel::lock) == 0) active.add(Fault::lock_lost);
  if (view.pilot_is(Pilot::e) || view.pilot_is(Pilot::f)) active.add(Fault::pilot_error);
}

FaultSet thermal() {
  FaultSet out;
  for (const Fault fault : {Fault::connector_too_hot, Fault::cable_too_hot, Fault::heating_too_fast,
                            Fault::insulation_failing, Fault::smoke, Fault::danger_grows, Fault::short_circuit}) {
    out.add(fault);
  }
  return out;
}

// Causes to latched faults and warnings, and their ends.
void latch(const Wishes& wishes, bool unplugged, State& state) {
  const FaultSet warning_kinds = with_remedy(Remedy::driver);
  const FaultSet self_kinds = with_remedy(Remedy::itself);
  state.latched = state.latched | state.active.without(warning_kinds);
  const FaultSet new_warnings = (state.active & warning_kinds).without(state.warnings).without(state.overruled);
  if (!new_warnings.empty()) state.warned_at = state.now;
  state.warnings = state.warnings | (state.active & warning_kinds);

  FaultSet calm;  // whose cause has been gone long enough
  for (size_t i = 0; i < fault_count; ++i) {
    const auto fault = static_cast<Fault>(i);
    if (state.active.has(fault)) state.last_active[i] = state.now;
    if (!state.active.has(fault) && state.now - state.last_active[i] >= calm_before_end) calm.add(fault);
  }
  state.warnings = state.warnings.without(calm);
  state.latched = state.latched.without(self_kinds & calm);

  FaultSet clearable;
  if (wishes.clear && *wishes.clear >= Remedy::staff) clearable = with_remedy(Remedy::staff) | self_kinds;
  if (wishes.clear == Remedy::inspection) clearable = clearable | with_remedy(Remedy::inspection);
  state.latched = state.latched.without(clearable.without(state.active));
  if (wishes.carry_on) state.overruled = state.overruled | state.warnings;
  if (unplugged) state.overruled = {};
}

bool may_close(const View& view, const Wishes& wishes, State& state) {
  const bool asked = !state.warnings.without(state.overruled).empty();
  const bool patience_over = asked && view.now - state.warned_at >= warning_patience;
  const bool no_offer = wishes.offered_ma < offer_least_ma;
  const bool offer_over = state.timers.offer_gone.lasted(no_offer, state.closed ? offer_withdrawn : 0ms, view.now);
  const bool rested = state.closed || view.now - state.opened_at >= rest_before_close;
  const bool hand_shake = state.closed || view.value(Channel::contactor_feedback) == 0;
  return wishes.authorised && view.car_asks() && view.is_on(Channel::lock) && view.is_on(Channel::earth) &&
         state.latched.empty() && !patience_over && !offer_over && rested && hand_shake;
}

void note_aftermath(const View& view, bool opening, State& state) {
  if ((state.latched & thermal()).empty())
    state.aftermath.reset();
  else if (!state.aftermath || opening)
    state.aftermath = Aftermath{view.now, view.hottest_mc()};
}

Outputs put_out(const View& view, const Wishes& wishes, const State& before, const State& state) {
  Outputs out;
  out.close = state.closed;
  const bool offers = wishes.authorised && state.latched.empty();
  out.duty_permille = offers ? duty_permille(std::min(wishes.offered_ma, view.config.rating_ma)) : 1000;
  out.trip_supply = state.latched.has(Fault::contactor_welded);
  out.ask_driver = !state.warnings.without(state.overruled).empty();
  const FaultSet had = before.latched | before.warnings;
  const FaultSet has = state.latched | state.warnings;
  out.raised = has.without(had);
  out.ended = had.without(has);
  out.level = level_of(has);
  out.hottest_mc = view.hottest_mc().value_or(0);
  return out;
}

}  // namespace

Step step(const Config& config, State state, const Sample& sample, const Wishes& wishes, Uptime now) {
  const State before = state;
  FaultSet active;
  if (state.started && now < state.now) active.add(Fault::clock_backwards);
  if (state.started && now - state.now > config.step_gap_max) active.add(Fault::agent_stalled);
  if (!state.started) state.opened_at = now - rest_before_close;
  state.started = true;
  state.now = now;

  const View view{config, sample, now};
  check_readings(view, state, active);
  check_heat(view, state, active);
  check_rise(view, state, active);
  check_load(view, state, active);
  check_current(view, wishes, state, active);
  check_voltage(view, state, active);
  check_contacts(view, state, active);
  state.active = active;
  latch(wishes, view.pilot_is(Pilot::a), state);

  const bool was_closed = state.closed;
  state.closed = may_close(view, wishes, state);
  const bool opening = was_closed && !state.closed;
  if (opening) state.opened_at = now;
  note_aftermath(view, opening, state);
  Step out{state, put_out(view, wishes, before, state)};
  return out;
}

bool complete(const Config& config, const Sample& sample, Uptime now) {
  const View view{config, sample, now};
  for (size_t i = 0; i < channel_count; ++i) {
    const auto channel = static_cast<Channel>(i);
    if (view.needed(channel) && !view.fresh(channel)) return false;
  }
  return true;
}

State restored(FaultSet latched) {
  State state;
  state.latched = latched.without(with_remedy(Remedy::driver));
  return state;
}

int32_t duty_permille(int32_t offered_ma) {
  if (offered_ma < offer_least_ma) return 1000;
  if (offered_ma <= 51'000) return offered_ma / 60;
  return std::min(offered_ma, 80'000) / 250 + 640;
}

}  // namespace bayward::bay::safety
