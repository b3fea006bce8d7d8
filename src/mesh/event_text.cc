// Events as text, for logs and scripts.
#include "base/json_text.h"
#include "mesh/driver.h"

namespace bayward::mesh {

namespace {

class Line {
 public:
  explicit Line(std::string_view event) { text("event", event); }

  Line& text(std::string_view name, std::string_view value) {
    begin(name);
    append_json_string(out_, value);
    return *this;
  }
  Line& number(std::string_view name, int64_t value) {
    begin(name) += std::to_string(value);
    return *this;
  }
  Line& yes_no(std::string_view name, bool value) {
    begin(name) += value ? "true" : "false";
    return *this;
  }
  Line& macs(std::string_view name, const std::vector<MacAddress>& values) {
    begin(name) += '[';
    for (const MacAddress& value : values) {
      if (out_.back() != '[') out_ += ',';
      append_json_string(out_, to_text(value));
    }
    out_ += ']';
    return *this;
  }
  Line& alarm(const Alarm& alarm) {
    const AlarmContent& content = alarm.content;
    text("id", to_text(alarm.id)).number("revision", alarm.revision).text("kind", to_text(content.kind));
    text("level", to_text(content.level)).yes_no("growing_after_cut", content.growing_after_cut);
    text("device", content.device).text("bay", content.bay).text("address", content.address);
    text("raised_at", to_rfc3339(content.raised_at));
    if (!content.unit.empty()) number("value_milli", content.value_milli).text("unit", content.unit);
    return text("detail", content.detail);
  }
  std::string end() const { return out_ + "}"; }

 private:
  std::string& begin(std::string_view name) {
    out_ += out_.empty() ? '{' : ',';
    append_json_string(out_, name);
    return out_ += ':';
  }
  std::string out_;
};

struct Words {
  std::string_view operator()(const AlarmReceived&) const { return "alarm_received"; }
  std::string_view operator()(const AlarmCleared&) const { return "alarm_cleared"; }
  std::string_view operator()(const AlarmAcked&) const { return "alarm_acked"; }
  std::string_view operator()(const AlarmUnacked&) const { return "alarm_unacked"; }
  std::string_view operator()(const StateReceived&) const { return "state_received"; }
  std::string_view operator()(const TopologyChanged&) const { return "topology_changed"; }
  std::string_view operator()(const ControllerChanged&) const { return "controller_changed"; }
  std::string_view operator()(const GatewayFound&) const { return "gateway_found"; }
  std::string_view operator()(const GatewayLost&) const { return "gateway_lost"; }
  std::string_view operator()(const CounterStoreFailed&) const { return "counter_store_failed"; }
};

struct Fields {
  void operator()(const AlarmReceived& event) const { line.alarm(event.alarm); }
  void operator()(const AlarmCleared& event) const { line.alarm(event.alarm); }
  void operator()(const AlarmAcked& event) const {
    line.text("id", to_text(event.id)).number("revision", event.revision).text("by", to_text(event.by));
    line.number("missing", static_cast<int64_t>(event.missing));
  }
  void operator()(const AlarmUnacked& event) const {
    line.text("id", to_text(event.id)).number("revision", event.revision).macs("missing", event.missing);
  }
  void operator()(const StateReceived& event) const {
    const BayState& state = event.state;
    line.text("gateway", to_text(event.gateway)).number("index", state.index).text("bay", state.bay);
    line.text("device", state.device).text("condition", to_text(state.condition));
    line.yes_no("vehicle_seen", state.vehicle_seen).yes_no("plugged_in", state.plugged_in);
    line.yes_no("on_battery", state.on_battery).text("detail", state.detail);
  }
  void operator()(const TopologyChanged&) const {}
  void operator()(const ControllerChanged& event) const {
    line.text("controller", event.controller ? to_text(*event.controller) : std::string("none"));
  }
  void operator()(const GatewayFound& event) const {
    line.text("gateway", to_text(event.gateway)).text("name", event.name);
  }
  void operator()(const GatewayLost& event) const {
    line.text("gateway", to_text(event.gateway)).text("name", event.name);
  }
  void operator()(const CounterStoreFailed& event) const { line.text("message", event.message); }

  Line& line;
};

}  // namespace

std::string_view to_text(const Event& event) {
  return std::visit(Words{}, event);
}

std::string to_json(const Event& event) {
  Line line(to_text(event));
  std::visit(Fields{line}, event);
  return line.end();
}

}  // namespace bayward::mesh
