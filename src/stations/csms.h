// The charging station management system: every connected station, what it is wanted to do, and the answers to the
// staff. It owns no business truth: what stations tell becomes commands to the engine, what the engine wants becomes
// calls to stations.
//
// Belongs to one thread, the io thread of the stations' sockets: sessions and tick() run there, `post` brings
// everything else there. StationDesk, acceptor and the subscription may be used from any thread. Outlives its sockets
// and every function given to `post`.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "ports/clock.h"
#include "ports/engine.h"
#include "ports/security_log.h"
#include "ports/station_link.h"
#include "ports/telemetry.h"
#include "ports/vault.h"
#include "stations/controllers.h"
#include "stations/door.h"
#include "stations/fleet/fleet.h"
#include "stations/options.h"
#include "stations/session.h"
#include "stations/station.h"
#include "stations/statistics.h"

namespace bayward::stations {

class CertificateAuthority;

struct CsmsPorts {
  EngineDoor& engine;
  Vault& vault;
  Passwords& passwords;
  TelemetrySink& telemetry;
  Clock& clock;
  Post post;
  Background background;
  const CertificateAuthority* authority = nullptr;  // none: nothing is signed
  SecurityLog* security_log = nullptr;              // none: security events stand in the program's log only
  FleetRecords* fleet_records = nullptr;            // none: no campaigns and no sets of settings
  FirmwareImages* firmware_images = nullptr;        // none: firmware lies elsewhere
};

class Csms final : public StationDesk {
 public:
  // Subscribes to the engine: make it before traffic.
  Csms(CsmsPorts ports, StationOptions options);

  // Once a second: time on the wire is counted in ticks, so that it stands still when the machine sleeps and goes its
  // usual way when the platform's clock runs fast for a demo.
  void tick();

  // StationDesk
  void list(std::function<void(std::vector<StationStatus>)> answer) override;
  void pending(std::function<void(std::vector<PendingStation>)> answer) override;
  void order(StationId station, StationOrder order, std::function<void(StationAnswer)> answer) override;
  StationCounters counters() const override { return statistics_.read(); }
  void reports(StationId station, std::function<void(std::vector<StationReport>)> answer) override;
  void messages(StationId station, MessageQuery query, std::function<void(StationMessages)> answer) override;
  void security(StationId station, std::function<void(Result<StationSecurity>)> answer) override;
  void set_security(StationId station, SecurityChange change,
                    std::function<void(Result<StationSecurity>)> answer) override;
  std::string authority_roots() const override;
  void ask_site(core::Command command, std::string ask, std::function<void(Outcome)> answer) override;

  // For sessions and handlers.
  Door& door() { return door_; }
  Vault& vault() { return ports_.vault; }
  Passwords& passwords() { return ports_.passwords; }
  const CertificateAuthority* authority() const { return ports_.authority; }
  // Written in the background; of each station at most limits::security_events_per_minute, the rest is only counted.
  void note_security(SecurityEvent event);
  TelemetrySink& telemetry() { return ports_.telemetry; }
  const StationOptions& options() const { return options_; }
  Statistics& statistics() { return statistics_; }
  Controllers& controllers() { return controllers_; }
  Fleet& fleet() { return fleet_; }
  FirmwareImages* firmware_images() { return ports_.firmware_images; }
  Instant now() const { return ports_.clock.now(); }
  // For time-outs on the wire.
  Instant line_now() const { return line_now_; }
  std::string next_call_prefix();
  // A transaction id for 1.6 that no session of ours has had or will have for long.
  int64_t next_orphan_number();

  void on_opened(const std::shared_ptr<StationSession>& session);
  void on_booted(StationSession& session);
  void on_ready(const std::shared_ptr<StationSession>& session, bool after_boot);
  void on_closed(const std::shared_ptr<StationSession>& session, const WebSocketClosed& why, bool replaced);

  // Makes the calls of an order; `done` comes once, when the last of them has ended.
  static void carry_out(const std::shared_ptr<StationSession>& session, const StationOrder& order,
                        ocpp::Urgency urgency, std::function<void(StationAnswer)> done);
  // Compares what is wanted of a station with what it does, and makes the calls that are due.
  void drive(StationId id);
  // The same after reading what is wanted anew.
  void look_again(StationId id);
  bool is_current(const StationSession& session) const;
  // Null when it is not connected.
  std::shared_ptr<StationSession> session_of(StationId id) const;
  // What was read of a station's wishes.
  struct Seen {
    StationId station;
    std::vector<StationBay> bays;
    Wanted wanted;
    std::optional<std::vector<Listed>> listed;
  };
  void on_seen(Seen seen);
  std::shared_ptr<Station> find(StationId id) const;

  // What the engine's events have touched since it was last taken; see settle.cc.
  struct Touched {
    std::vector<BayId> bays;
    std::vector<BookingId> bookings;
    std::vector<SessionId> sessions;
    std::vector<StationId> stations;  // their bays may have changed
    std::vector<AccountId> accounts;  // their cards have changed
    std::vector<std::string> registered;
    bool posted = false;
    bool too_many = false;
  };
  Touched take_touched();
  void on_touched(const std::vector<StationId>& stations, const Touched& touched);
  void look_at_all();
  // `online`: the stations that the business state takes for connected. Corrects it where it is wrong: after a restart,
  // or when the engine was too full to be told.
  void on_links(const std::vector<StationId>& online);

 private:
  void subscribe();
  void make_call(const std::shared_ptr<StationSession>& session, const Due& due);
  void send_list(const std::shared_ptr<StationSession>& session);
  void make_settings(const std::shared_ptr<StationSession>& session);
  void close_registered(const std::vector<std::string>& identities);
  void admit_pending(const std::shared_ptr<StationSession>& session);
  void update_connected();
  void watch_messages(Station& station, const MessageQuery& query);
  void unwatch_messages();

  CsmsPorts ports_;
  StationOptions options_;
  Door door_;
  Statistics statistics_;
  Controllers controllers_{*this};
  Fleet fleet_;
  uint64_t sockets_ = 0;
  uint64_t orphan_numbers_ = 0;
  Instant line_now_ = from_unix_s(86'400);
  std::string run_;  // tells the calls of this process from those of earlier ones

  std::unordered_map<StationId, std::shared_ptr<Station>> stations_;
  std::unordered_map<StationId, std::shared_ptr<StationSession>> sessions_;
  struct Knocking {
    PendingStation shown;
    std::shared_ptr<StationSession> session;  // null: has gone
  };
  std::map<std::string, Knocking> pending_;                // at most limits::stations_pending
  std::unordered_map<StationId, size_t> security_events_;  // in the minute of line time that began at:
  Instant security_minute_{};
  // Whose messages somebody looks at: more of them are kept; at most limits::message_logs_watched. In line time.
  struct Watch {
    Instant until{};
    std::vector<std::pair<AccountId, bool>> on_record;  // who looks; with what says who a person is, or without
  };
  std::unordered_map<StationId, Watch> watched_;

  std::mutex touched_mutex_;
  Touched touched_;
};

}  // namespace bayward::stations
