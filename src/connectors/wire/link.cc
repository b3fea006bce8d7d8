#include "connectors/wire/link.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "base/zone.h"

namespace bayward::wire {

Link::Link(const LinkConfig& config, std::unique_ptr<Dialect> dialect)
    : config_(config), dialect_(std::move(dialect)), next_serial_(dialect_->first_serial()) {
  BAYWARD_CHECK(config_.addresses == 1 || config_.addresses == 2);
}

std::vector<Act> Link::take_acts() {
  return std::exchange(acts_, {});
}

void Link::start(Moment now) {
  dial(now);
}

void Link::dial(Moment now) {
  phase_ = Phase::connecting;
  due_ = now.steady + config_.connect_limit;
  act(Dial{address_});
}

void Link::opened(Moment now) {
  if (phase_ != Phase::connecting) return;
  phase_ = Phase::open;
  up_ = false;
  dialect_->begin();
  supervise_at_ = now.steady;
  if (address_ != 0) first_again_at_ = now.steady + config_.first_again;
  pump(now);
  supervise(now);
}

void Link::closed(std::string_view why, Moment now) {
  if (phase_ != Phase::waiting) lose(why, up_, now);
}

void Link::give_up(std::string_view why, Moment now) {
  act(HangUp{});
  lose(why, false, now);
}

void Link::lose(std::string_view why, bool same, Moment now) {
  phase_ = Phase::waiting;
  up_ = false;
  act(LinkState{false, address_, std::string(why)});
  for (auto& [serial, item] : said_) {
    if (item.supervision()) continue;
    item.said = 0;
    const Key key = item.key;
    waiting_.emplace(key, std::move(item));
  }
  said_.clear();
  if (same) {
    due_ = now.steady + config_.pause_min;
    return;
  }
  ++failures_;
  address_ = (address_ + 1) % config_.addresses;
  // The second address at once; only a round of all of them is followed by a pause.
  const int rounds = failures_ / static_cast<int>(config_.addresses);
  const bool round_over = failures_ % static_cast<int>(config_.addresses) == 0;
  const Duration pause = config_.pause_min * (int64_t{1} << std::clamp(rounds - 1, 0, 16));
  due_ = now.steady + (round_over ? std::min(pause, config_.pause_max) : Duration{0});
}

void Link::submit(AlarmMessage message, uint64_t token, Moment now) {
  Item item{std::move(message), token, {}, 0, 0, {}};
  if (Item* old = item_of(item.alarm()->delivery)) {
    act(Ended{item.alarm()->delivery, old->token, SendResult::failed, "sent again before it was answered"});
    old->token = token;
    return;
  }
  if (waiting_.size() >= limits::fire_waiting_messages) {
    return act(Ended{item.alarm()->delivery, token, SendResult::failed, "too many messages wait for the far side"});
  }
  forget_ended_limits();
  item.key = {item.alarm()->severity != core::Severity::danger, next_number_++};
  limits_.push_back({now.steady + config_.message_limit(), item.key});
  keys_.emplace(item.alarm()->delivery, item.key);
  waiting_.emplace(item.key, std::move(item));
  pump(now);
}

// Null: it neither waits nor has been said.
Link::Item* Link::item_of(DeliveryId delivery) {
  const auto key = keys_.find(delivery);
  if (key == keys_.end()) return nullptr;
  if (const auto there = waiting_.find(key->second); there != waiting_.end()) return &there->second;
  return &said_with(key->second)->second;
}

void Link::answer_roll_call(uint8_t operator_number, Moment now) {
  if (phase_ != Phase::open || waiting_.size() >= limits::fire_waiting_messages) return;
  const Key key{false, next_number_++};
  limits_.push_back({now.steady + config_.message_limit(), key});
  waiting_.emplace(key, Item{RollCallAnswer{operator_number}, 0, key, 0, 0, {}});
  pump(now);
}

uint32_t Link::free_serial() {
  uint32_t serial = next_serial_;
  const auto after = [&](uint32_t one) { return one == dialect_->last_serial() ? dialect_->first_serial() : one + 1; };
  while (said_.contains(serial)) serial = after(serial);  // the window is smaller than the range
  next_serial_ = after(serial);
  return serial;
}

bool Link::say(Item& item, uint32_t serial, Moment now) {
  auto bytes = dialect_->say(item.saying, serial, now.wall);
  if (!bytes) return false;
  ++item.said;
  item.answer_by = now.steady + config_.answer_limit;
  act(SendBytes{std::move(*bytes)});
  return true;
}

void Link::pump(Moment now) {
  while (phase_ == Phase::open && dialect_->ready() && !waiting_.empty() && said_.size() < dialect_->window()) {
    Item item = std::move(waiting_.extract(waiting_.begin()).mapped());
    const uint32_t serial = free_serial();
    if (say(item, serial, now)) {
      said_.emplace(serial, std::move(item));
    } else {
      end(item, SendResult::impossible, "this protocol has no words for it");
    }
  }
}

void Link::supervise(Moment now) {
  // Any answer is a sign of life: while something waits for one, nothing more needs to be asked.
  if (phase_ != Phase::open || config_.supervision == Duration{0} || now.steady < supervise_at_ || !said_.empty()) {
    return;
  }
  Item item{Supervision{}, 0, {}, 0, 0, {}};
  const uint32_t serial = free_serial();
  if (say(item, serial, now)) said_.emplace(serial, std::move(item));
  supervise_at_ = now.steady + config_.supervision;
}

void Link::heard_good(Moment now) {
  supervise_at_ = now.steady + config_.supervision;
  failures_ = 0;
  if (!std::exchange(up_, true)) act(LinkState{true, address_, {}});
}

void Link::received(std::string_view bytes, Moment now) {
  if (phase_ != Phase::open) return;
  for (Heard& heard : dialect_->hear(bytes, now.wall)) hear(std::move(heard), now);
  if (dialect_->garbage_bytes() > limits::fire_garbage_bytes) return give_up("the far side sends garbage", now);
  pump(now);
}

void Link::hear(Heard heard, Moment now) {
  switch (heard.kind) {
    case HeardKind::acknowledged:
      if (heard.serial) acknowledged(*heard.serial, now);
      return;
    case HeardKind::refused:
    case HeardKind::not_understood: {
      if (heard.serial) return refused(*heard.serial, heard.kind, now);
      std::vector<uint32_t> serials;
      serials.reserve(said_.size());
      for (const auto& [serial, item] : said_) serials.push_back(serial);
      for (uint32_t serial : serials) refused(serial, heard.kind, now);
      return;
    }
    case HeardKind::asked:
    case HeardKind::roll_call:
      return answer(std::move(heard), now);
    case HeardKind::nothing:
      return;
  }
}

void Link::acknowledged(uint32_t serial, Moment now) {
  const auto found = said_.find(serial);
  if (found == said_.end()) return;
  const Item item = std::move(found->second);
  said_.erase(found);
  forget_ended_limits();
  heard_good(now);
  end(item, SendResult::delivered, {});
}

void Link::refused(uint32_t serial, HeardKind how, Moment now) {
  const auto found = said_.find(serial);
  if (found == said_.end()) return;
  Item& item = found->second;
  if (item.supervision()) {  // it lives, though it wants no supervision
    said_.erase(found);
    supervise_at_ = now.steady + config_.supervision;
    return;
  }
  if (how == HeardKind::refused && ++item.refused <= config_.repeats) {
    say(item, serial, now);
    return;
  }
  const Item given_up = std::move(item);
  said_.erase(found);
  end(given_up, SendResult::failed,
      how == HeardKind::refused ? "the far side refused it (NAK)" : "the far side doesn't understand it (DUH)");
}

void Link::answer(Heard heard, Moment now) {
  if (now.steady - replies_since_ >= std::chrono::seconds{1}) {
    replies_since_ = now.steady;
    replies_ = 0;
  }
  if (++replies_ > limits::fire_replies_per_second) return;
  act(SendBytes{std::move(heard.reply)});
  if (heard.kind == HeardKind::roll_call) act(RollCall{heard.answer_within});
}

void Link::end(const Item& item, SendResult result, std::string why) {
  const AlarmMessage* alarm = item.alarm();
  if (!alarm) return;
  keys_.erase(alarm->delivery);
  act(Ended{alarm->delivery, item.token, result, std::move(why)});
}

std::map<uint32_t, Link::Item>::iterator Link::said_with(Key key) {
  return std::find_if(said_.begin(), said_.end(),
                      [&](const auto& entry) { return !entry.second.supervision() && entry.second.key == key; });
}

void Link::forget_ended_limits() {
  const auto ended = [&](const Limit& limit) {
    return !waiting_.contains(limit.key) && said_with(limit.key) == said_.end();
  };
  while (!limits_.empty() && ended(limits_.front())) limits_.pop_front();
  // Those behind a message that stays go now and then.
  if (limits_.size() >= 2 * limits::fire_waiting_messages) std::erase_if(limits_, ended);
}

void Link::end_overdue(Moment now) {
  constexpr std::string_view why = "the far side has not acknowledged it in time";
  while (!limits_.empty() && limits_.front().at <= now.steady) {
    const Key key = limits_.front().key;
    limits_.pop_front();
    if (const auto there = waiting_.find(key); there != waiting_.end()) {
      end(there->second, SendResult::failed, std::string(why));
      waiting_.erase(there);
    } else if (const auto said = said_with(key); said != said_.end()) {
      end(said->second, SendResult::failed, std::string(why));
      said_.erase(said);
    }
  }
}

void Link::repeat_unanswered(Moment now) {
  for (auto& [serial, item] : said_) {
    if (item.answer_by > now.steady) continue;
    if (item.said > config_.repeats) return give_up("the far side doesn't answer", now);
    say(item, serial, now);
  }
}

void Link::tick(Moment now) {
  end_overdue(now);
  if (phase_ == Phase::waiting && due_ <= now.steady) return dial(now);
  if (phase_ == Phase::connecting && due_ <= now.steady) return give_up("no connection in time", now);
  if (phase_ != Phase::open) return;
  repeat_unanswered(now);
  pump(now);
  supervise(now);
  if (phase_ == Phase::open && address_ != 0 && first_again_at_ <= now.steady && said_.empty() && waiting_.empty()) {
    act(HangUp{});
    act(LinkState{false, address_, "the first address is tried again"});
    up_ = false;
    address_ = 0;
    dial(now);
  }
}

Instant Link::next_due() const {
  Instant next = limits_.empty() ? far_future : limits_.front().at;
  if (phase_ != Phase::open) return std::min(next, due_);
  for (const auto& [serial, item] : said_) next = std::min(next, item.answer_by);
  const bool idle = said_.empty() && (waiting_.empty() || !dialect_->ready());
  if (idle && config_.supervision > Duration{0}) next = std::min(next, supervise_at_);
  if (idle && address_ != 0) next = std::min(next, first_again_at_);
  return next;
}

}  // namespace bayward::wire
