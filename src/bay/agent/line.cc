#include "bay/agent/line.h"

#include <algorithm>

#include "base/limits.h"
#include "ocpp/v201/dialect.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

// OCPP 2.0.1 N07, E: the members that are times of a past moment.
bool is_time(std::string_view name) {
  return name == "timestamp" || name == "generatedAt";
}

void shift_times(ocpp::Json& json, Duration by) {
  if (auto* members = json.as_object()) {
    for (ocpp::JsonMember& member : *members) {
      const std::string* text = is_time(member.name) ? member.value.as_text() : nullptr;
      const auto at = text ? parse_rfc3339(*text) : std::nullopt;
      if (at)
        member.value = ocpp::Json::text(to_rfc3339(*at + by));
      else
        shift_times(member.value, by);
    }
  }
  if (auto* items = json.as_array()) {
    for (ocpp::Json& item : *items) shift_times(item, by);
  }
}

std::optional<std::string> shifted(const std::string& payload, Duration by) {
  auto json = ocpp::parse_json(payload);
  if (!json) return std::nullopt;
  shift_times(*json, by);
  return to_text(*json);
}

}  // namespace

class Line::Socket : public WebSocketSession {
 public:
  explicit Socket(std::shared_ptr<Line*> owner) : owner_(std::move(owner)) {}

  void opened(std::shared_ptr<WebSocketConnection> connection) override {
    if (Line* line = current()) {
      line->opened(std::move(connection));
    } else {
      connection->close(close_code::going_away, "");
    }
  }
  void message(std::string_view text) override {
    if (Line* line = current()) line->message(text);
  }
  void closed(const WebSocketClosed& why) override {
    if (Line* line = current()) line->closed(std::to_string(why.code) + " " + why.reason);
  }

 private:
  Line* current() const { return *owner_ && (*owner_)->socket_.get() == this ? *owner_ : nullptr; }
  std::shared_ptr<Line*> owner_;
};

Line::Line(Store& store, User& user, Dial dial, int64_t boot, uint64_t seed)
    : store_(store),
      user_(user),
      dial_(std::move(dial)),
      boot_(boot),
      prng_(seed),
      self_(std::make_shared<Line*>(this)),
      dial_at_(Uptime::min()) {
  load();
}

Line::~Line() {
  *self_ = nullptr;
  if (connection_) connection_->close(close_code::going_away, "");
}

void Line::load() {
  for (auto stored = store_.next_message(0); stored; stored = store_.next_message(stored->number)) {
    Entry& entry = entries_.emplace_back();
    entry.number = stored->number;
    entry.said.action = std::move(stored->action);
    entry.said.keep = stored->droppable ? Said::Keep::droppable : Said::Keep::yes;
  }
}

size_t Line::waiting_kept() const {
  return static_cast<size_t>(std::count_if(entries_.begin(), entries_.end(),
                                           [](const Entry& entry) { return entry.said.keep != Said::Keep::no; }));
}

void Line::poll(Moment now) {
  now_ = now;
  if (hung_up_) return;
  if (!socket_ && dial_at_ && *dial_at_ <= now.up) dial(now);
  if (!connection_) return;
  const Instant tick{now.up};  // the correlator only compares times
  if (!correlator_->calls().expire(tick).empty()) return redial("the central system does not answer");
  pump();
}

void Line::dial(Moment now) {
  dial_at_.reset();
  socket_ = std::make_shared<Socket>(self_);
  dial_(socket_, [self = self_, socket = std::weak_ptr(socket_)](const std::string& why) {
    Line* line = *self;
    if (!line || socket.expired() || line->socket_ != socket.lock()) return;
    log::debug("bay.central_unreachable", {{"why", why}});
    line->socket_ = nullptr;
    line->dial_later(line->now_);
  });
  now_ = now;
}

void Line::dial_later(Moment now) {
  Duration pause = settings.redial_least;
  for (int i = 0; i < std::min(failures_, settings.redial_doublings); ++i) pause *= 2;
  if (settings.redial_chance > 0ms) pause += Duration{prng_.between(0, settings.redial_chance.count())};
  ++failures_;
  dial_at_ = now.up + pause;
}

