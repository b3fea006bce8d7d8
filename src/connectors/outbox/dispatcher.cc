#include "connectors/outbox/dispatcher.h"

#include <algorithm>

#include "base/limits.h"
#include "connectors/outbox/lookup.h"
#include "ports/log.h"

namespace bayward::outbox {
namespace {

bool urgent(const AlarmMessage& message) {
  return message.severity == core::Severity::danger;
}

}  // namespace

Dispatcher::Dispatcher(Ports ports, Routing routing) : ports_(std::move(ports)), routing_(std::move(routing)) {
  ports_.engine.subscribe([this](const CommittedRecord& record) { hear(record); });
}

void Dispatcher::hear(const CommittedRecord& record) {
  Heard heard;
  for (const StreamEvent& one : record.events) {
    if (const auto* queued = std::get_if<core::DeliveryQueued>(&one.event)) {
      const core::Delivery& delivery = queued->delivery;
      if (delivery.after) continue;
      const bool first = delivery.severity == core::Severity::danger && delivery.step != core::DeliveryStep::reminder;
      (first ? heard.first : heard.later).push_back(delivery.id);
    } else if (const auto* tried = std::get_if<core::DeliveryTried>(&one.event)) {
      heard.later.push_back(tried->delivery);
    } else if (const auto* over = std::get_if<core::DeliveryEnded>(&one.event)) {
      heard.ended.push_back(over->delivery);
    }
  }
  const size_t due = heard.first.size() + heard.later.size();
  if (due == 0 && heard.ended.empty()) return;
  if (noted_.load() + due > limits::alarms_noted) {
    log::warn("alarm.put_off", {{"deliveries", due}, {"why", "too many are waiting"}});
    heard.first.clear();
    heard.later.clear();
  }
  noted_ += heard.first.size() + heard.later.size();
  ports_.post([this, heard = std::move(heard)] { note(heard); });
}

void Dispatcher::note(const Heard& heard) {
  for (DeliveryId id : heard.ended) {
    const auto found = by_delivery_.find(id);
    if (found == by_delivery_.end()) continue;
    const AttemptPtr attempt = found->second;
    attempt->over = true;
    finish_if_done(attempt);
  }
  first_.insert(first_.end(), heard.first.begin(), heard.first.end());
  later_.insert(later_.end(), heard.later.begin(), heard.later.end());
  look();
}

std::vector<DeliveryId> Dispatcher::next_due() {
  std::vector<DeliveryId> ids;
  for (std::deque<DeliveryId>* from : {&first_, &later_}) {
    while (!from->empty() && ids.size() < limits::alarms_looked_at) {
      ids.push_back(from->front());
      from->pop_front();
    }
  }
  noted_ -= ids.size();
  return ids;
}

void Dispatcher::look() {
  if (looking_ || (first_.empty() && later_.empty())) return;
  struct Batch {
    std::vector<DeliveryId> ids;
    std::vector<AlarmMessage> messages;
  };
  const auto batch = std::make_shared<Batch>();
  batch->ids = next_due();
  looking_ = true;
  ports_.engine.ask(
      [batch](const core::State& state, Instant now) {
        for (DeliveryId id : batch->ids) {
          if (auto message = message_of(state, id, now)) batch->messages.push_back(*std::move(message));
        }
      },
      [this, batch] {
        ports_.post([this, batch] {
          looking_ = false;
          for (AlarmMessage& message : batch->messages) begin(std::move(message));
          look();
        });
      },
      [this, count = batch->ids.size()] {
        ports_.post([this, count] {
          looking_ = false;
          log::warn("alarm.put_off", {{"deliveries", count}, {"why", "the engine is overloaded"}});
        });
      });
}

void Dispatcher::begin(AlarmMessage message) {
  const Key key{message.incident, message.to};
  if (const auto before = in_hand_.find(key); before != in_hand_.end()) {
    if (before->second->message.delivery != message.delivery) before->second->then = message.delivery;
    return;
  }
  const auto attempt = std::make_shared<Attempt>();
  attempt->plan = plan(routing_, message);
  attempt->message = std::move(message);
  const DeliveryId id = attempt->message.delivery;
  if (attempt->plan.no_link) {
    log::warn("alarm.no_link", {{"desk", core::to_text(attempt->message.to.party)}, {"delivery", to_text(id)}});
    return record(id, core::DeliveryState::impossible);
  }
  if (attempt->plan.routes.empty() || in_hand_.size() >= limits::alarms_in_hand || !find_address(*attempt)) return;
  in_hand_.emplace(key, attempt);
  by_delivery_.emplace(id, attempt);
  const size_t together = attempt->plan.at_once ? attempt->plan.routes.size() : 1;
  for (size_t index = 0; index < together; ++index) start(attempt, index);
}

// False: the vault can't be read just now. Somebody without a phone or without e-mail has an empty one.
bool Dispatcher::find_address(Attempt& attempt) {
  if (!is_person(attempt.message.to.party)) return true;
  const auto read = [&](VaultKind kind) -> std::optional<std::string> {
    auto text = ports_.vault.get({attempt.message.to.account, kind, 0});
    if (text) return text->value_or("");
    log::error("alarm.vault_unreadable", {{"why", text.error().message}});
    return std::nullopt;
  };
  const auto& routes = attempt.plan.routes;
  const auto phone = read(VaultKind::phone);
  const bool by_mail = std::any_of(routes.begin(), routes.end(), [](const Route& one) { return one.by_mail; });
  const auto email = by_mail ? read(VaultKind::email) : std::string();
  if (!phone || !email) return false;
  attempt.message.address = *phone;
  attempt.email = *email;
  if (!phone->empty()) attempt.message.chinese = phone->starts_with("+86");
  return true;
}

void Dispatcher::start(const AttemptPtr& attempt, size_t index) {
  ++attempt->open;
  Way& way = ways_[attempt->plan.routes[index].channel];
  way.lane.add(urgent(attempt->message), [this, attempt, index] {
    if (attempt->over) return false;
    send(attempt, index);
    return true;
  });
}

void Dispatcher::send(const AttemptPtr& attempt, size_t index) {
  const Route& route = attempt->plan.routes[index];
  ++attempt->flying;
  AlarmMessage message = attempt->message;
  if (!route.address.empty()) {
    message.address = route.address;
  } else if (route.by_mail) {
    message.address = attempt->email;
  }
  route.channel->send(message, [this, attempt, index](SendResult result, std::string_view why) {
    ports_.post([this, attempt, index, result, why = std::string(why)] { answered(attempt, index, result, why); });
  });
}

void Dispatcher::answered(const AttemptPtr& attempt, size_t index, SendResult result, std::string_view why) {
  const Route& route = attempt->plan.routes[index];
  const DeliveryId id = attempt->message.delivery;
  --attempt->open;
  --attempt->flying;
  report(route, id, result, why);
  if (result == SendResult::delivered || result == SendResult::sent) {
    const bool arrived = result == SendResult::delivered;
    if (!std::exchange(attempt->over, true))
      record(id, arrived ? core::DeliveryState::delivered : core::DeliveryState::sent);
  } else {
    attempt->failed = attempt->failed || result == SendResult::failed;
    const bool next = !attempt->plan.at_once && index + 1 < attempt->plan.routes.size();
    if (!attempt->over && next) start(attempt, index + 1);
  }
  finish_if_done(attempt);
  ways_[route.channel].lane.free();
}

void Dispatcher::finish_if_done(const AttemptPtr& attempt) {
  if (attempt->flying > 0 || (!attempt->over && attempt->open > 0)) return;
  const AlarmMessage& message = attempt->message;
  if (by_delivery_.erase(message.delivery) == 0) return;  // has been finished
  in_hand_.erase({message.incident, message.to});
  // A person still has the app.
  if (!attempt->over && !attempt->failed && !is_person(message.to.party)) {
    record(message.delivery, core::DeliveryState::impossible);
  }
  if (!attempt->then) return;
  ++noted_;
  first_.push_back(attempt->then);
  look();
}

// A channel that fails says so once, not once for every message.
void Dispatcher::report(const Route& route, DeliveryId delivery, SendResult result, std::string_view why) {
  bool& failing = ways_[route.channel].failing;
  if (result == SendResult::impossible) {
    log::warn("alarm.impossible", {{"channel", route.name}, {"delivery", to_text(delivery)}, {"why", why}});
  } else if (const bool now_failing = result == SendResult::failed; now_failing != failing) {
    failing = now_failing;
    failing ? log::warn("alarm.channel_failing", {{"channel", route.name}, {"why", why}})
            : log::info("alarm.channel_works", {{"channel", route.name}});
  }
  log::debug("alarm.answered", {{"channel", route.name}, {"delivery", to_text(delivery)}, {"why", why}});
}

// If this is lost the message is sent again.
void Dispatcher::record(DeliveryId delivery, core::DeliveryState state) {
  Envelope envelope;
  envelope.command = core::RecordDelivery{delivery, state};
  ports_.engine.submit(std::move(envelope), [delivery](const Outcome& outcome) {
    if (outcome) return;
    log::warn("alarm.not_recorded", {{"delivery", to_text(delivery)}, {"why", core::to_text(outcome.error())}});
  });
}

}  // namespace bayward::outbox
