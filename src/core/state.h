// The whole business state, as the events made it. Owned by the engine's thread; others read it only through queries
// that the engine runs between batches.
//
// Members named under "derived" can be rebuilt from the others and are not in a snapshot.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/flat_map.h"
#include "core/calendar/slot_calendar.h"
#include "core/deadline.h"
#include "core/event.h"
#include "core/handover/handover.h"
#include "core/recommend/bay_map.h"
#include "core/recommend/site_index.h"
#include "core/table.h"

namespace bayward::core {

// A start that the driver asked for by app and the station has not made yet.
struct WantedStart {
  BookingId booking;
  AccountId account;
  Instant until{};
  BAYWARD_FIELDS(WantedStart, booking, account, until)
};

struct Bay {
  BayId id;
  BayInfo info;
  bool in_service = true;
  bool occupied = false;  // as last reported by sensor or camera
  bool occupancy_known = false;
  Instant occupancy_since{};
  Verdict occupant = Verdict::unknown;  // of the car that stands there ...
  Fingerprint occupant_identity;        // ... if it was recognised
  ConnectorStatus connector = ConnectorStatus::unknown;
  VisitId visit;      // open
  SessionId session;  // open
  std::optional<WantedStart> wanted_start;
  std::map<IncidentKind, IncidentId> incidents;   // open
  std::map<IncidentKind, IncidentId> unfinished;  // over, but not done with
  int32_t hazard_reports = 0;                     // of the day, see InspectionListed
  Instant inspection_since{};                     // on the inspection list (D8); zero: not
  PlatePrints reading;                            // of the car that stands there, if its plate was read
  uint64_t looked_up_revision = 0;                // of the watch book when it was last compared
  std::vector<WatchOrderId> watch_told;           // whose hit the police have been told of, for that car
  BAYWARD_FIELDS(Bay, id, info, in_service, occupied, occupancy_known, occupancy_since, occupant, occupant_identity,
                 connector, visit, session, wanted_start, incidents, unfinished, hazard_reports, inspection_since,
                 reading, looked_up_revision, watch_told)
};

struct Station {
  StationId id;
  std::string identity;
  bool online = false;
  Instant link_since{};
  bool seen = false;  // has been online: before that its silence is nobody's concern
  BAYWARD_FIELDS(Station, id, identity, online, link_since, seen)
};

struct SiteFacts {
  SiteId id;
  std::string name;
  GeoPoint place;
  Currency currency;
  ZoneRules zone;
  SiteRules rules;
  AccountId community;
  TariffId tariff;              // the default for bays without their own
  std::vector<Tariff> tariffs;  // by number
  std::vector<Bay> bays;        // by number: BayIndex is the number minus one
  std::vector<Station> stations;
  std::map<WindowId, Window> windows;
  std::map<PermissionId, Permission> permissions;
  std::map<PermissionId, PermissionUse> permission_uses;
  uint32_t last_window = 0;
  uint32_t last_permission = 0;
  int32_t today = 0;      // local date, days since 1970-01-01
  uint64_t sequence = 0;  // of the stream
  Handover handover;
  std::map<IncidentKind, IncidentId> site_incidents;         // open ones that are the whole site's
  std::map<IncidentKind, IncidentPolicy> incident_policies;  // where the site's differ from the defaults
  std::vector<Suppression> suppressions;
  uint32_t last_suppression = 0;
  std::map<IncidentKind, StandingOrder> standing_orders;
  std::vector<Shift> shifts;  // the latest, oldest first
  uint32_t last_shift = 0;
  std::vector<Claim> claims;  // the latest, oldest first
  uint32_t last_claim = 0;
  BAYWARD_FIELDS(SiteFacts, id, name, place, currency, zone, rules, community, tariff, tariffs, bays, stations, windows,
                 permissions, permission_uses, last_window, last_permission, today, sequence, handover, site_incidents,
                 incident_policies, suppressions, last_suppression, standing_orders, shifts, last_shift, claims,
                 last_claim)
};

// A live booking of a bay, and when it starts: most looks at an agenda end there.
struct AgendaEntry {
  Instant start{};
  BookingId booking;
};

struct Site : SiteFacts {
  Table<BookingId, Booking> bookings;      // until some days after they closed
  Table<VisitId, Visit> visits;            // open ones
  Table<SessionId, Session> sessions;      // until some days after they stopped
  Table<IncidentId, Incident> incidents;   // until nobody has anything left to do
  Table<DeliveryId, Delivery> deliveries;  // of those

