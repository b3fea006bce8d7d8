#include "sim/town/bays/own_bay.h"

#include <algorithm>
#include <utility>

namespace bayward::town {
namespace {

constexpr int64_t nominal_v = 230;
constexpr int64_t longest_timeout_s = 300;  // of OCPPCommCtrlr.MessageTimeout
constexpr double one_phase_max_w = 7'400;
// The town steps in up to 400 ms when nothing happens (field.h); a device of its own polls every 10 ms and has 250.
constexpr Duration watchdog{450ms};

bay::AgentConfig agent_config(const OwnBayConfig& config) {
  bay::AgentConfig out;
  out.identity = config.identity;
  out.serial_number = "SIM-" + config.label;
  out.firmware_version = "town";
  out.address = config.address;
  out.bay_label = config.label;
  out.watchdog = watchdog;
  out.safety.rating_ma = config.rating_ma;
  out.safety.phases = config.phases;
  return out;
}

physics::Car car_of(const Battery& battery) {
  physics::Car car;
  car.capacity_wh = static_cast<double>(battery.capacity_wh);
  car.charged_wh = static_cast<double>(battery.charged_wh);
  car.power_max_w = static_cast<double>(battery.power_max_w);
  car.phases = car.power_max_w > one_phase_max_w ? 3 : 1;
  return car;
}

}  // namespace

// What the agent says goes through here on its way to the socket.
class OwnBay::Mouth final : public WebSocketConnection {
 public:
  Mouth(std::shared_ptr<OwnBay*> bay, std::shared_ptr<WebSocketConnection> connection)
      : bay_(std::move(bay)), connection_(std::move(connection)) {}
  bool send(std::string text) override {
    if (*bay_) (*bay_)->on_said(text);
    return connection_->send(std::move(text));
  }
  void close(uint16_t code, std::string_view reason) override { connection_->close(code, reason); }

 private:
  std::shared_ptr<OwnBay*> bay_;
  std::shared_ptr<WebSocketConnection> connection_;
};

class OwnBay::Ear final : public WebSocketSession {
 public:
  Ear(std::shared_ptr<OwnBay*> bay, std::shared_ptr<WebSocketSession> session)
      : bay_(std::move(bay)), session_(std::move(session)) {}
  void opened(std::shared_ptr<WebSocketConnection> connection) override {
    if (*bay_) (*bay_)->open_calls_ = 0;
    session_->opened(std::make_shared<Mouth>(bay_, std::move(connection)));
  }
  void message(std::string_view text) override {
    if (*bay_) (*bay_)->on_heard(text);
    session_->message(text);
  }
  void closed(const WebSocketClosed& why) override {
    if (*bay_) (*bay_)->open_calls_ = 0;
    session_->closed(why);
  }

 private:
  std::shared_ptr<OwnBay*> bay_;
  std::shared_ptr<WebSocketSession> session_;
};

OwnBay::OwnBay(OwnBayConfig config, const Watch& watch)
    : config_(std::move(config)),
      watch_(watch),
      body_({config_.rating_ma, config_.phases, config_.first_register_wh, config_.seed}),
      hardware_(body_),
      self_(std::make_shared<OwnBay*>(this)) {
  body_.contacts_opened = [this] {
    if (watch_.opened) watch_.opened(*this);
  };
}

OwnBay::~OwnBay() {
  *self_ = nullptr;
}

Result<std::unique_ptr<OwnBay>> OwnBay::build(OwnBayConfig config, const bay::Dial& dial, const Watch& watch) {
  std::unique_ptr<OwnBay> made(new OwnBay(std::move(config), watch));
  std::string notice;
  // In memory: the town's bays lose their power by drill only, and then their battery keeps the agent alive.
  auto store = bay::Store::open(":memory:", notice);
  if (!store) return fail("bay " + made->label() + ": " + store.error().message);
  made->store_ = *std::move(store);
  if (const Status set = made->preset(); !set) return Failure{set.error()};
  bay::AgentParts parts{
      agent_config(made->config_), made->hardware_.parts(), *made->store_, made->listened(dial), made.get(), nullptr,
      made->config_.seed};
  made->agent_ = std::make_unique<bay::Agent>(std::move(parts));
  return made;
}

// As if a technician had set them: sockets don't speed up with the town, and a sample every five minutes is plenty.
Status OwnBay::preset() {
  const int64_t patience_s = std::clamp<int64_t>(config_.answer_patience / 1s, 30, longest_timeout_s);
  bay::Change change;
  change.values = {{"setting.OCPPCommCtrlr.MessageTimeout.Default", std::to_string(patience_s)},
                   {"setting.SampledDataCtrlr.TxUpdatedInterval", "300"}};
  return store_->commit(change);
}

bay::Dial OwnBay::listened(const bay::Dial& dial) {
  return [self = self_, dial](std::shared_ptr<WebSocketSession> session, std::function<void(std::string)> failed) {
    dial(std::make_shared<Ear>(self, std::move(session)), std::move(failed));
  };
}

void OwnBay::step(bay::Moment now, const Surroundings& around) {
  sampled_at_ = std::chrono::steady_clock::now();
  body_.step(now, around);
  agent_->poll(now);
  changed_ = changed_ || charging() != announced_charging_;
  if (!std::exchange(changed_, false)) return;
  announced_charging_ = charging();
  changes.announce();
}

void OwnBay::shut_down(bay::Moment now) {
  agent_->shut_down(now);
}

void OwnBay::publish(const bay::BayState& state) {
  changed_ = true;
  if (watch_.published) watch_.published(*this, state);
}

void OwnBay::raise(const bay::BayAlarm& alarm) {
  changed_ = true;
  if (watch_.raised) watch_.raised(*this, alarm);
}

// OCPP-J 4.2: [2,... is a call, [3,... and [4,... answers.
void OwnBay::on_said(std::string_view frame) {
  if (frame.starts_with("[2")) {
    ++calls_;
    ++open_calls_;
  }
  if (watch_.said) watch_.said(*this, frame);
}

void OwnBay::on_heard(std::string_view frame) {
  if (!frame.starts_with("[2") && open_calls_ > 0) --open_calls_;
  if (watch_.heard) watch_.heard(*this, frame);
}

// ---- the driver ----

void OwnBay::car_enters(const std::string& plate, Instant) {
  body_.car_enters(plate);
}
void OwnBay::car_leaves(Instant) {
  body_.car_leaves();
}
void OwnBay::plug_in(const Battery& battery, Instant) {
  body_.plug_in(car_of(battery));
}
void OwnBay::unplug(Instant) {
  body_.unplug();
}
void OwnBay::show_card(const std::string& card, Instant) {
  body_.show_card({card, "ISO14443"});
}
int64_t OwnBay::power_max_w() const {
  return nominal_v * config_.phases * config_.rating_ma / 1000;
}

}  // namespace bayward::town
