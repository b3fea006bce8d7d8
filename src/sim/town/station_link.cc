#include "sim/town/station_link.h"

#include <algorithm>
#include <atomic>
#include <random>

#include "base/limits.h"

namespace bayward::town {
namespace {

constexpr Duration answer_patience{30s};  // of the machine's time, as all below
constexpr Duration redial_pause{500ms};

// Message ids of one connection must differ from all others of the station, before a restart too.
std::string fresh_id_prefix() {
  static const uint32_t run = std::random_device{}();
  static std::atomic<uint32_t> connections = 0;
  return "t" + std::to_string(run % 1'000'000) + "x" + std::to_string(++connections % 1'000'000);
}

}  // namespace

class StationLink::Socket : public WebSocketSession {
 public:
  explicit Socket(std::shared_ptr<StationLink*> owner) : owner_(std::move(owner)) {}

  void opened(std::shared_ptr<WebSocketConnection> connection) override {
    connection_ = connection;
    if (StationLink* link = current()) {
      link->opened(std::move(connection));
    } else {
      connection->close(close_code::going_away, "");
    }
  }
  void message(std::string_view text) override {
    if (StationLink* link = current()) link->message(text);
  }
  void closed(const WebSocketClosed&) override {
    if (StationLink* link = current()) link->closed();
  }

 private:
  StationLink* current() const { return *owner_ && (*owner_)->socket_.get() == this ? *owner_ : nullptr; }

  std::shared_ptr<StationLink*> owner_;
  std::shared_ptr<WebSocketConnection> connection_;
};

StationLink::StationLink(TownTime& time, LineUser& user, const ocpp::Dialect& dialect, Dial dial)
    : time_(time),
      user_(user),
      dialect_(dialect),
      dial_(std::move(dial)),
      self_(std::make_shared<StationLink*>(this)) {}

StationLink::~StationLink() {
  *self_ = nullptr;
  if (connection_) connection_->close(close_code::going_away, "");
}

void StationLink::connect() {
  wanted_ = true;
  if (socket_ || time_.now() < cut_until_) return;
  socket_ = std::make_shared<Socket>(self_);
  dial_(socket_, [self = self_, socket = std::weak_ptr(socket_)](const std::string&) {
    StationLink* link = *self;
    if (!link || socket.expired() || link->socket_ != socket.lock()) return;
    link->socket_ = nullptr;
    link->dial_again_after(link->time_.in_real_time(redial_pause));
  });
}

void StationLink::dial_again_after(Duration pause) {
  time_.at(time_.now() + pause, [self = self_] {
    if (*self && (*self)->wanted_) (*self)->connect();
  });
}

void StationLink::cut(Duration length) {
  cut_until_ = time_.now() + length;
  if (connection_) connection_->close(close_code::going_away, "line cut");
  closed();
  dial_again_after(length);
}

void StationLink::hang_up() {
  wanted_ = false;
  if (connection_) connection_->close(close_code::normal, "");
  closed();
}

void StationLink::opened(std::shared_ptr<WebSocketConnection> connection) {
  ++counters_.connects;
  connection_ = std::move(connection);
  correlator_ = std::make_unique<ocpp::Correlator>(dialect_, fresh_id_prefix(), time_.in_real_time(answer_patience));
  user_.line_up();
  pump();
}

void StationLink::closed() {
  const bool was_up = connection_ != nullptr;
  const bool had_socket = socket_ != nullptr;
  connection_ = nullptr;
  socket_ = nullptr;
  correlator_ = nullptr;
  said_ = false;
  std::erase_if(outbox_, [](const Utterance& utterance) { return !utterance.keep; });
  if (was_up) user_.line_down();
  if (wanted_ && had_socket && time_.now() >= cut_until_) dial_again_after(time_.in_real_time(redial_pause));
}

void StationLink::say(Utterance utterance) {
  if (!connection_ && !utterance.keep) return;
  if (outbox_.size() >= limits::station_outbox_messages) {
    ++counters_.overflows;
    return;
  }
  outbox_.insert(utterance.urgent ? outbox_.begin() + (said_ ? 1 : 0) : outbox_.end(), std::move(utterance));
  pump();
}

void StationLink::pump() {
  if (pumping_ || serving_) return;
  pumping_ = true;
  while (connection_ && !said_ && !outbox_.empty() && (outbox_.front().urgent || user_.accepted())) {
    Said said = outbox_.front().make();
    if (said.payload.empty()) {
      outbox_.pop_front();
      continue;
    }
    said_ = true;
    ++counters_.calls;
    auto submitted =
        correlator_->calls().submit({std::string(said.action), std::move(said.payload), ocpp::Urgency::rest});
    BAYWARD_CHECK(submitted.ok());  // one at a time never fills the queue
    if (auto frame = correlator_->calls().take_next(time_.now())) send(std::move(*frame));
    watch_deadline();
  }
  pumping_ = false;
}

void StationLink::watch_deadline() {
  if (!correlator_) return;
  const auto deadline = correlator_->calls().next_deadline();
  if (!deadline) return;
  time_.at(*deadline, [self = self_, socket = std::weak_ptr(socket_)] {
    StationLink* link = *self;
    if (!link || !link->correlator_ || socket.expired() || link->socket_ != socket.lock()) return;
    if (link->correlator_->calls().expire(link->time_.now()).empty()) return;
    ++link->counters_.timeouts;
    link->cut(link->time_.in_real_time(redial_pause));
  });
}

void StationLink::send(std::string text) {
  if (connection_) connection_->send(std::move(text));
}

void StationLink::message(std::string_view text) {
  auto received = correlator_->receive(text, time_.now());
  if (auto* call = std::get_if<ocpp::IncomingCall>(&received)) on_call(*call);
  if (auto* finished = std::get_if<ocpp::FinishedCall>(&received)) on_finished(std::move(*finished));
  if (auto* back = std::get_if<ocpp::SendBack>(&received)) send(std::move(back->text));
  pump();
}

void StationLink::on_call(const ocpp::IncomingCall& call) {
  serving_ = true;  // what the call sets off is said after its answer
  const ocpp::Reply reply = user_.serve(call);
  serving_ = false;
  if (!correlator_) return;
  std::optional<std::string> frame;
  if (const auto* answer = std::get_if<ocpp::Answer>(&reply)) {
    frame = correlator_->answer(call.serial, answer->payload, time_.now());
  } else if (const auto* error = std::get_if<ocpp::CallError>(&reply)) {
    frame = correlator_->refuse(call.serial, *error, time_.now());
  }
  if (frame) send(std::move(*frame));
}

void StationLink::on_finished(ocpp::FinishedCall finished) {
  if (!said_ || outbox_.empty()) return;
  said_ = false;
  const Utterance utterance = std::move(outbox_.front());
  outbox_.pop_front();
  const auto* payload = std::get_if<ocpp::Json>(&finished.outcome);
  if (!payload) ++counters_.errors;
  if (utterance.answered) utterance.answered(payload);
}

}  // namespace bayward::town
