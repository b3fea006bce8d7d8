// A simple charging station with its bays' sensors: what a device on the wall does, whichever OCPP version it speaks.
// The physical world calls it (a car comes, a card is shown), the platform calls it through Speech. The town's thread.
//
// Times are arguments where the physical world says when something happened; they may lie a little in the past, never
// before an earlier event of the same EVSE.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/town/draw.h"
#include "sim/town/station_link.h"
#include "sim/town/town_time.h"

namespace bayward::town {

class Speech;

// OCPP 2.0.1 IdTokenType; 1.6 knows only the text.
struct Token {
  std::string text;
  std::string kind = "ISO14443";
};

// OCPP 1.6 ChargePointStatus; 2.0.1 has fewer words for it.
enum class PointStatus : uint8_t { available, preparing, charging, suspended_ev, finishing, reserved, unavailable };
enum class StopReason : uint8_t { local, remote, ev_disconnected, de_authorized, reboot };
enum class SampleContext : uint8_t { begin, periodic, clock, end };

struct Sample {
  Instant at{};
  int64_t register_wh = 0;
  int64_t power_w = 0;
  SampleContext context = SampleContext::periodic;
};

struct Transaction {
  std::string id;      // 2.0.1: the station's
  int64_t number = 0;  // 1.6: the platform's, 0 until it has answered
  int32_t evse = 1;
  Token token;
  std::optional<int64_t> reservation;
  std::optional<int64_t> remote_start;
  Instant started_at{};
  int64_t start_wh = 0;
  int64_t next_sequence = 1;  // of TransactionEvents after Started
  bool offline = false;
};

struct Reservation {
  int64_t id = 0;
  Token token;
  std::string group;
  Instant expires_at{};
};

// What is authorised and waits for its plug.
struct Wanted {
  Token token;
  std::optional<int64_t> remote_start;
  Instant until{};
};

struct Evse {
  int32_t number = 1;
  int64_t power_max_w = 11'000;  // 0: a bay with sensors only
  int64_t register_wh = 0;
  bool occupied = false;
  bool plugged = false;
  bool operative = true;
  bool suspended = false;  // the car takes no more
  std::shared_ptr<const Draw> draw;
  std::shared_ptr<Transaction> transaction;
  std::optional<Reservation> reservation;
  std::optional<Wanted> wanted;
  PointStatus told = PointStatus::unavailable;
};

enum class SettingRole : uint8_t { other, heartbeat_s, sample_s, aligned_s };
// A configuration key (1.6: no component) or a variable (2.0.1).
struct Setting {
  std::string component;
  std::string name;
  std::string value;
  bool read_only = false;
  SettingRole role = SettingRole::other;
};

struct ChargePointConfig {
  std::string identity;
  std::vector<int64_t> evse_power_w;  // one entry an EVSE
  int64_t first_register_wh = 100'000;
  int64_t sample_s = 300;   // OCPP's sample interval; 0: none
  int64_t aligned_s = 900;  // OCPP's clock-aligned interval; 0: none
};

enum class CardResult : uint8_t { started, stopped, waits_for_plug, refused };

enum class ReserveAnswer : uint8_t { accepted, occupied, unavailable, rejected };

class ChargePoint : public LineUser {
 public:
  ChargePoint(TownTime& time, ChargePointConfig config, const Speech& speech, StationLink::Dial dial);
  ~ChargePoint() override;

  // ---- the physical world ----
  void switch_on() { link_.connect(); }
  void car_enters(int32_t evse, const std::string& plate, Instant at);
  void car_leaves(int32_t evse, Instant at);
  void plug_in(int32_t evse, std::shared_ptr<const Draw> draw, Instant at);
  void unplug(int32_t evse, Instant at);
  void present_card(int32_t evse, const std::string& card, Instant at, std::function<void(CardResult)> result);
  // The stop button.
  void stop(int32_t evse, StopReason reason, Instant at);
  StationLink& link() { return link_; }

  // ---- the platform, through Speech ----
  ReserveAnswer reserve(int32_t evse, Reservation reservation);
  bool cancel_reservation(int64_t id);
  // 0: any EVSE that is free.
  bool remote_start(int32_t evse, Token token, std::optional<int64_t> remote_start_id);
  bool remote_stop(const std::string& transaction_id, int64_t transaction_number);
  // 0: the whole station.
  bool set_operative(int32_t evse, bool operative);
  void reset();
  void send_status(int32_t evse);
  void send_heartbeat();
  void send_boot();
  void send_sample(int32_t evse);
  bool has_open(const std::string& transaction_id) const;
  std::vector<Setting>& settings() { return settings_; }
  void settings_changed();
  std::set<std::string>& local_list() { return local_list_; }
  int64_t local_list_version = 0;

  const Evse& evse(int32_t number) const { return evses_.at(static_cast<size_t>(number) - 1); }
  bool knows(int32_t number) const { return number >= 1 && static_cast<size_t>(number) <= evses_.size(); }
  size_t evse_count() const { return evses_.size(); }
  const ChargePointConfig& config() const { return config_; }
  PointStatus status(const Evse& evse) const;
  // Called whenever something at an EVSE has changed; for those who wait there.
  std::function<void()> changed;
  // Called when the platform has told its time; stations set their clocks by it (OCPP 1.6 4.2, 2.0.1 B01.FR.06).
  std::function<void(Instant)> clock_told;

  void line_up() override;
  void line_down() override;
  bool accepted() const override { return accepted_; }
  ocpp::Reply serve(const ocpp::IncomingCall& call) override;

 private:
  Evse& at(int32_t number) { return evses_.at(static_cast<size_t>(number) - 1); }
  bool may_use(const Evse& evse, const Token& token, const std::string& group) const;
  void authorised(Evse& evse, const Token& token, const std::string& group, Instant at,
                  const std::function<void(CardResult)>& result);
  void begin(Evse& evse, const Token& token, std::optional<int64_t> remote_start_id, Instant at);
  void end(Evse& evse, StopReason reason, Instant at);
  void sample(Evse& evse, Instant at, SampleContext context);
  int64_t register_at(const Evse& evse, Instant at) const;
  int64_t power_at(const Evse& evse, Instant at) const;
  void notice(Evse& evse, Instant at);
  void say(std::function<Said()> make, bool keep, std::function<void(const ocpp::Json*)> answered = {});
  void listen(uint64_t beat);
  int64_t seconds_of(SettingRole role) const;
  void start_beating();
  void start_sampling(const std::shared_ptr<Transaction>& transaction);
  void sample_later(std::weak_ptr<Transaction> transaction, SettingRole role, Instant last);
  void later(Instant when, std::function<void(ChargePoint&)> work);

  TownTime& time_;
  ChargePointConfig config_;
  const Speech& speech_;
  std::shared_ptr<ChargePoint*> self_;  // emptied when the station goes: timers look here first
  std::vector<Evse> evses_;
  std::vector<Setting> settings_;
  std::set<std::string> local_list_;
  bool accepted_ = false;
  uint64_t beat_ = 0;  // only the latest chain of heartbeats goes on
  int64_t transactions_ = 0;
  StationLink link_;
};

}  // namespace bayward::town