  // derived
  SlotCalendar calendar;
  BayMap map;
  std::vector<std::vector<AgendaEntry>> agenda;  // by bay: live bookings, by start
  std::unordered_map<SessionKey, SessionId> session_of_key;
  FlatMap<AccountId, std::vector<BookingId>> live_of_account;
  std::unordered_map<IncidentId, std::vector<DeliveryId>> delivery_index;

  const Bay* bay(BayId wanted) const;
  Bay& bay(BayId wanted);
  const Station* station(StationId wanted) const;
  const Tariff* tariff_of(const Bay& bay) const;
  // The bay that this EVSE serves.
  const Bay* bay_at(StationId station, uint16_t evse) const;
  // The live booking whose span, with `early` before it, contains `at`; the earlier one if two do.
  const Booking* booking_at(BayId bay, Instant at, Duration early = Duration{0}) const;
  // The first live booking that starts at or after `at`.
  const Booking* next_booking(BayId bay, Instant at) const;
  // Of an incident, in the order in which they were owed.
  const std::vector<DeliveryId>& deliveries_of(IncidentId incident) const;
  static BayIndex index(BayId bay) { return number_in_site(bay) - 1; }
};

class State {
 public:
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = default;
  State& operator=(State&&) = default;

  const Site* site(SiteId id) const;
  Site& site(SiteId id);
  const Account* account(AccountId id) const;
  Account& account(AccountId id);
  const Booking* booking(BookingId id) const;
  const Session* session(SessionId id) const;

  SiteId next_site() const { return SiteId{sites_.size() + 1}; }
  AccountId next_account() const { return AccountId{accounts_.size() + 1}; }
  Site& add_site(SiteFacts facts);
  Account& add_account(Account account);
  size_t site_count() const { return sites_.size(); }
  size_t account_count() const { return accounts_.size(); }
  uint64_t sequence(StreamId stream) const;

  // Deadlines. take_due() drops those the state has overtaken; what it returns must be decided on at once.
  void watch(const Deadline& deadline) { deadlines_.push(deadline); }
  std::optional<Deadline> take_due(Instant now);
  std::optional<Instant> next_due();

  // Who is known by a plate, card or phone; which station by an identity.
  std::unordered_map<Fingerprint, AccountId> account_of_plate;
  std::unordered_map<Fingerprint, AccountId> account_of_token;
  std::unordered_map<Fingerprint, AccountId> account_of_phone;
  std::unordered_map<std::string, StationId> station_of_identity;
  WatchBook watch_book;
  uint64_t platform_sequence = 0;  // of the platform's stream
  std::set<std::pair<Fingerprint, BayId>>
      standing;                             // derived: where a car is whose plate was read, by PlatePrints::bare
  std::map<BookingId, AccountId> disputes;  // derived: whose they are
  SiteIndex site_index;                     // derived
  double site_extent_max_m = 0;             // derived: of all sites, see BayMap::extent_m

  // The state as bytes, deterministic: equal states give equal bytes.
  std::string save() const;
  // False: the bytes are not a state of this schema.
  bool load(std::string_view bytes);

 private:
  struct Later {
    bool operator()(const Deadline& a, const Deadline& b) const { return b < a; }
  };
  bool stands(const Deadline& deadline) const;
  void rebuild_derived();

  std::vector<std::unique_ptr<Site>> sites_;
  std::deque<Account> accounts_;
  std::priority_queue<Deadline, std::vector<Deadline>, Later> deadlines_;
};

// Enters a live booking into the derived agenda, account index and calendar; unindex_live() leaves the calendar alone.
void index_live(Site& site, const Booking& booking);
void unindex_live(Site& site, const Booking& booking);
void take_slots(Site& site, const Booking& booking);
// When a station that is offline becomes an incident, unless it comes back before.
inline constexpr Duration station_silent_after{5min};
bool falls_silent(const Station& station);
Deadline silence_deadline(const Site& site, const Station& station);
// The car at the bay has this plate; none: there is no car whose plate is known.
void see_plate(State& state, Bay& bay, const PlatePrints& plate);
// Enters a bay as it now is into the derived map.
void map_bay(State& state, Site& site, const Bay& bay);

// Opens the calendar for the local days in [first_day, end_day) as the bay's windows say. Used when windows change and
// when the horizon moves.
void reopen_bay(Site& site, BayId bay, int32_t first_day, int32_t end_day);
// Moves the horizon of the calendar so that it begins with the local day `today`.
void move_to_day(Site& site, int32_t today);

}  // namespace bayward::core
