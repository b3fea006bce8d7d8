#include "connectors/wire/desk.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "base/zone.h"
#include "ports/log.h"

namespace bayward::wire {
namespace {

LinkConfig with_addresses(LinkConfig config, size_t addresses) {
  config.addresses = addresses;
  return config;
}

}  // namespace

class Desk::Driver final : public StreamEvents, public std::enable_shared_from_this<Driver> {
 public:
  Driver(StreamLoop& loop, const Clock& clock, DeskConfig config, std::unique_ptr<Dialect> dialect, DeskEvents events)
      : loop_(loop),
        clock_(clock),
        addresses_(std::move(config.addresses)),
        link_(with_addresses(config.link, addresses_.size()), std::move(dialect)),
        events_(std::move(events)) {}

  void start() {
    link_.start(now());
    perform();
  }
  void stop() {
    stopped_ = true;
    stream_.reset();
    for (auto& [token, done] : std::exchange(waiting_, {})) done(SendResult::failed, "the link was shut down");
  }
  void submit(AlarmMessage message, SendDone done) {
    if (stopped_) return done(SendResult::failed, "the link was shut down");
    const uint64_t token = ++last_token_;
    waiting_.emplace(token, std::move(done));
    link_.submit(std::move(message), token, now());
    perform();
  }
  void answer_roll_call(uint8_t operator_number) {
    link_.answer_roll_call(operator_number, now());
    perform();
  }

  void opened() override {
    link_.opened(now());
    perform();
  }
  void received(std::string_view bytes) override {
    link_.received(bytes, now());
    perform();
  }
  void closed(std::string_view why) override {
    link_.closed(why, now());
    perform();
  }

 private:
  Moment now() const { return {loop_.steady(), clock_.now()}; }

  void perform() {
    if (stopped_) return;
    for (Act& act : link_.take_acts()) {
      std::visit([this](auto& what) { perform(what); }, act);
    }
    arm();
  }
  void perform(const Dial& dial) { stream_ = loop_.dial(addresses_[dial.address], *this); }
  void perform(const HangUp& /*hang_up*/) { stream_.reset(); }
  void perform(SendBytes& send) {
    if (stream_) stream_->send(std::move(send.bytes));
  }
  void perform(const Ended& ended) {
    auto node = waiting_.extract(ended.token);
    if (!node.empty()) node.mapped()(ended.result, ended.why);
  }
  void perform(const RollCall& call) {
    log::info("wire.roll_call", {{"answer_within_s", call.answer_within.count() / 1000}});
    if (events_.roll_call) events_.roll_call(call.answer_within);
  }
  void perform(const LinkState& state) {
    const StreamAddress& address = addresses_[state.address];
    if (state.up) {
      log::info("wire.link_up", {{"host", address.host}, {"port", address.port}});
    } else {
      log::warn("wire.link_down", {{"host", address.host}, {"port", address.port}, {"why", state.why}});
    }
    if (events_.link) events_.link(state);
  }
  // A timer too many does no harm: tick() looks at the time itself.
  void arm() {
    const Instant due = link_.next_due();
    if (due >= armed_for_ || due == far_future) return;
    armed_for_ = due;
    const Duration delay = std::max(due - loop_.steady(), Duration{1});
    loop_.after(delay, [weak = weak_from_this(), due] {
      const auto self = weak.lock();
      if (!self || self->stopped_) return;
      if (self->armed_for_ == due) self->armed_for_ = far_future;
      self->link_.tick(self->now());
      self->perform();
    });
  }

  StreamLoop& loop_;
  const Clock& clock_;
  const std::vector<StreamAddress> addresses_;
  Link link_;
  const DeskEvents events_;
  std::unique_ptr<ByteStream> stream_;
  std::unordered_map<uint64_t, SendDone> waiting_;  // bounded by the link
  uint64_t last_token_ = 0;
  Instant armed_for_ = far_future;
  bool stopped_ = false;
};

Desk::Desk(StreamLoop& loop, const Clock& clock, DeskConfig config, std::unique_ptr<Dialect> dialect, DeskEvents events)
    : loop_(loop) {
  BAYWARD_CHECK(config.addresses.size() == 1 || config.addresses.size() == 2);
  driver_ = std::make_shared<Driver>(loop, clock, std::move(config), std::move(dialect), std::move(events));
  loop_.post([driver = driver_] { driver->start(); });
}

Desk::~Desk() {
  loop_.post([driver = driver_] { driver->stop(); });
}

void Desk::send(const AlarmMessage& message, SendDone done) {
  loop_.post([driver = driver_, message = message, done = std::move(done)]() mutable {
    driver->submit(std::move(message), std::move(done));
  });
}

void Desk::answer_roll_call(uint8_t operator_number) {
  loop_.post([driver = driver_, operator_number] { driver->answer_roll_call(operator_number); });
}

}  // namespace bayward::wire
