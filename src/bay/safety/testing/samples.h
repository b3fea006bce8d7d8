// For tests of the safety machine: a bay in which everything is well, to change one thing at a time in.
#pragma once

#include "bay/safety/machine.h"

namespace bayward::bay::safety::testing {

inline Config test_config() {
  Config config;
  config.cable = CableClass::pvc;
  config.rating_ma = 32'000;
  return config;
}

// A car is plugged in and asks for power; nothing flows yet; 25 °C everywhere.
inline Sample healthy(Uptime now) {
  Sample sample;
  for (const Channel channel : {Channel::current_l1, Channel::current_l2, Channel::current_l3, Channel::residual_ac,
                                Channel::residual_dc, Channel::smoke, Channel::emergency_stop}) {
    sample.set(channel, 0, now);
  }
  for (const Channel channel : {Channel::voltage_l1, Channel::voltage_l2, Channel::voltage_l3}) {
    sample.set(channel, 230'000, now);
  }
  for (const Channel channel :
       {Channel::connector_temperature, Channel::cable_temperature, Channel::ambient_temperature}) {
    sample.set(channel, 25'000, now);
  }
  sample.set(Channel::earth, 1, now);
  sample.set(Channel::lock, 1, now);
  sample.set(Channel::contactor_feedback, 0, now);
  sample.set(Channel::pilot, static_cast<int32_t>(Pilot::c), now);
  return sample;
}

inline Wishes charging() {
  Wishes wishes;
  wishes.authorised = true;
  wishes.offered_ma = 16'000;
  return wishes;
}

// A machine and its time, stepped every 10 ms with a contactor that follows at once.
class Bench {
 public:
  explicit Bench(Config config = test_config()) : config_(config) {}

  Sample& seen() { return sample_; }
  Wishes& wishes() { return wishes_; }
  const State& state() const { return state_; }
  Uptime now() const { return now_; }

  // Readings are fresh again in each step; `sample_` keeps what the test has set.
  Outputs step(Duration by = 10ms) {
    now_ += by;
    Sample sample = sample_;
    for (Reading& reading : sample.readings) reading.at = now_;
    if (contactor_follows) sample.set(Channel::contactor_feedback, state_.closed ? 1 : 0, now_);
    return step_with(sample);
  }
  Outputs step_with(const Sample& sample) {
    Step next = safety::step(config_, state_, sample, wishes_, now_);
    state_ = next.state;
    wishes_.clear.reset();
    wishes_.carry_on = false;
    return next.outputs;
  }
  Outputs run(Duration length, Duration by = 10ms) {
    Outputs last;
    for (const Uptime end = now_ + length; now_ < end;) last = step(by);
    return last;
  }
  void clear(Remedy remedy) {
    wishes_.clear = remedy;
    step();
  }
  // Until power is on.
  Outputs charge() {
    wishes_ = charging();
    return run(100ms);
  }

  bool contactor_follows = true;

 private:
  Config config_;
  State state_;
  Uptime now_{1'000'000};
  Sample sample_ = healthy(now_);
  Wishes wishes_;
};

}  // namespace bayward::bay::safety::testing
