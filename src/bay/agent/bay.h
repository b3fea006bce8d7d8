// The inside of an agent, for the files of this folder only: what is sensed, known, granted and running at one bay, and
// its parts. Each concern has functions over it in a file of its own; agent.cc calls them in order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/prng.h"
#include "bay/agent/agent.h"
#include "bay/agent/announce.h"
#include "bay/agent/device_clock.h"
#include "bay/agent/firmware.h"
#include "bay/agent/line.h"
#include "bay/agent/loads.h"
#include "bay/agent/profiles.h"
#include "bay/agent/settings.h"
#include "ocpp/v201/types.h"

namespace bayward::bay {

namespace v201 = ocpp::v201;

struct Holder {
  std::string token;
  v201::IdTokenEnumType type = v201::IdTokenEnumType::central;
  std::string group;  // empty: none is known
};

struct Reservation {
  int64_t id = 0;
  Holder holder;
  std::string plate;  // empty: not told
  Instant expiry{};
  Uptime ends_up{};  // the same moment by the uptime: the wall clock may be set
};

// An entry of the local list: who may charge here today (A4, D01).
struct Listed {
  Holder holder;
  bool accepted = false;
  std::optional<Instant> expiry;
  std::optional<Instant> not_before;  // customData of vendor "bayward": {"notBefore": ...}
};

// Somebody may charge and has yet to plug in.
struct Grant {
  Holder holder;
  std::optional<int64_t> remote_start;
  std::optional<int64_t> reservation;
  Uptime until{};
};

struct Ending {
  v201::ReasonEnumType reason{};
  v201::TriggerReasonEnumType trigger{};
  Uptime since{};
};

struct Transaction {
  std::string id;
  Holder holder;
  std::optional<int64_t> reservation;
  std::optional<int64_t> remote_start;
  int64_t next_seq = 0;
  Instant started_at{};
  int64_t begin_mwh = 0;
  v201::ChargingStateEnumType told = v201::ChargingStateEnumType::ev_connected;
  Uptime sample_at{};
  Uptime clock_sample_at{};
  Instant last_told_at{};
  std::optional<Ending> ending;  // the offer is withdrawn, the car may let go before the contactor opens
};

struct DoubtedMeter {
  EnergyMeter::Reading reading;
  Uptime since{};
};

struct Sensed {
  std::optional<bool> occupied;
  uint8_t percent = 0;
  bool plugged = false;
  std::string plate;  // of the car that stands here; empty: not read
  CarAlarmListener::Reading car;
  Uptime car_alarm_since{};
  bool car_alarm_told = false;
  Uptime car_noisy_at{};
  std::optional<PowerSupply::Reading> supply;
  std::optional<EnergyMeter::Reading> meter;  // the last one that was believed
  std::optional<DoubtedMeter> meter_doubted;  // it says something else now
};

// A monitor the central system has set (N04).
struct Monitor {
  int64_t id = 0;
  std::string component, instance, variable;
  v201::MonitorEnumType type{};
  ocpp::Decimal value;
  int64_t severity = 0;
  bool beyond = false;      // a threshold is crossed
  ocpp::Decimal reference;  // of a delta: what was told last
  bool has_reference = false;
  Uptime next_at{};  // of a periodic one
};

// Names of stored values that several parts know.
inline constexpr const char* stored_time = "time_known_ms";

struct Bay final : Line::User {
  explicit Bay(AgentParts parts);

  void line_up() override;
  void line_down() override;
  ocpp::Reply serve(const ocpp::IncomingCall& call) override;

  Instant time() const { return clock.now(now); }
  // False: the machine's clock is behind what the central system has told before. What ends by the clock can't be
  // judged.
  bool time_believable() const { return clock.sure() || now.wall >= time_known; }
  bool online() const { return registered && line.up(); }

  const AgentConfig config;
  Hardware hardware;
  Store& store;
  MeshDoor* mesh;
  FirmwareSlots* slots;
  Prng prng;
  const int64_t boot;
  Line line;

  Moment now{};
  DeviceClock clock;
  Instant time_known{};  // the last time of the central system that is stored
  Settings settings;

  safety::State safety;
  safety::Sample sample;
  safety::Wishes wishes;
  safety::Outputs outputs;
  Sensed sensed;

