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

  void submit(Envelope envelope, Reply reply) override {
    if (full) return reply(Failure{core::Refusal::overloaded});
    work_.push_back([this, envelope = std::move(envelope), reply = std::move(reply)] {
      const core::Decided decided = world_.run(envelope.command, envelope.actor);
      tell(world_.events);
      commands.push_back(std::string(core::command_name(envelope.command)));
      if (!decided) return reply(Failure{decided.error()});
      if (const auto late = core::late_refusal(world_.state, envelope.command, decided->subject)) {
        return reply(Failure{*late});
      }
      reply(Accepted{decided->subject, 1, false});
    });
  }
  void ask(Look look, std::function<void()> done, std::function<void()> refused) override {
    if (full) return refused();
    work_.push_back([this, look = std::move(look), done = std::move(done)] {
      look(world_.state, world_.now);
      done();
    });
  }
  void subscribe(std::function<void(const CommittedRecord&)> subscriber) override {
    subscribers_.push_back(std::move(subscriber));
  }

  bool pump() {
    if (work_.empty()) return false;
    const auto next = std::move(work_.front());
    work_.pop_front();
    next();
    return true;
  }
  void tell(const std::vector<core::Event>& events) {
    CommittedRecord record;
    for (const core::Event& event : events) record.events.push_back({{}, 0, event});
    for (const auto& subscriber : subscribers_) subscriber(record);
  }
  size_t count(std::string_view command) const {
    return static_cast<size_t>(std::count(commands.begin(), commands.end(), command));
  }

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
  void drop(uint16_t code = close_code::abnormal);
  bool open() const { return !connection->closed().has_value(); }
  void read();
  std::vector<std::string> calls_of(const std::string& action) const;
  std::string boot_v16() {
    return call("BootNotification", R"({"chargePointVendor":"Bay","chargePointModel":"Pile"})");
  }
  std::string boot_v201() {
    return call("BootNotification", R"({"chargingStation":{"vendorName":"Bay","model":"Pile"},"reason":"PowerUp"})");
  }

  std::shared_ptr<FakeWebSocketConnection> connection = std::make_shared<FakeWebSocketConnection>();
  std::map<std::string, std::string> answers;              // by action; none: {"status":"Accepted"}
  std::vector<std::pair<std::string, std::string>> heard;  // our calls: action, payload

 private:
  Rig& rig_;
  std::shared_ptr<WebSocketSession> session_;
  int last_id_ = 0;
  std::map<std::string, std::string> answered_;
  std::vector<std::string> raw_;
};

class Rig {
 public:
  explicit Rig(StationOptions options = quiet_options())
      : csms({engine, vault, passwords, telemetry, clock, [this](auto work) { posted.push_back(std::move(work)); },
              [](const auto& work) { work(); }, &authority(), &security_log},
             std::move(options)),
        acceptor(csms) {
    clock.set(world.now);
    (void)vault.put(
        {{{}, VaultKind::station_password_hash, world.station.value}, passwords.digest_secret("secret"), {}});
    add_card(world.driver, "CARD1");
    add_card(world.other, "CARD2");
  }
  // Made once: its RSA key takes a while.
  static const CertificateAuthority& authority() {
    static FakeVault vault;
    static const auto made = CertificateAuthority::open(vault, "Hof", from_unix_s(1'700'000'000));
    return **made;
  }
  // No settings after a boot.
  static StationOptions quiet_options() {
    StationOptions options;
    options.settings_v16.clear();
    options.settings_v201.clear();
    return options;
  }

  void add_card(AccountId account, const std::string& token) {
    const Fingerprint print = vault.fingerprint(VaultKind::token, token);
    (void)vault.put({{account, VaultKind::token, print.bytes[1]}, token, print});
    world.make(core::AddToken{account, print});
  }
  VehicleId add_car(AccountId account, const std::string& plate) {
    core::Vehicle vehicle;
    vehicle.plate = vault.fingerprint(VaultKind::plate, *normalise_plate(plate));
    return VehicleId{world.make(core::AddVehicle{account, vehicle})};
  }

  // Lets everything happen that is due now.
  void settle() {
    bool busy = true;
    while (busy) {
      busy = engine.pump();
      while (!posted.empty()) {
        const auto next = std::move(posted.front());
        posted.pop_front();
        next();
        busy = true;
      }
    }
  }
  // The clock goes on by seconds, with its deadlines and ticks.
  void pass(Duration time) {
    for (const Instant end = world.now + time; world.now < end;) {
      world.advance_to(std::min(world.now + 1s, end));
      engine.tell(world.events);
      clock.set(world.now);
      csms.tick();
      settle();
      for (FakeStation* station : stations) station->read();
    }
  }
  // A command from elsewhere, a driver's app.
  core::Decided run(const core::Command& command) {
    core::Decided decided = world.run(command);
    engine.tell(world.events);
    settle();
    for (FakeStation* station : stations) station->read();
    return decided;
  }

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
  std::shared_ptr<FakeWebSocketUpgrade> knock(const Knock& knock) {
    HttpRequest request;
    request.path = knock.path + knock.identity;
    request.peer = knock.peer;
    request.tls = knock.tls;
    request.certificate = knock.certificate;
    if (!knock.user.empty()) request.headers.add("Authorization", basic_authorization(knock.user, knock.password));
    if (!knock.subprotocols.empty()) request.headers.add("Sec-WebSocket-Protocol", knock.subprotocols);
    auto upgrade = std::make_shared<FakeWebSocketUpgrade>();
    acceptor.authorise(std::move(request), WebSocketDecision(upgrade));
    settle();
    return upgrade;
  }
  int status_of(const Knock& what) {
    const auto upgrade = knock(what);
    return upgrade->accepted() ? 101 : upgrade->rejected()->status;
  }
  std::unique_ptr<FakeStation> connect(const std::string& subprotocol, const std::string& identity = "CP-1") {
    const auto upgrade = knock({.identity = identity, .user = identity, .subprotocols = subprotocol});
    EXPECT_TRUE(upgrade->accepted());
    EXPECT_EQ(upgrade->accepted()->subprotocol, subprotocol);
    return std::make_unique<FakeStation>(*this, upgrade->accepted()->session);
  }
  std::unique_ptr<FakeStation> connect_booted(const std::string& subprotocol) {
    auto station = connect(subprotocol);
    (void)(subprotocol == "ocpp1.6" ? station->boot_v16() : station->boot_v201());
    station->read();
    return station;
  }

  const core::Bay& bay(size_t index = 0) { return *world.the_site().bay(world.bays[index]); }
  const core::Session* session(size_t index = 0) {
    return bay(index).session ? world.state.session(bay(index).session) : nullptr;
  }
  std::string at(Duration after_now = Duration{0}) { return to_rfc3339(world.now + after_now); }

  core::World world;
  FakeEngine engine{world};
  FakeVault vault;
  FakePasswords passwords;
  FakeTelemetry telemetry;
  FakeSecurityLog security_log;
  FakeClock clock;
  std::deque<std::function<void()>> posted;
  Csms csms;
  StationAcceptor acceptor;
  std::vector<FakeStation*> stations;
};

}  // namespace bayward::stations
