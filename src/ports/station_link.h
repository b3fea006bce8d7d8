// The charging stations as the staff's side sees them: which are connected, who knocks without being known, and a few
// questions and orders, the same for every OCPP version. Implemented by stations/csms.h.
//
// Every function may be called from any thread and returns at once. Callbacks run once, on the stations' thread, and
// must not block.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "core/command.h"
#include "ports/engine.h"

namespace bayward {

// A reservation that the station would not take.
struct RefusedReservation {
  BookingId booking;
  uint16_t evse = 0;
  std::string answer;  // the station's word, "Occupied", or "no answer"
  Instant retry_at{};
};

// A registered station with an open socket.
struct StationStatus {
  StationId station;
  std::string identity;
  std::string protocol;  // "ocpp1.6", "ocpp2.0.1"
  std::string peer;
  Instant online_since{};
  Instant last_message_at{};
  bool booted = false;  // it has told the following four since the server knows it
  std::string vendor;
  std::string model;
  std::string serial_number;
  std::string firmware;
  size_t calls_waiting = 0;  // ours, not sent yet
  size_t calls_open = 0;     // its own, not answered yet
  size_t reservations_held = 0;
  std::vector<RefusedReservation> reservations_refused;
};

// A station that nobody has registered: it is told Pending (or Rejected) and nothing is accepted from it.
struct PendingStation {
  std::string identity;
  std::string protocol;
  std::string peer;
  std::string vendor;
  std::string model;
  std::string serial_number;
  Instant first_seen{};
  Instant last_seen{};
};

// A setting is named as its version names it: "HeartbeatInterval" (1.6 configuration key),
// "OCPPCommCtrlr.HeartbeatInterval" (2.0.1 component.variable; "Component[instance].Variable[instance]").
struct StationSetting {
  std::string name;
  std::string value;
};
struct ReadSettings {
  std::vector<std::string> names;  // none: all of them (1.6 only)
};
struct ChangeSettings {
  std::vector<StationSetting> settings;
};
// "BootNotification", "StatusNotification", "MeterValues", ...; evse 0: the whole station.
struct TriggerStation {
  std::string message;
  uint16_t evse = 0;
};
struct ResetStation {
  bool at_once = false;  // otherwise when no transaction is running
};
struct UnlockConnector {
  uint16_t evse = 1;
  uint16_t connector = 1;  // 1.6 knows one per EVSE
};
struct SetAvailability {
  bool operative = true;
  uint16_t evse = 0;  // 0: the whole station
};
struct ClearAuthorizationCache {};
// The station makes a new password its own; the old one counts until it has. Nobody sees it.
struct ChangePassword {};
// The station is to ask for a new certificate; it gets it when its request is in its own name.
struct RenewCertificate {};
// The platform's own authority becomes one that the station trusts for its central system.
struct InstallRoots {
  std::vector<std::string> certificates;  // PEM; none: the platform's own
};
struct ListCertificates {};
// As the station's list names it.
struct DeleteCertificate {
  std::string hash_algorithm;
  std::string issuer_name_hash;
  std::string issuer_key_hash;
  std::string serial_number;
};
// The station uploads a log of its own; where to is said by whoever keeps uploads (ports/uploads.h).
struct FetchLog {
  bool security = false;  // the security log, otherwise diagnostics
  std::optional<Instant> from, to;
  int64_t number = 0;  // of the upload
  std::string location = {};
};
// Any call of the station's version that a central system may make. Payload: JSON, validated before it goes out.
struct CallStation {
  std::string action;
  std::string payload;
};
using StationOrder = std::variant<ReadSettings, ChangeSettings, TriggerStation, ResetStation, UnlockConnector,
                                  SetAvailability, ClearAuthorizationCache, ChangePassword, RenewCertificate,
                                  InstallRoots, ListCertificates, DeleteCertificate, CallStation, FetchLog>;

struct SettingOutcome {
  std::string name;
  std::string status;  // "Accepted", "Rejected", "UnknownKey", "RebootRequired", ...
  std::optional<std::string> value;
  bool readonly = false;
};

struct StationAnswer {
  enum class Kind : uint8_t {
    answered,   // `status` is its word, or `settings` are filled
    error,      // it answered with a CALLERROR: `status` is what it said
    silent,     // no answer in time, or the link broke
    offline,    // not connected, or not booted yet: nothing was sent
    busy,       // too many calls are waiting for it: nothing was sent
    malformed,  // the order names something this version cannot express: nothing was sent; `status` says what
  };
  Kind kind{};
  std::string status;
  std::vector<SettingOutcome> settings;
  std::string payload = {};  // of ListCertificates and CallStation: the whole answer, JSON
};

// What a station reports in parts after a call of staff's that asked for it (GetBaseReport, GetMonitoringReport, ...).
struct StationReport {
  int64_t request = 0;  // requestId of that call
  std::string action;   // "NotifyReport", ...; "" while nothing has come
  bool complete = false;
  size_t dropped = 0;              // items beyond limits::station_report_variables
  Instant at{};                    // of the newest part
  std::vector<std::string> parts;  // payloads in their order, JSON
};

// What a station and the platform have said to each other, newest last. Passwords are never shown; whatever says who a
// person is is masked unless `personal`.
struct MessageQuery {
  uint64_t after = 0;        // newer than this number; 0: the newest `most`
  std::string action;        // "": any; answers go by the action of their call
  std::optional<bool> ours;  // sent by the platform, or by the station
  bool only_errors = false;  // CALLERROR, CALLRESULTERROR and what can't be read
  bool personal = false;
  size_t most = 50;
  AccountId reader;  // on record in the audit log
};
struct StationMessage {
  enum class Kind : uint8_t { call, result, error, result_error, send, unreadable };
  uint64_t number = 0;  // 1, 2, 3, ...; numbers that are missing have been forgotten or don't fit the query
  Instant at{};
  bool ours = false;
  Kind kind{};
  std::string id;
  std::string action;   // "" when it isn't known (any more)
  std::string payload;  // JSON; of an error {"code","description","details"}; "" when it was too long to keep
  size_t bytes = 0;
};
struct StationMessages {
  std::vector<StationMessage> items;
  uint64_t newest = 0;  // the number of the newest there is
};

// How a registered station proves who it is.
struct StationSecurity {
  int profile = 1;               // on record: it can't come with a lower one
  Instant certificates_since{};  // older ones are revoked
  bool connected = false;        // and how, now:
  int connected_profile = 0;
  std::string certificate_serial;  // "" without one
  Instant certificate_until{};
};
struct SecurityChange {
  std::optional<int> profile;        // 1 to 3; the only way to a lower one
  bool revoke_certificates = false;  // all that were made until now
};

// Since the start of the process.
struct StationCallCount {
  std::string protocol;
  std::string action;   // "other" for actions nobody knows
  std::string outcome;  // "ok", or the error code as ErrorCode's word, "no_answer"
  bool ours = false;    // called by us, otherwise by the station
  uint64_t calls = 0;
  uint64_t latency_us_sum = 0;
};
struct StationCounters {
  size_t connected = 0;
  size_t pending = 0;
  uint64_t connections = 0;
  uint64_t replaced = 0;       // sockets that gave way to a newer one of the same station
  uint64_t logins_failed = 0;  // wrong password or user
  uint64_t unreadable_frames = 0;
  uint64_t repeated_calls = 0;
  uint64_t orphans = 0;                  // transaction messages that belong to no session we know
  uint64_t unanswered_by_us = 0;         // calls of stations left open beyond the time we allow ourselves
  uint64_t unanswered_by_stations = 0;   // calls of ours that timed out
  uint64_t security_events_dropped = 0;  // not written to the audit log: too many from one station
  std::vector<StationCallCount> calls;
};

// In either direction, since start.
inline uint64_t unanswered_calls(const StationCounters& counters) {
  return counters.unanswered_by_us + counters.unanswered_by_stations;
}

class StationDesk {
 public:
  virtual ~StationDesk() = default;