void Line::opened(std::shared_ptr<WebSocketConnection> connection) {
  failures_ = 0;
  connection_ = std::move(connection);
  // Ids of one connection differ from those of all others, before a restart too: the boot is counted on disk.
  const std::string prefix = "b" + std::to_string(boot_ % 1'000'000) + "x" + std::to_string(++connections_ % 1'000'000);
  correlator_ = std::make_unique<ocpp::Correlator>(ocpp::v201::dialect(), prefix, settings.answer_timeout);
  hold_until_ = now_.up;
  log::info("bay.central_connected", {});
  user_.line_up();
  pump();
}

void Line::closed(const std::string& why) {
  const bool was_up = connection_ != nullptr;
  connection_ = nullptr;
  socket_ = nullptr;
  correlator_ = nullptr;
  open_ = false;
  std::deque<Entry> lost;
  std::deque<Entry> left;
  for (Entry& entry : entries_) {
    (entry.said.keep == Said::Keep::no ? lost : left).push_back(std::move(entry));
  }
  entries_ = std::move(left);
  if (was_up) {
    log::warn("bay.central_lost", {{"why", why}});
    user_.line_down();
  }
  for (const Entry& entry : lost) {
    if (entry.said.answered) entry.said.answered(nullptr);
  }
  if (!hung_up_ && !dial_at_) dial_later(now_);
}

void Line::redial(std::string_view why) {
  if (connection_) connection_->close(close_code::going_away, why);
  closed(std::string(why));
}

void Line::hang_up() {
  hung_up_ = true;
  dial_at_.reset();
  if (connection_) connection_->close(close_code::normal, "");
  closed("hung up");
}

void Line::note_disk(const Status& status) {
  if (!status && !disk_failed_) log::error("bay.store_failed", {{"why", status.error().message}});
  if (status && disk_failed_) log::info("bay.store_works_again", {});
  disk_failed_ = !status;
}

bool Line::write(std::vector<Change::Value> values) {
  Change change{std::move(values), {}};
  const Status written = store_.commit(change);
  note_disk(written);
  return written.ok();
}

// Room for one more kept message.
bool Line::make_room(const Said& said) {
  if (waiting_kept() < limits::bay_messages) return true;
  const auto begin = entries_.begin() + (open_ ? 1 : 0);
  const auto oldest =
      std::find_if(begin, entries_.end(), [](const Entry& entry) { return entry.said.keep == Said::Keep::droppable; });
  if (oldest != entries_.end()) {
    if (oldest->number != 0) note_disk(store_.remove_message(oldest->number));
    entries_.erase(oldest);
    return true;
  }
  return said.keep == Said::Keep::yes && said.action == "TransactionEvent";
}

bool Line::store(Entry& entry, std::vector<Change::Value>& values) {
  Change change{std::move(values), {}};
  change.messages.push_back(
      {0, entry.said.action, entry.said.payload, entry.said.keep == Said::Keep::droppable, clock_sure_ ? 0 : boot_});
  const Status written = store_.commit(change);
  note_disk(written);
  if (!written) return false;
  entry.number = change.messages.front().number;
  entry.said.payload.clear();
  return true;
}

bool Line::say(Said said, std::vector<Change::Value> values) {
  Entry entry;
  entry.said = std::move(said);
  bool good = true;
  if (entry.said.keep != Said::Keep::no) {
    if (!make_room(entry.said)) {
      log::error("bay.message_dropped", {{"action", entry.said.action}});
      return write(std::move(values));
    }
    good = store(entry, values);
  } else if (!values.empty()) {
    good = write(std::move(values));
  }
  if (entry.said.keep == Said::Keep::no && !connection_) return good;  // said to nobody
  if (entry.number == 0 && entry.said.keep != Said::Keep::no) {
    const auto in_memory = std::count_if(entries_.begin(), entries_.end(), [](const Entry& other) {
      return other.number == 0 && other.said.keep != Said::Keep::no;
    });
    if (static_cast<size_t>(in_memory) >= limits::bay_messages_in_memory) return false;
  }
  auto place = entries_.end();
  if (entry.said.boot) {
    place = entries_.begin() + (open_ ? 1 : 0);  // nothing else goes out before it
  } else if (entry.said.ahead) {
    place = std::find_if(entries_.begin() + (open_ ? 1 : 0), entries_.end(),
                         [](const Entry& other) { return !other.said.ahead; });
  }
  entries_.insert(place, std::move(entry));
  if (!serving_) pump();
  return good;
}

