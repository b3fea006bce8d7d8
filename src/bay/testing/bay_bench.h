// For tests of the agent: one bay on simulated hardware with a store of its own, a central system that answers as the
// test says, and time that only the test moves.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "bay/agent/agent.h"
#include "bay/drivers/scripted.h"
#include "ocpp/rpc/frame.h"
#include "ports/fake_websocket.h"

namespace bayward::bay::testing {

struct HeardByMesh final : MeshDoor {
  void publish(const BayState& state) override { states.push_back(state); }
  void raise(const BayAlarm& alarm) override { alarms.push_back(alarm); }
  std::vector<BayState> states;
  std::vector<BayAlarm> alarms;
};

class BayBench {
 public:
  explicit BayBench(std::string path = ":memory:", Moment begin = {1'000s, from_unix_s(1'772'000'000)})
      : now_(begin), hardware_(safety::Config{}) {
    std::string notice;
    auto opened = Store::open(path, notice);
    BAYWARD_CHECK(opened.ok());
    store_ = *std::move(opened);
    AgentConfig config;
    config.identity = "BAY-1";
    config.bay_label = "B12";
    Dial dial = [this](std::shared_ptr<WebSocketSession> session, std::function<void(std::string)> failed) {
      if (!reachable) return failed("unreachable");
      session_ = std::move(session);
      connection_ = std::make_shared<FakeWebSocketConnection>();
      session_->opened(connection_);
    };
    agent_ = std::make_unique<Agent>(AgentParts{config, hardware_.parts(), *store_, dial, &mesh, nullptr, 7});
  }

  Agent& agent() { return *agent_; }
  ScriptedWorld& world() { return hardware_.world; }
  Moment now() const { return now_; }

  void act(const std::string& line) { BAYWARD_CHECK(hardware_.world.apply(line).ok()); }
  // Polls every 10 ms and answers what the bay says.
  void run(Duration length) {
    for (const Uptime end = now_.up + length; now_.up < end;) {
      now_.up += 10ms;
      now_.wall += 10ms;
      agent_->poll(now_);
      answer();
    }
  }
  // A call of the central system; the payload of the answer.
  ocpp::Json ask(const std::string& action, const std::string& payload) {
    session_->message("[2,\"c" + std::to_string(++calls_) + "\",\"" + action + "\"," + payload + "]");
    answer();
    BAYWARD_CHECK(!answers_.empty());
    ocpp::Json out = std::move(answers_.back());
    answers_.clear();
    return out;
  }
  // Any text on the socket.
  void hear(std::string_view text) {
    if (session_) session_->message(text);
    answer();
    answers_.clear();
  }
  void cut_line() {
    reachable = false;
    session_->closed({});
    session_ = nullptr;
  }
  // What the bay has told so far of this action, taken away.
  std::vector<ocpp::Json> told(const std::string& action) {
    std::vector<ocpp::Json> out;
    std::erase_if(told_, [&](const ocpp::CallFrame& call) {
      if (call.action != action) return false;
      out.push_back(call.payload);
      return true;
    });
    return out;
  }

  bool reachable = true;
  std::string boot_status = "Accepted";
  std::string token_status = "Accepted";
  Duration central_ahead{0};  // of the bay's own clock
  HeardByMesh mesh;

 private:
  std::string reply_to(const ocpp::CallFrame& call) const {
    const std::string time = "\"" + to_rfc3339(now_.wall + central_ahead) + "\"";
    if (call.action == "BootNotification") {
      return R"({"currentTime":)" + time + R"(,"interval":300,"status":")" + boot_status + "\"}";
    }
    if (call.action == "Heartbeat") return R"({"currentTime":)" + time + "}";
    if (call.action == "Authorize") return R"({"idTokenInfo":{"status":")" + token_status + "\"}}";
    return "{}";
  }
  void answer() {
    while (connection_) {
      const auto sent = connection_->take_sent();
      if (sent.empty()) return;
      for (const std::string& text : sent) {
        auto frame = ocpp::parse_frame(text);
        BAYWARD_CHECK(frame.ok());
        if (auto* result = std::get_if<ocpp::ResultFrame>(&*frame)) answers_.push_back(std::move(result->payload));
        if (auto* call = std::get_if<ocpp::CallFrame>(&*frame)) {
          told_.push_back(*call);
          session_->message(ocpp::result_text(call->id, reply_to(*call)));
        }
      }
    }
  }

  Moment now_;
  ScriptedHardware hardware_;
  std::unique_ptr<Store> store_;
  std::shared_ptr<WebSocketSession> session_;
  std::shared_ptr<FakeWebSocketConnection> connection_;
  std::vector<ocpp::CallFrame> told_;
  std::vector<ocpp::Json> answers_;
  int calls_ = 0;
  std::unique_ptr<Agent> agent_;
};

}  // namespace bayward::bay::testing
