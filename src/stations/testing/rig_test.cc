// The fake station of testing/rig.h.
#include "stations/testing/rig.h"

#include "ocpp/rpc/frame.h"

namespace bayward::stations {

FakeStation::FakeStation(Rig& rig, std::shared_ptr<WebSocketSession> session)
    : rig_(rig), session_(std::move(session)) {
  rig_.stations.push_back(this);
  session_->opened(connection);
  rig_.settle();
}

void FakeStation::send(const std::string& text) {
  session_->message(text);
  rig_.settle();
  read();
}

void FakeStation::read() {
  for (auto sent = connection->take_sent(); !sent.empty(); sent = connection->take_sent()) {
    for (const std::string& text : sent) {
      const auto frame = ocpp::parse_frame(text);
      const auto* call = frame ? std::get_if<ocpp::CallFrame>(&*frame) : nullptr;
      if (!call) {
        const auto* result = frame ? std::get_if<ocpp::ResultFrame>(&*frame) : nullptr;
        const auto* error = frame ? std::get_if<ocpp::ErrorFrame>(&*frame) : nullptr;
        if (result) answered_[result->id] = ocpp::to_text(result->payload);
        if (error) answered_[error->id] = error->code_word + ": " + error->error.description;
        raw_.push_back(text);
        continue;
      }
      heard.emplace_back(call->action, ocpp::to_text(call->payload));
      const auto answer = answers.find(call->action);
      const std::string payload = answer == answers.end() ? R"({"status":"Accepted"})" : answer->second;
      if (payload == "{}") continue;
      session_->message(ocpp::result_text(call->id, payload));
      rig_.settle();
    }
  }
}

std::string FakeStation::call(const std::string& action, const std::string& payload) {
  const std::string id = "m" + std::to_string(++last_id_);
  send(ocpp::call_text(id, action, payload));
  raw_.clear();
  const auto answer = answered_.find(id);
  return answer == answered_.end() ? "" : answer->second;
}

std::string FakeStation::take_raw() {
  std::string out;
  for (const std::string& text : std::exchange(raw_, {})) out += (out.empty() ? "" : "\n") + text;
  return out;
}

void FakeStation::drop(uint16_t code) {
  connection->close(code, "");
  session_->closed({code, "the test says so"});
  std::erase(rig_.stations, this);
  rig_.settle();
}

std::vector<std::string> FakeStation::calls_of(const std::string& action) const {
  std::vector<std::string> out;
  for (const auto& [name, payload] : heard) {
    if (name == action) out.push_back(payload);
  }
  return out;
}

}  // namespace bayward::stations
