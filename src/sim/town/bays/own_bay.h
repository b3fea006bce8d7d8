// A bay of ours in the town: the real agent (bay/agent) over simulated hardware, with its own line to the central
// system. As it is a BaySide, drivers find it like any other. The town's thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "bay/agent/agent.h"
#include "sim/town/bay_side.h"
#include "sim/town/bays/sim_hardware.h"

namespace bayward::town {

struct OwnBayConfig {
  std::string identity;  // of the station
  std::string label;
  std::string address;
  int32_t rating_ma = 16'000;
  int32_t phases = 3;
  int64_t first_register_wh = 0;
  uint64_t seed = 1;
  // How long an answer of the central system may take, in town time: sockets don't speed up.
  Duration answer_patience{30s};
};

using SteadyTime = std::chrono::steady_clock::time_point;

class OwnBay final : public BaySide, private bay::MeshDoor {
 public:
  // What the town watches of it; each may be empty.
  struct Watch {
    std::function<void(OwnBay&, const bay::BayState&)> published;
    std::function<void(OwnBay&, const bay::BayAlarm&)> raised;
    std::function<void(OwnBay&)> opened;                   // the contactor, under way or not
    std::function<void(OwnBay&, std::string_view)> said;   // a frame goes to the central system
    std::function<void(OwnBay&, std::string_view)> heard;  // one came
  };

  static Result<std::unique_ptr<OwnBay>> build(OwnBayConfig config, const bay::Dial& dial, const Watch& watch);
  ~OwnBay() override;

  // The physics up to `now`, then one poll of the agent.
  void step(bay::Moment now, const Surroundings& around);
  void shut_down(bay::Moment now);
  // When the step that is under way, or was the last, began: when its sample was taken, in real time.
  SteadyTime sampled_at() const { return sampled_at_; }

  void car_enters(const std::string& plate, Instant at) override;
  void car_leaves(Instant at) override;
  void plug_in(const Battery& battery, Instant at) override;
  void unplug(Instant at) override;
  void show_card(const std::string& card, Instant at) override;
  bool charging() const override { return agent_->state().use == bay::BayUse::charging; }
  int64_t power_max_w() const override;

  BayBody& body() { return body_; }
  const BayBody& body() const { return body_; }
  bay::Agent& agent() { return *agent_; }
  const OwnBayConfig& config() const { return config_; }
  const std::string& label() const { return config_.label; }
  bool online() const { return agent_->state().online; }
  // Frames sent that are not answered yet, and messages that wait: none.
  bool idle() const { return open_calls_ == 0; }
  uint64_t calls() const { return calls_; }

 private:
  class Ear;
  class Mouth;

  OwnBay(OwnBayConfig config, const Watch& watch);
  void publish(const bay::BayState& state) override;
  void raise(const bay::BayAlarm& alarm) override;
  void on_said(std::string_view frame);
  void on_heard(std::string_view frame);
  Status preset();
  bay::Dial listened(const bay::Dial& dial);

  OwnBayConfig config_;
  const Watch& watch_;
  BayBody body_;
  SimHardware hardware_;
  std::unique_ptr<bay::Store> store_;
  std::unique_ptr<bay::Agent> agent_;
  std::shared_ptr<OwnBay*> self_;  // emptied when the bay goes: sockets look here first
  SteadyTime sampled_at_{};
  bool announced_charging_ = false;
  bool changed_ = false;
  uint64_t calls_ = 0;
  size_t open_calls_ = 0;
};

}  // namespace bayward::town