std::optional<std::string> Line::payload_of(Entry& entry) {
  if (entry.number == 0) return entry.said.payload;
  auto stored = store_.next_message(entry.number - 1);
  if (!stored || stored->number != entry.number) return std::nullopt;
  return std::move(stored->payload);
}

void Line::pump() {
  while (connection_ && !open_ && !entries_.empty()) {
    Entry& front = entries_.front();
    if (!accepted_ && !front.said.boot) return;
    if (now_.up < hold_until_) return;
    auto payload = payload_of(front);
    if (!payload) {
      log::error("bay.message_unreadable", {{"action", front.said.action}});
      drop_front(nullptr);
      continue;
    }
    auto submitted = correlator_->calls().submit({front.said.action, *std::move(payload), ocpp::Urgency::rest});
    if (!submitted) {  // too long: nobody will ever take it
      log::error("bay.message_too_long", {{"action", front.said.action}});
      drop_front(nullptr);
      continue;
    }
    open_ = true;
    ++front.attempts;
    if (auto frame = correlator_->calls().take_next(Instant{now_.up})) connection_->send(std::move(*frame));
  }
}

void Line::drop_front(const ocpp::Json* answer) {
  const Entry entry = std::move(entries_.front());
  entries_.pop_front();
  open_ = false;
  if (entry.number != 0) note_disk(store_.remove_message(entry.number));
  if (entry.said.answered) entry.said.answered(answer);
}

void Line::finished(ocpp::FinishedCall finished) {
  if (!open_ || entries_.empty()) return;
  if (const auto* payload = std::get_if<ocpp::Json>(&finished.outcome)) return drop_front(payload);
  Entry& front = entries_.front();
  if (const auto* refusal = std::get_if<ocpp::CallError>(&finished.outcome)) {
    log::warn("bay.call_refused", {{"action", finished.action}, {"why", refusal->description}});
  }
  // OCPP 2.0.1 part 4 5.2: transaction messages are tried again.
  if (front.said.keep == Said::Keep::no || front.attempts >= settings.attempts) return drop_front(nullptr);
  open_ = false;
  hold_until_ = now_.up + settings.attempt_pause * front.attempts;
}

void Line::message(std::string_view text) {
  auto received = correlator_->receive(text, Instant{now_.up});
  if (auto* done = std::get_if<ocpp::FinishedCall>(&received)) finished(std::move(*done));
  if (auto* back = std::get_if<ocpp::SendBack>(&received)) connection_->send(std::move(back->text));
  if (auto* call = std::get_if<ocpp::IncomingCall>(&received)) {
    serving_ = true;  // what the call sets off is said after its answer
    const ocpp::Reply reply = user_.serve(*call);
    serving_ = false;
    if (!correlator_) return;
    std::optional<std::string> frame;
    if (const auto* answer = std::get_if<ocpp::Answer>(&reply)) {
      frame = correlator_->answer(call->serial, answer->payload, Instant{now_.up});
    } else if (const auto* error = std::get_if<ocpp::CallError>(&reply)) {
      frame = correlator_->refuse(call->serial, *error, Instant{now_.up});
    }
    if (frame && connection_) connection_->send(std::move(*frame));
  }
  pump();
}

void Line::correct_times(Duration by) {
  for (Entry& entry : entries_) {
    if (entry.said.keep == Said::Keep::no) continue;
    if (entry.number == 0) {
      if (auto text = shifted(entry.said.payload, by)) entry.said.payload = *std::move(text);
      continue;
    }
    auto stored = store_.next_message(entry.number - 1);
    if (!stored || stored->number != entry.number || stored->unsure_boot != boot_) continue;
    if (auto text = shifted(stored->payload, by)) note_disk(store_.replace_payload(entry.number, *text));
  }
}

}  // namespace bayward::bay
