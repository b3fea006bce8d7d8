// Every event of every stream. The position in the variant is what the journal stores: append only (event_test.cc
// holds the catalogue).
#pragma once

#include <cstdint>
#include <variant>

#include "core/account/events.h"
#include "core/booking/events.h"
#include "core/claim/events.h"
#include "core/dispute/events.h"
#include "core/driving/events.h"
#include "core/handover/events.h"
#include "core/incident/events.h"
#include "core/office/events.h"
#include "core/payment/events.h"
#include "core/site/events.h"
#include "core/watch/events.h"

namespace bayward::core {

enum class StreamKind : uint8_t {
  site = 1,
  account = 2,
  platform = 3,  // the one there is: what belongs to no site and to nobody
};

struct StreamId {
  StreamKind kind = StreamKind::site;
  uint64_t id = 0;
  BAYWARD_FIELDS(StreamId, kind, id)

  static StreamId of(SiteId site) { return {StreamKind::site, site.value}; }
  static StreamId of(AccountId account) { return {StreamKind::account, account.value}; }
  static StreamId of_platform() { return {StreamKind::platform, 1}; }
  SiteId site() const { return kind == StreamKind::site ? SiteId{id} : SiteId{}; }
  AccountId account() const { return kind == StreamKind::account ? AccountId{id} : AccountId{}; }
  friend auto operator<=>(const StreamId&, const StreamId&) = default;
};
// "site-1", "acc-2a", "platform-1".
std::string to_text(StreamId stream);

using Event = std::variant<
    // site
    SiteDefined, SiteRulesChanged, ZoneUpdated, DayBegan, BayDefined, BayChanged, BayServiceChanged, StationRegistered,
    TariffPublished, WindowPublished, WindowExceptionSet, WindowWithdrawn, PermissionGranted, PermissionRevoked,
    BayOccupancyChanged, ConnectorStatusChanged, StationLinkChanged,
    // booking, visit, charging, incident: all in the site's stream
    BookingRequested, BookingConfirmed, BookingExtended, BookingAnnounced, BookingMoved, OverstayBegan, BookingLeft,
    BookingEnded, DeadlineRenewed, BookingSettled, VehicleIdentified, VisitBegan, VisitEnded, ChargingWanted,
    ChargingLapsed, SessionStarted, SessionMetered, SessionStopWanted, SessionStopped, IncidentOpened, IncidentClosed,
    // account
    AccountOpened, RolesChanged, VehicleAdded, VehicleRemoved, TokenAdded, TokenRemoved, LedgerPosted, FundsHeld,
    FundsCaptured, OwnerCredited, BookingRefunded,
    // site: between the platform and its controller
    ControllerAssigned, SlotsHandedOver, GrantTaken,
    // incident, delivery: in the site's stream
    IncidentReported, IncidentReraised, IncidentAcknowledged, IncidentAssigned, IncidentEscalated, AlarmsSuppressed,
    SuppressionLifted, IncidentPolicySet, DeliveryQueued, DeliveryTried, DeliveryEnded, InspectionListed,
    InspectionDone,
    // watch lists: the first four in the platform's stream, the last in the site's
    WatchOrderPlaced, WatchPlatesAdded, WatchOrderBegan, WatchOrderEnded, PlateLookedUp,
    // account: disputes and payments
    DisputeOpened, DisputeDecided, TopUpBegun, TopUpEnded,
    // site: the property office, and what wrong parkers owe
    StandingOrderSet, ShiftOffered, ShiftTaken, WrongParkingClaimed, ClaimSettled,
    // account: driving (A6)
    DrivingConsentChanged, AccidentRecorded, AccidentForgotten, AccidentsRead, ParkingNoted,
    // site: evidence that went out
    PictureGiven>;

// "BookingConfirmed".
std::string_view event_name(const Event& event);

}  // namespace bayward::core
