#include "sim/town/charge_point.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/town/speech.h"

namespace bayward::town {
namespace {

constexpr Duration plug_patience{2min};  // between being authorised and the plug
constexpr int64_t boot_retry_s = 60;     // when the platform names no interval

Instant next_aligned(Instant after, int64_t interval_s) {
  return from_unix_s((unix_s(after) / interval_s + 1) * interval_s);
}

}  // namespace

ChargePoint::ChargePoint(TownTime& time, ChargePointConfig config, const Speech& speech, StationLink::Dial dial)
    : time_(time),
      config_(std::move(config)),
      speech_(speech),
      self_(std::make_shared<ChargePoint*>(this)),
      settings_(speech.settings(config_)),
      link_(time, *this, speech.dialect(), std::move(dial)) {
  for (const int64_t power_w : config_.evse_power_w) {
    Evse evse;
    evse.number = static_cast<int32_t>(evses_.size()) + 1;
    evse.power_max_w = power_w;
    evse.register_wh = config_.first_register_wh;
    evses_.push_back(evse);
  }
}

ChargePoint::~ChargePoint() {
  *self_ = nullptr;
}

void ChargePoint::later(Instant when, std::function<void(ChargePoint&)> work) {
  time_.at(when, [self = self_, work = std::move(work)] {
    if (*self) work(**self);
  });
}

void ChargePoint::say(std::function<Said()> make, bool keep, std::function<void(const ocpp::Json*)> answered) {
  link_.say({std::move(make), std::move(answered), keep, false});
}

// ---- the line ----

void ChargePoint::line_up() {
  if (!accepted_) return send_boot();
  start_beating();
  for (const Evse& evse : evses_) send_status(evse.number);
}

void ChargePoint::line_down() {
  ++beat_;
  if (changed) changed();
}

ocpp::Reply ChargePoint::serve(const ocpp::IncomingCall& call) {
  return speech_.serve(*this, call);
}

void ChargePoint::send_boot() {
  const auto answered = [this](const ocpp::Json* json) {
    const BootAnswer answer = json ? speech_.boot_answer(*json) : BootAnswer{};
    if (clock_told && answer.now != Instant{}) clock_told(answer.now);
    accepted_ = answer.accepted;
    if (!accepted_) {
      const int64_t pause_s = answer.interval_s > 0 ? answer.interval_s : boot_retry_s;
      return later(time_.now() + std::chrono::seconds{pause_s}, [](ChargePoint& me) {
        if (!me.accepted_ && me.link_.up()) me.send_boot();
      });
    }
    if (answer.interval_s > 0) {
      for (Setting& setting : settings_) {
        if (setting.role == SettingRole::heartbeat_s) setting.value = std::to_string(answer.interval_s);
      }
    }
    start_beating();
    for (const Evse& evse : evses_) {
      send_status(evse.number);
      say([this, number = evse.number, occupied = evse.occupied,
           now = time_.now()] { return speech_.occupancy(number, occupied, now); },
          true);
    }
    if (changed) changed();
  };
  link_.say({[this] { return speech_.boot(config_); }, answered, false, true});
}

void ChargePoint::send_heartbeat() {
  say([this] { return speech_.heartbeat(); }, false);
}

void ChargePoint::start_beating() {
  listen(++beat_);
}

void ChargePoint::listen(uint64_t beat) {
  const int64_t interval_s = std::max<int64_t>(seconds_of(SettingRole::heartbeat_s), 10);
  later(time_.now() + std::chrono::seconds{interval_s}, [beat](ChargePoint& me) {
    if (beat != me.beat_ || !me.link_.up()) return;
    me.send_heartbeat();
    me.listen(beat);
  });
}

void ChargePoint::settings_changed() {
  if (link_.up() && accepted_) start_beating();
}

int64_t ChargePoint::seconds_of(SettingRole role) const {
  for (const Setting& setting : settings_) {
    if (setting.role != role) continue;
    int64_t seconds = 0;
    std::from_chars(setting.value.data(), setting.value.data() + setting.value.size(), seconds);
    return seconds;
  }
  return 0;
}

void ChargePoint::reset() {
  for (Evse& evse : evses_) {
    if (evse.transaction) end(evse, StopReason::reboot, time_.now());
    evse.wanted.reset();
  }
  accepted_ = false;
  later(time_.now(), [](ChargePoint& me) { me.link_.cut(me.time_.in_real_time(500ms)); });
}

// ---- status ----

PointStatus ChargePoint::status(const Evse& evse) const {
  if (!evse.operative) return PointStatus::unavailable;
  if (evse.transaction) return evse.suspended ? PointStatus::suspended_ev : PointStatus::charging;
  if (evse.plugged)
    return evse.told == PointStatus::charging || evse.told == PointStatus::suspended_ev ||
                   evse.told == PointStatus::finishing
               ? PointStatus::finishing
               : PointStatus::preparing;
  if (evse.wanted) return PointStatus::preparing;
  return evse.reservation ? PointStatus::reserved : PointStatus::available;
}

void ChargePoint::notice(Evse& evse, Instant now) {
  const PointStatus status_now = status(evse);
  if (status_now != evse.told) {
    evse.told = status_now;
    say([this, number = evse.number, status_now, now] { return speech_.status(number, status_now, now); }, false);
  }
  if (changed) changed();
}

void ChargePoint::send_status(int32_t number) {
  Evse& evse = at(number);
  evse.told = status(evse);
  say([this, number, told = evse.told, now = time_.now()] { return speech_.status(number, told, now); }, false);
}

bool ChargePoint::set_operative(int32_t number, bool operative) {
  if (number != 0 && !knows(number)) return false;
  for (Evse& evse : evses_) {
    if (number != 0 && evse.number != number) continue;
    evse.operative = operative;
    notice(evse, time_.now());
  }
  return true;
}

// ---- the physical world ----

void ChargePoint::car_enters(int32_t number, const std::string& plate, Instant when) {
  at(number).occupied = true;
  say([this, number, when] { return speech_.occupancy(number, true, when); }, true);
  say([this, number, plate, when] { return speech_.plate(number, plate, when); }, true);
}

void ChargePoint::car_leaves(int32_t number, Instant when) {
  at(number).occupied = false;
  say([this, number, when] { return speech_.occupancy(number, false, when); }, true);
}

void ChargePoint::plug_in(int32_t number, std::shared_ptr<const Draw> draw, Instant when) {
  Evse& evse = at(number);
  evse.plugged = true;
  evse.draw = std::move(draw);
  if (evse.wanted) {
    const Wanted wanted = *std::exchange(evse.wanted, std::nullopt);
    if (when <= wanted.until) return begin(evse, wanted.token, wanted.remote_start, when);
  }
  notice(evse, when);
}

void ChargePoint::unplug(int32_t number, Instant when) {
  Evse& evse = at(number);
  if (evse.transaction) end(evse, StopReason::ev_disconnected, when);
  evse.plugged = false;
  evse.draw = nullptr;
  notice(evse, when);
}

void ChargePoint::stop(int32_t number, StopReason reason, Instant when) {
  Evse& evse = at(number);
  if (evse.transaction) end(evse, reason, when);
}

void ChargePoint::present_card(int32_t number, const std::string& card, Instant when,
                               std::function<void(CardResult)> result) {
  Evse& evse = at(number);
  const Token token{card, "ISO14443"};
  if (evse.transaction) {
    const bool own = evse.transaction->token.text == card;
    if (own) end(evse, StopReason::local, when);
    return result(own ? CardResult::stopped : CardResult::refused);
  }
  if (!link_.up()) {
    if (local_list_.contains(card)) return authorised(evse, token, "", when, result);
    return result(CardResult::refused);
  }
  say([this, token] { return speech_.authorize(token); }, false,
      [this, number, token, when, result](const ocpp::Json* json) {
        const AuthorizeAnswer answer = json ? speech_.authorize_answer(*json) : AuthorizeAnswer{};
        if (!answer.accepted) return result(CardResult::refused);
        authorised(at(number), token, answer.group, when, result);
      });
}

// OCPP 1.6 5.13, 2.0.1 H01.FR.15: a reserved EVSE serves the token or group it is reserved for.
bool ChargePoint::may_use(const Evse& evse, const Token& token, const std::string& group) const {
  if (!evse.operative || evse.transaction || evse.power_max_w == 0) return false;
  if (!evse.reservation) return true;
  const Reservation& reservation = *evse.reservation;
  return reservation.token.text == token.text ||
         (!group.empty() && (group == reservation.group || group == reservation.token.text));
}

void ChargePoint::authorised(Evse& evse, const Token& token, const std::string& group, Instant when,
                             const std::function<void(CardResult)>& result) {
  if (!may_use(evse, token, group)) return result(CardResult::refused);
  if (evse.plugged) {
    begin(evse, token, std::nullopt, when);
    return result(CardResult::started);
  }
  evse.wanted = Wanted{token, std::nullopt, when + plug_patience};
  notice(evse, when);
  result(CardResult::waits_for_plug);
}

// ---- reservations and remote control ----

ReserveAnswer ChargePoint::reserve(int32_t number, Reservation reservation) {
  if (!knows(number)) return ReserveAnswer::rejected;
  Evse& evse = at(number);
  if (!evse.operative) return ReserveAnswer::unavailable;
  if (evse.transaction || evse.plugged) return ReserveAnswer::occupied;
  if (evse.reservation && evse.reservation->id != reservation.id) return ReserveAnswer::occupied;
  later(reservation.expires_at, [number, id = reservation.id](ChargePoint& me) {
    Evse& mine = me.at(number);
    if (!mine.reservation || mine.reservation->id != id || me.time_.now() < mine.reservation->expires_at) return;
    mine.reservation.reset();
    me.say([&me, id] { return me.speech_.reservation_expired(id).value_or(Said{}); }, false);
    me.notice(mine, me.time_.now());
  });
  evse.reservation = std::move(reservation);
  notice(evse, time_.now());
  return ReserveAnswer::accepted;
}

bool ChargePoint::cancel_reservation(int64_t id) {
  for (Evse& evse : evses_) {
    if (!evse.reservation || evse.reservation->id != id) continue;
    evse.reservation.reset();
    notice(evse, time_.now());
    return true;
  }
  return false;
}

bool ChargePoint::remote_start(int32_t number, Token token, std::optional<int64_t> remote_start_id) {
  for (Evse& evse : evses_) {
    if (number != 0 && evse.number != number) continue;
    if (!may_use(evse, token, "")) continue;
    if (evse.plugged) {
      begin(evse, token, remote_start_id, time_.now());
    } else {
      evse.wanted = Wanted{std::move(token), remote_start_id, time_.now() + plug_patience};
      notice(evse, time_.now());
    }
    return true;
  }
  return false;
}

bool ChargePoint::remote_stop(const std::string& transaction_id, int64_t transaction_number) {
  for (Evse& evse : evses_) {
    if (!evse.transaction) continue;
    const bool meant = transaction_id.empty() ? evse.transaction->number == transaction_number
                                              : evse.transaction->id == transaction_id;
    if (!meant) continue;
    end(evse, StopReason::remote, time_.now());
    return true;
  }
  return false;
}

bool ChargePoint::has_open(const std::string& transaction_id) const {
  return std::any_of(evses_.begin(), evses_.end(),
                     [&](const Evse& evse) { return evse.transaction && evse.transaction->id == transaction_id; });
}

// ---- transactions ----

int64_t ChargePoint::register_at(const Evse& evse, Instant when) const {
  if (!evse.transaction || !evse.draw) return evse.register_wh;
  return evse.transaction->start_wh + evse.draw->wh_after(when - evse.transaction->started_at);
}

int64_t ChargePoint::power_at(const Evse& evse, Instant when) const {
  return (register_at(evse, when) - register_at(evse, when - 1min)) * 60;
}

void ChargePoint::begin(Evse& evse, const Token& token, std::optional<int64_t> remote_start_id, Instant when) {
  auto transaction = std::make_shared<Transaction>();
  transaction->id =
      config_.identity.substr(0, 12) + "-" + std::to_string(unix_s(when)) + "-" + std::to_string(++transactions_);
  transaction->evse = evse.number;
  transaction->token = token;
  transaction->remote_start = remote_start_id;
  transaction->started_at = when;
  transaction->start_wh = evse.register_wh;
  transaction->offline = !link_.up();
  if (evse.reservation) transaction->reservation = std::exchange(evse.reservation, std::nullopt)->id;
  evse.transaction = transaction;
  evse.suspended = false;
  say([this, transaction] { return speech_.started(*transaction); }, true,
      [this, transaction](const ocpp::Json* json) {
        const bool may_go_on = json && speech_.started_answer(*json, *transaction);
        Evse& mine = at(transaction->evse);
        if (!may_go_on && mine.transaction == transaction) end(mine, StopReason::de_authorized, time_.now());
        if (changed) changed();
      });
  notice(evse, when);
  start_sampling(transaction);
}

void ChargePoint::start_sampling(const std::shared_ptr<Transaction>& transaction) {
  sample_later(transaction, SettingRole::sample_s, transaction->started_at);
  sample_later(transaction, SettingRole::aligned_s, transaction->started_at);
  const Evse& evse = at(transaction->evse);
  if (!evse.draw) return;
  later(transaction->started_at + evse.draw->length(), [weak = std::weak_ptr(transaction)](ChargePoint& me) {
    const auto mine = weak.lock();
    if (!mine || me.at(mine->evse).transaction != mine) return;
    me.at(mine->evse).suspended = true;
    me.notice(me.at(mine->evse), me.time_.now());
  });
}

// A full car's register stands still: nothing more is worth a message.
void ChargePoint::sample_later(std::weak_ptr<Transaction> transaction, SettingRole role, Instant last) {
  const int64_t interval_s = seconds_of(role);
  if (interval_s <= 0) return;
  const bool aligned = role == SettingRole::aligned_s;
  const Instant next = aligned ? next_aligned(last, interval_s) : last + std::chrono::seconds{interval_s};
  later(next, [transaction, role, next, aligned](ChargePoint& me) {
    const auto mine = transaction.lock();
    if (!mine) return;
    Evse& evse = me.at(mine->evse);
    if (evse.transaction != mine || !evse.draw || next > mine->started_at + evse.draw->length()) return;
    me.sample(evse, next, aligned ? SampleContext::clock : SampleContext::periodic);
    me.sample_later(transaction, role, next);
  });
}

void ChargePoint::sample(Evse& evse, Instant when, SampleContext context) {
  const Sample sample{when, register_at(evse, when), power_at(evse, when), context};
  const int64_t sequence = evse.transaction->next_sequence++;
  say([this, transaction = evse.transaction, sample,
       sequence] { return speech_.metered(*transaction, sample, sequence); },
      true);
}

void ChargePoint::send_sample(int32_t number) {
  if (at(number).transaction) sample(at(number), time_.now(), SampleContext::periodic);
}

void ChargePoint::end(Evse& evse, StopReason reason, Instant when) {
  const auto transaction = evse.transaction;
  evse.register_wh = register_at(evse, when);
  const Sample last{when, evse.register_wh, 0, SampleContext::end};
  const int64_t sequence = transaction->next_sequence++;
  evse.transaction = nullptr;
  evse.suspended = false;
  // What is left in the cable's car begins anew with another transaction.
  evse.draw = nullptr;
  say([this, transaction, last, reason, sequence] { return speech_.stopped(*transaction, last, reason, sequence); },
      true);
  notice(evse, when);
}

}  // namespace bayward::town
