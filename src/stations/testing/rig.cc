#include "stations/testing/rig.h"

#include "core/saga.h"
#include "ocpp/rpc/frame.h"

namespace bayward::stations {

void FakeEngine::submit(Envelope envelope, Reply reply) {
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

void FakeEngine::ask(Look look, std::function<void()> done, std::function<void()> refused) {
  if (full) return refused();
  work_.push_back([this, look = std::move(look), done = std::move(done)] {
    look(world_.state, world_.now);
    done();
  });
}

void FakeEngine::subscribe(std::function<void(const CommittedRecord&)> subscriber) {
  subscribers_.push_back(std::move(subscriber));
}

bool FakeEngine::pump() {
  if (work_.empty()) return false;
  const auto next = std::move(work_.front());
  work_.pop_front();
  next();
  return true;
}

void FakeEngine::tell(const std::vector<core::Event>& events, core::StreamId stream) {
  CommittedRecord record;
  for (const core::Event& event : events) record.events.push_back({stream, 0, event});
  for (const auto& subscriber : subscribers_) subscriber(record);
}

size_t FakeEngine::count(std::string_view command) const {
  return static_cast<size_t>(std::count(commands.begin(), commands.end(), command));
}

Rig::Rig(StationOptions options, FakeFleetRecords* fleet)
    : csms({engine, vault, passwords, telemetry, clock, [this](auto work) { posted.push_back(std::move(work)); },
            [](const auto& work) { work(); }, &authority(), &security_log, fleet ? fleet : &fleet_records},
           std::move(options)),
      acceptor(csms) {
  clock.set(world.now);
  (void)vault.put({{{}, VaultKind::station_password_hash, world.station.value}, passwords.digest_secret("secret"), {}});
  for (const AccountId account : {world.community, world.owner, world.driver, world.other}) {
    for (const core::Token& card : world.state.account(account).tokens) {
      (void)vault.put({{account, VaultKind::token, 0}, "WORLD" + to_text(account), card.token});
    }
  }
  add_card(world.driver, "CARD1");
  add_card(world.other, "CARD2");
}

Rig::~Rig() = default;

const CertificateAuthority& Rig::authority() {
  static FakeVault vault;
  static const auto made = CertificateAuthority::open(vault, "Hof", from_unix_s(1'700'000'000));
  return **made;
}

StationOptions Rig::quiet_options() {
  StationOptions options;
  options.settings_v16.clear();
  options.settings_v2.clear();
  return options;
}

void Rig::add_card(AccountId account, const std::string& token) {
  const Fingerprint print = vault.fingerprint(VaultKind::token, token);
  (void)vault.put({{account, VaultKind::token, print.bytes[1]}, token, print});
  world.make(core::AddToken{account, print});
}

VehicleId Rig::add_car(AccountId account, const std::string& plate) {
  core::Vehicle vehicle;
  vehicle.plate = vault.fingerprint(VaultKind::plate, *normalise_plate(plate));
  return VehicleId{world.make(core::AddVehicle{account, vehicle})};
}

void Rig::settle() {
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

void Rig::pass(Duration time) {
  for (const Instant end = world.now + time; world.now < end;) {
    world.advance_to(std::min(world.now + 1s, end));
    engine.tell(world.events);
    clock.set(world.now);
    csms.tick();
    settle();
    for (FakeStation* station : stations) station->read();
  }
}

core::Decided Rig::run(const core::Command& command) {
  core::Decided decided = world.run(command);
  engine.tell(world.events, decided ? decided->stream : core::StreamId{});
  settle();
  for (FakeStation* station : stations) station->read();
  return decided;
}

std::shared_ptr<FakeWebSocketUpgrade> Rig::knock(const Knock& knock) {
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

int Rig::status_of(const Knock& what) {
  const auto upgrade = knock(what);
  return upgrade->accepted() ? 101 : upgrade->rejected()->status;
}

std::unique_ptr<FakeStation> Rig::connect(const std::string& subprotocol, const std::string& identity) {
  const auto upgrade = knock({.identity = identity, .user = identity, .subprotocols = subprotocol});
  EXPECT_TRUE(upgrade->accepted());
  EXPECT_EQ(upgrade->accepted()->subprotocol, subprotocol);
  return std::make_unique<FakeStation>(*this, upgrade->accepted()->session);
}

std::unique_ptr<FakeStation> Rig::connect_booted(const std::string& subprotocol) {
  auto station = connect(subprotocol);
  (void)(subprotocol == "ocpp1.6" ? station->boot_v16() : station->boot_v2());
  station->read();
  return station;
}

const core::Bay& Rig::bay(size_t index) {
  return *world.the_site().bay(world.bays[index]);
}

const core::Session* Rig::session(size_t index) {
  return bay(index).session ? world.state.session(bay(index).session) : nullptr;
}

std::string Rig::at(Duration after_now) {
  return to_rfc3339(world.now + after_now);
}

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
      open_call_ = call->id;
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

void FakeStation::refuse_open(const std::string& code) {
  send("[4,\"" + open_call_ + "\",\"" + code + "\",\"\",{}]");
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