  virtual void list(std::function<void(std::vector<StationStatus>)> answer) = 0;
  virtual void pending(std::function<void(std::vector<PendingStation>)> answer) = 0;
  virtual void order(StationId station, StationOrder order, std::function<void(StationAnswer)> answer) = 0;
  virtual StationCounters counters() const = 0;
  // Empty when nothing was asked for since the server runs.
  virtual void reports(StationId station, std::function<void(std::vector<StationReport>)> answer) = 0;
  // Empty for a station that has not called since the server runs.
  virtual void messages(StationId station, MessageQuery query, std::function<void(StationMessages)> answer) = 0;
  virtual void security(StationId station, std::function<void(Result<StationSecurity>)> answer) = 0;
  // A connected station that no longer fits is disconnected.
  virtual void set_security(StationId station, SecurityChange change,
                            std::function<void(Result<StationSecurity>)> answer) = 0;
  // The roots of the platform's own authority in PEM; empty when there is none.
  virtual std::string authority_roots() const = 0;
  // What the platform may not decide alone (Refusal::site_decides): asks the site's controller. `command` is a
  // RequestBooking or an ExtendBooking; the same `ask` again is the same wish. The answer comes once, from any thread.
  virtual void ask_site(core::Command command, std::string ask, std::function<void(Outcome)> answer) = 0;
};

}  // namespace bayward
