// For tests: the Csms over the core's small town (core/world_for_test.h), with fake sockets and hand-driven threads.
// Station CP-1 (password "secret") serves bay 1 and 2 with EVSE 1 and 2; the driver's card is CARD1, the plate of the
// car "B-AY 1", the other driver's card CARD2. It is 2026-03-23T08:00:00Z.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/booking/booking.h"
#include "core/world_for_test.h"
#include "ocpp/rpc/json.h"
#include "ports/fake_fleet.h"
#include "ports/fake_vault.h"
#include "ports/fake_websocket.h"
#include "ports/http_util.h"
#include "ports/normalise.h"
#include "stations/acceptor.h"
#include "stations/authority/authority.h"
#include "stations/csms.h"

namespace bayward::stations {

// A fake engine: decides with the real core, in memory, when it is pumped.
class FakeEngine final : public EngineDoor {
 public:
  explicit FakeEngine(core::World& world) : world_(world) {}

  void submit(Envelope envelope, Reply reply) override;
  void ask(Look look, std::function<void()> done, std::function<void()> refused) override;
  void subscribe(std::function<void(const CommittedRecord&)> subscriber) override;

  bool pump();
  void tell(const std::vector<core::Event>& events, core::StreamId stream = {});
  size_t count(std::string_view command) const;

  bool full = false;
  std::vector<std::string> commands;

 private:
  core::World& world_;
  std::deque<std::function<void()>> work_;
  std::vector<std::function<void(const CommittedRecord&)>> subscribers_;
};

class FakeTelemetry final : public TelemetrySink {
 public:
  void record(std::span<const TelemetrySample> given) override {
    samples.insert(samples.end(), given.begin(), given.end());
  }
  std::vector<TelemetrySample> samples;
};

class Rig;

// A station of our own making on a fake socket. Our calls to it are answered as `answers` says, "{}" is not answered.
class FakeStation {
 public:
  FakeStation(Rig& rig, std::shared_ptr<WebSocketSession> session);

  // Sends a call and gives the payload of the answer, or "CODE: description", or "" when none came.
  std::string call(const std::string& action, const std::string& payload);
  void send(const std::string& text);
  // Everything that is neither an answer to call() nor a call of ours that was answered.
  std::string take_raw();
  // Answers the last call of ours, which was not answered, by a CALLERROR.
  void refuse_open(const std::string& code);
  void drop(uint16_t code = close_code::abnormal);
  bool open() const { return !connection->closed().has_value(); }
  bool is_urgent(std::string_view text) const { return session_->is_urgent(text); }
  void read();
  std::vector<std::string> calls_of(const std::string& action) const;
  std::string boot_v16() {
    return call("BootNotification", R"({"chargePointVendor":"Bay","chargePointModel":"Pile"})");
  }
  std::string boot_v2() {
    return call("BootNotification", R"({"chargingStation":{"vendorName":"Bay","model":"Pile"},"reason":"PowerUp"})");
  }

  std::shared_ptr<FakeWebSocketConnection> connection = std::make_shared<FakeWebSocketConnection>();
  std::map<std::string, std::string> answers;              // by action; none: {"status":"Accepted"}
  std::vector<std::pair<std::string, std::string>> heard;  // our calls: action, payload

 private:
  Rig& rig_;
  std::shared_ptr<WebSocketSession> session_;
  int last_id_ = 0;
  std::string open_call_;
  std::map<std::string, std::string> answered_;
  std::vector<std::string> raw_;
};

class Rig {
 public:
  // `fleet`: what an earlier server has kept, and this one goes on with.
  explicit Rig(StationOptions options = quiet_options(), FakeFleetRecords* fleet = nullptr);
  ~Rig();
  // Made once: its RSA key takes a while.
  static const CertificateAuthority& authority();
  // No settings after a boot.
  static StationOptions quiet_options();

  void add_card(AccountId account, const std::string& token);
  VehicleId add_car(AccountId account, const std::string& plate);

  // Lets everything happen that is due now.
  void settle();
  // The clock goes on by seconds, with its deadlines and ticks.
  void pass(Duration time);
  // A command from elsewhere, a driver's app.
  core::Decided run(const core::Command& command);

  struct Knock {
    std::string identity = "CP-1";
    std::string user = "CP-1";
    std::string password = "secret";
    std::string subprotocols = "ocpp1.6";
    std::string path = "/ocpp/";
    std::string peer = "192.0.2.7";
    bool tls = false;
    std::shared_ptr<const PeerCertificate> certificate = {};
  };
  std::shared_ptr<FakeWebSocketUpgrade> knock(const Knock& knock);
  int status_of(const Knock& what);
  std::unique_ptr<FakeStation> connect(const std::string& subprotocol, const std::string& identity = "CP-1");
  std::unique_ptr<FakeStation> connect_booted(const std::string& subprotocol);

  const core::Bay& bay(size_t index = 0);
  const core::Session* session(size_t index = 0);
  std::string at(Duration after_now = Duration{0});

  core::World world;
  FakeEngine engine{world};
  FakeVault vault;
  FakePasswords passwords;
  FakeTelemetry telemetry;
  FakeSecurityLog security_log;
  FakeFleetRecords fleet_records;
  FakeClock clock;
  std::deque<std::function<void()>> posted;
  Csms csms;
  StationAcceptor acceptor;
  std::vector<FakeStation*> stations;
};

}  // namespace bayward::stations
