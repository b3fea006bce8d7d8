// What the API remembers from the feed of committed records, so that an answer or a message needs no second question to
// the engine: the facts of live and lately ended bookings, open sessions and incidents, and whose bays they are.
//
// learn() is called from the committing thread for every record, in order; the rest from any thread.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/state.h"
#include "ports/engine.h"
#include "ports/notice.h"

namespace bayward::api {

struct KnownBooking {
  AccountId account;
  VehicleId vehicle;
  BayId bay;
  core::BookingKind kind{};
  core::BookingPhase phase{};
  core::BookingEnd end{};
  Interval span;
  Money hold;
};

struct KnownSession {
  BayId bay;
  BookingId booking;
  AccountId account;
  int64_t start_milliwh = 0;
  int64_t latest_milliwh = 0;
  bool open = true;
};

struct KnownBay {
  AccountId owner;
  std::string label;
  StationId station;  // that serves it; none: no charger
};

class LiveIndex final : public NoticeContext {
 public:
  // At start-up, within a look at the state.
  void load(const core::State& state);
  void learn(const StreamEvent& event);

  std::optional<KnownBooking> known_booking(BookingId booking) const;
  std::optional<KnownSession> known_session(SessionId session) const;
  // Without its sources.
  std::optional<core::Incident> known_incident(IncidentId incident) const;
  std::optional<KnownBay> known_bay(BayId bay) const;
  std::vector<BayId> bays_of(StationId station) const;
  // Where it is, or was, reported.
  std::vector<BayId> bays_of(IncidentId incident) const;
  // None: no window that is known.
  BayId bay_of(WindowId window) const;
  // At most `most` bays behind that one, in order of their ids; from the first on if it is none.
  std::vector<BayId> bays_after(BayId last, size_t most) const;

  std::optional<BookingFacts> booking(BookingId booking) override;
  AccountId owner_of(BayId bay) override;

 private:
  struct Learner;
  void ended(BookingId booking);

  mutable std::mutex mutex_;
  std::unordered_map<BookingId, KnownBooking> bookings_;
  std::deque<BookingId> ended_;  // oldest first, at most limits::ended_bookings_known
  std::unordered_map<SessionId, KnownSession> sessions_;
  std::deque<SessionId> stopped_;
  struct LiveIncident {
    core::Incident incident;  // without its sources
    std::set<BayId> bays;     // of those
  };
  std::unordered_map<IncidentId, LiveIncident> incidents_;
  std::deque<IncidentId> closed_incidents_;
  std::map<SiteId, std::vector<KnownBay>> bays_;
  std::unordered_map<StationId, std::set<BayId>> served_;
  std::unordered_map<WindowId, BayId> windows_;
  std::deque<WindowId> withdrawn_;
};

}  // namespace bayward::api
