#include "sim/town/drills/alarm_watch.h"

#include "ocpp/rpc/json.h"

namespace bayward::town {
namespace {

using ocpp::Json;
using Steady = std::chrono::steady_clock;

const std::string* word(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  return found ? found->as_text() : nullptr;
}

// [2,"id","NotifyEvent",{...}] that carries an alert: its id and what it says.
struct Alert {
  std::string id;
  std::string tech_code;
  bool cleared = false;
};
std::optional<Alert> alert_in(std::string_view frame) {
  if (frame.find("\"NotifyEvent\"") == std::string_view::npos) return std::nullopt;
  const auto json = ocpp::parse_json(frame);
  if (!json || !json->as_array() || json->as_array()->size() < 4) return std::nullopt;
  const Json::Array& parts = *json->as_array();
  const Json* events = parts[3].find("eventData");
  if (!parts[1].as_text() || !events || !events->as_array()) return std::nullopt;
  for (const Json& event : *events->as_array()) {
    const std::string* code = word(event, "techCode");
    if (!code) continue;
    const Json* cleared = event.find("cleared");
    return Alert{*parts[1].as_text(), *code, cleared && cleared->as_boolean() && *cleared->as_boolean()};
  }
  return std::nullopt;
}

}  // namespace

AlarmWatch::AlarmWatch(net::IoContext& io, TownTime& time, GarageField& field, FarEnds& far_ends, const Server& server)
    : io_(io), time_(time), field_(field), far_ends_(far_ends) {
  net::HttpClientConfig config;
  config.port = server.port;
  HttpRequest request = net::http_request(HttpMethod::get, "/api/v1/feed");
  request.headers.add("Authorization", "Bearer " + server.token);
  feed_ = std::make_unique<net::EventReader>(
      io, config, std::move(request),
      net::EventReader::Callbacks{[this] {
                                    feed_open_ = true;
                                    announce();
                                  },
                                  [this](const net::ServerEvent& event) { on_feed(event); },
                                  [this](const Result<HttpResponse>&) { feed_open_ = false; }});
  field_.drill.raised = [this](OwnBay& bay, const bay::BayAlarm& alarm) { on_raised(bay, alarm); };
  field_.drill.opened = [this](OwnBay& bay) {
    if (&bay == bay_) note("contactor open", "bay " + bay.label() + ", by its own safety");
  };
  field_.drill.said = [this](OwnBay& bay, std::string_view frame) { on_said(bay, frame); };
  field_.drill.heard = [this](OwnBay& bay, std::string_view frame) { on_heard(bay, frame); };
  field_.drill_mesh = [this](const std::string& gateway, const mesh::Event& event) { on_mesh(gateway, event); };
  far_ends_.heard = [this](const FarEnds::Word& word) { on_far_end(word); };
}

AlarmWatch::~AlarmWatch() {
  *alive_ = false;
  field_.drill = {};
  field_.drill_mesh = {};
  far_ends_.heard = {};
}

void AlarmWatch::begin(OwnBay& bay, const std::string& bay_id) {
  bay_ = &bay;
  bay_id_ = bay_id;
}

void AlarmWatch::expect_all_clear() {
  clearing_ = true;
}

void AlarmWatch::note(const std::string& name, std::string text) {
  timeline.mark(name, Steady::now(), time_.now(), std::move(text));
  announce();
}

void AlarmWatch::announce() {
  io_.post([this, alive = alive_] {
    if (*alive) changes.announce();
  });
}

void AlarmWatch::on_raised(OwnBay& bay, const bay::BayAlarm& alarm) {
  if (&bay != bay_) return;
  if (alarm.all_clear) return note("all-clear at the bay");
  const bool called = alarm.kind == "panic" || alarm.kind == "car_alarm";  // by a person, by the car: not measured
  const std::string heat = called ? "" : ", " + std::to_string(alarm.value / 1000) + " C at the plug";
  timeline.mark("sample", bay.sampled_at(), time_.now(), alarm.kind + heat);
  note("alarm raised", "to the mesh, before disk and cloud");
  if (alarm.level == bay::DangerLevel::everybody) note("danger grows", "hotter although the power is cut");
}

void AlarmWatch::on_mesh(const std::string& gateway, const mesh::Event& event) {
  const auto steady = Steady::now();
  const auto* received = std::get_if<mesh::AlarmReceived>(&event);
  const auto* cleared = std::get_if<mesh::AlarmCleared>(&event);
  if (!bay_ || (!received && !cleared)) return;
  const mesh::Alarm& alarm = received ? received->alarm : cleared->alarm;
  if (alarm.content.bay != bay_->label()) return;
  std::set<std::string>& heard = received ? told_ : cleared_;
  if (!heard.insert(gateway).second) return;
  const std::string what = received ? "gateway told" : "gateway all-clear";
  const std::string count = std::to_string(heard.size()) + " of " + std::to_string(field_.mesh().gateways() - 1);
  timeline.mark("first " + what, steady, time_.now(), gateway);
  timeline.move("last " + what, steady, time_.now(), gateway + ", " + count);
  if (gateway == "site") timeline.mark("site " + what, steady, time_.now(), "the site's gateway");
  announce();
}

void AlarmWatch::on_said(OwnBay& bay, std::string_view frame) {
  if (&bay != bay_) return;
  const auto alert = alert_in(frame);
  if (!alert || (!raised() && !alert->cleared)) return;
  if (alert->cleared && !clearing_) return;
  if (timeline.has(alert->cleared ? "sent all-clear" : "sent upwards")) return;
  notify_call_ = alert->id;
  note(alert->cleared ? "sent all-clear" : "sent upwards", "NotifyEvent " + alert->tech_code);
}

void AlarmWatch::on_heard(OwnBay& bay, std::string_view frame) {
  if (&bay != bay_ || notify_call_.empty()) return;
  const std::string begin = "[3,\"" + notify_call_ + "\"";
  if (!frame.starts_with(begin)) return;
  notify_call_.clear();
  note(answered_by + (timeline.has("sent all-clear") ? " has all-clear" : " has it"), "it answered the bay");
}

int AlarmWatch::heard_of(const std::string& incident_kind) const {
  const auto found = kinds_.find(incident_kind);
  return found == kinds_.end() ? 0 : found->second;
}

// Every far end names the bay in what it is told; only what is about this bay counts.
void AlarmWatch::on_far_end(const FarEnds::Word& word) {
  const std::string who(far_end_name(word.from));
  if (word.what == "alarm" || word.what == "all_clear") {
    if (!bay_ || word.text.find(bay_->label()) == std::string::npos) return;
    if (from_sample && !raised()) return;  // a warning, before the danger
    timeline.mark(who + (word.what == "alarm" ? " has it" : " has all-clear"), word.at, time_.now(), word.text);
  } else {
    timeline.mark(word.what, word.at, time_.now(), who + ", " + word.text);
  }
  announce();
}

void AlarmWatch::on_feed(const net::ServerEvent& event) {
  if (bay_ && event.event == "incident" && event.data.find("\"" + bay_id_ + "\"") != std::string::npos) {
    if (const auto json = ocpp::parse_json(event.data)) {
      if (const auto* kind = word(*json, "incident_kind")) ++kinds_[*kind];
    }
  }
  if (bay_ && event.event == "incident" && timeline.has("wrong car") &&
      event.data.find("\"" + bay_id_ + "\"") != std::string::npos)
    note("incident in the feed", "property office and owner can see it");
  if (!bay_ || !raised() || event.data.find("\"" + bay_id_ + "\"") == std::string::npos) return;
  if (event.event == "session" || event.event == "booking") return;  // the bill, not the danger
  std::string what = event.event;
  bool over = false;
  if (const auto json = ocpp::parse_json(event.data)) {
    // It is over when the incident is: silence at the bay, and everybody told of the danger told of its end.
    const Json* open = json->find("open");
    over = event.event == "incident" && open && open->as_boolean() && !*open->as_boolean();
    if (const auto* kind = word(*json, "incident_kind")) what += " " + *kind;
    if (const Json* now = json->find("bay_now")) {
      if (const auto* state = word(*now, "state")) what += " " + *state;
    }
  }
  if (over && clearing_) return note("live feed, all-clear", "\"" + what + "\", closed");
  if (!over) note("live feed", "\"" + what + "\"");
}

}  // namespace bayward::town