  bool registered = false;                       // the central system has accepted this boot
  std::optional<Uptime> boot_at{Uptime::min()};  // when BootNotification is (again) due
  bool boot_triggered = false;
  Duration heartbeat_interval{300s};
  Uptime heartbeat_at{};
  std::optional<Uptime> begun_at;  // when the first readings were asked for
  Uptime aligned_at{};

  std::optional<Reservation> reservation;
  std::vector<Listed> list;
  int64_t list_version = 0;
  std::optional<Grant> grant;
  std::optional<Transaction> transaction;
  bool asking = false;       // an Authorize is under way
  bool holder_came = false;  // the car that stands here, or its driver, is the reservation's holder
  // The car that stands here is not the one that the bay was reserved for. Stays when the booking is moved away from
  // it.
  bool wrong_vehicle = false;
  Uptime refused_until{};
  bool operative = true;
  bool reset_on_idle = false;
  std::optional<Uptime> restart_at;
  std::optional<BootReason> restart;
  std::vector<ChargingProfile> profiles;
  std::vector<v201::MessageInfoType> messages;
  std::vector<Monitor> monitors;
  int64_t monitoring_level = 9;
  int64_t last_monitor_id = 1000;
  FirmwareJob firmware;

  std::optional<v201::ConnectorStatusEnumType> told_status;
  int64_t last_event = 0;
  uint32_t last_alarm = 0;
  std::optional<uint32_t> open_alarm;  // the mesh's number of what is latched now
  safety::Level open_level = safety::Level::none;
  std::string open_kind;
  std::vector<BayAlarm> called;  // panic and car alarms that have not had their all-clear
  std::vector<BayAlarm> heard;   // danger elsewhere
  Signs shown;
  bool showed = false;
  std::array<bool, LoadSwitch::load_count> load_on{true, true, true, true, true};
  BayState state;
  bool published = false;
};

// ---- what the parts offer each other ----

// messages.cc
void tell_boot(Bay& bay);
void tell_heartbeat(Bay& bay);
// When it differs from what was told, or always.
void tell_status(Bay& bay, bool always);
v201::ConnectorStatusEnumType connector_status(const Bay& bay);
void tell_security(Bay& bay, const std::string& type, const std::string& tech_info);

// meter.cc
std::vector<v201::MeterValueType> meter_values(const Bay& bay, v201::ReadingContextEnumType context);
int64_t register_mwh(const Bay& bay);

// identify.cc: who may charge (B3, B4, A4, A9).
void card_shown(Bay& bay, const CardReader::Card& card);
bool is_holder(const Holder& wanted, const Holder& shown);
void vehicle_seen(Bay& bay, const std::string& plate);
bool listed_now(const Bay& bay, const Holder& shown, std::string* group);

// reservation.cc
v201::ReserveNowStatusEnumType reserve(Bay& bay, Reservation reservation);
bool cancel_reservation(Bay& bay, int64_t id);
void use_reservation(Bay& bay);
void drive_reservation(Bay& bay);
void recover_reservation(Bay& bay);

// charging.cc
bool car_plugged(const Bay& bay);
void grant_charging(Bay& bay, Grant grant);
void stop_charging(Bay& bay, v201::ReasonEnumType reason, v201::TriggerReasonEnumType trigger);
void drive_charging(Bay& bay);
void tell_sample(Bay& bay, v201::TriggerReasonEnumType trigger, v201::ReadingContextEnumType context);
void recover_transaction(Bay& bay);

// alarms.cc
void take_outputs(Bay& bay);
void panic(Bay& bay);
void car_alarm(Bay& bay);
// D4. Empty: of every kind.
void end_calls(Bay& bay, std::string_view kind);
void tell_sensed(Bay& bay, const std::string& component, const std::string& variable, const std::string& value);
// Only while the central system listens: pictures are not kept here.
void tell_picture(Bay& bay, const std::string& plate, std::string_view jpeg);
std::optional<safety::Fault> worst(safety::FaultSet faults);

// variables.cc, monitors.cc
void drive_monitors(Bay& bay);
void recover_settings(Bay& bay);

// sense.cc, show.cc
void sense(Bay& bay);
void show(Bay& bay);
void publish(Bay& bay);

}  // namespace bayward::bay
