// The platform's side of the sites' controllers (docs/authority.md): briefs each of them, raises the watermark while it
// is connected, takes its log into the books, and asks it for consent to what only it may decide. A controller is a
// station of OCPP 2.0.1 like any other; this is what goes through its DataTransfer.
//
// Belongs to the stations' thread, as the Csms, which owns it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/handover/messages.h"
#include "ports/engine.h"
#include "ports/vault.h"
#include "stations/flow.h"
#include "stations/session.h"

namespace bayward::stations {

class Controllers {
 public:
  using Answer = std::function<void(const Outcome&)>;

  explicit Controllers(Csms& csms) : csms_(csms) {}

  // Once a second.
  void tick();
  // `answer` comes once: with the booking, or why not. site_offline when the controller can't be asked.
  void ask(core::Ask ask, Answer answer);
  // A message of a station's. Empty: no message of ours.
  bool takes(std::string_view vendor, std::string_view message) const;
  void take_log(std::shared_ptr<StationSession> session, ocpp::CallSerial serial, const ocpp::Json& data);

 private:
  struct Waiting {
    Answer answer;
    Instant give_up_at{};  // in line time
  };
  // Whom a claim is for, as the entrance and the local network know them.
  struct Guest {
    VehicleId vehicle;
    std::string plate;
    std::string phone;
  };
  using Guests = std::map<BookingId, Guest>;
  struct Link {
    StationId controller;
    uint64_t told = 0;  // revision of the last briefing that it has taken
    bool telling = false;
    bool handed_over = false;  // since the briefing that is on its way was read
    bool lost_memory = false;
    std::map<uint64_t, Waiting> waiting;  // by number of its log
    Guests guests;                        // of the last briefing: forgotten with the booking
  };
  struct Seen {
    SiteId site;
    StationId controller;
    bool due = false;  // the watermark can be raised
    std::optional<core::Briefing> briefing;
  };
  struct Taken {
    uint64_t number = 0;
    Outcome outcome = Failure{core::Refusal::slot_taken};
  };

  static Flow look_round(Controllers* self);
  static Flow hand_over(Controllers* self, SiteId site);
  static Flow take(Controllers* self, std::shared_ptr<StationSession> session, ocpp::CallSerial serial,
                   core::SiteLog log);
  static Flow wait_for(Controllers* self, SiteId site, uint64_t number, AccountId account, Answer answer);
  void on_seen(std::vector<Seen> seen);
  static Guests with_guests(Vault& vault, const Guests& known, core::Briefing& briefing);
  static Flow brief(Controllers* self, SiteId site, core::Briefing briefing);
  void send(SiteId site, const core::Briefing& briefing);
  void on_taken(SiteId site, const Taken& taken);
  std::shared_ptr<StationSession> session_of(SiteId site) const;

  Csms& csms_;
  std::map<SiteId, Link> links_;
  bool looking_ = false;
};

}  // namespace bayward::stations
