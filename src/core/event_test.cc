// The catalogue of what the journal stores. These lists only ever grow at their end: a journal written years ago is
// read by these numbers.
#include "core/event.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/refusal.h"

namespace bayward::core {
namespace {

constexpr std::array<std::string_view, 85> event_names = {
    "SiteDefined",        "SiteRulesChanged",    "ZoneUpdated",          "DayBegan",
    "BayDefined",         "BayChanged",          "BayServiceChanged",    "StationRegistered",
    "TariffPublished",    "WindowPublished",     "WindowExceptionSet",   "WindowWithdrawn",
    "PermissionGranted",  "PermissionRevoked",   "BayOccupancyChanged",  "ConnectorStatusChanged",
    "StationLinkChanged", "BookingRequested",    "BookingConfirmed",     "BookingExtended",
    "BookingAnnounced",   "BookingMoved",        "OverstayBegan",        "BookingLeft",
    "BookingEnded",       "DeadlineRenewed",     "BookingSettled",       "VehicleIdentified",
    "VisitBegan",         "VisitEnded",          "ChargingWanted",       "ChargingLapsed",
    "SessionStarted",     "SessionMetered",      "SessionStopWanted",    "SessionStopped",
    "IncidentOpened",     "IncidentClosed",      "AccountOpened",        "RolesChanged",
    "VehicleAdded",       "VehicleRemoved",      "TokenAdded",           "TokenRemoved",
    "LedgerPosted",       "FundsHeld",           "FundsCaptured",        "OwnerCredited",
    "BookingRefunded",    "ControllerAssigned",  "SlotsHandedOver",      "GrantTaken",
    "IncidentReported",   "IncidentReraised",    "IncidentAcknowledged", "IncidentAssigned",
    "IncidentEscalated",  "AlarmsSuppressed",    "SuppressionLifted",    "IncidentPolicySet",
    "DeliveryQueued",     "DeliveryTried",       "DeliveryEnded",        "InspectionListed",
    "InspectionDone",     "WatchOrderPlaced",    "WatchPlatesAdded",     "WatchOrderBegan",
    "WatchOrderEnded",    "PlateLookedUp",       "DisputeOpened",        "DisputeDecided",
    "TopUpBegun",         "TopUpEnded",          "StandingOrderSet",     "ShiftOffered",
    "ShiftTaken",         "WrongParkingClaimed", "ClaimSettled",         "DrivingConsentChanged",
    "AccidentRecorded",   "AccidentForgotten",   "AccidentsRead",        "ParkingNoted",
    "PictureGiven"};

template <size_t... Index>
std::vector<std::string> names(std::index_sequence<Index...>) {
  return {std::string(std::variant_alternative_t<Index, Event>::type_name)...};
}

TEST(EventCatalogue, PositionInTheVariantIsWhatTheJournalStores) {
  const auto actual = names(std::make_index_sequence<std::variant_size_v<Event>>{});
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_LT(i, event_names.size()) << actual[i] << " is new: append it here too";
    EXPECT_EQ(actual[i], event_names[i]) << "at " << i;
  }
}

TEST(RefusalCatalogue, NumbersAndWordsStay) {
  constexpr std::array<std::string_view, 34> words = {"invalid",
                                                      "unknown_site",
                                                      "unknown_bay",
                                                      "unknown_station",
                                                      "unknown_account",
                                                      "unknown_vehicle",
                                                      "unknown_booking",
                                                      "unknown_thing",
                                                      "not_yours",
                                                      "already_exists",
                                                      "limit_reached",
                                                      "bad_interval",
                                                      "too_long",
                                                      "in_the_past",
                                                      "beyond_horizon",
                                                      "outside_window",
                                                      "slot_taken",
                                                      "bay_occupied",
                                                      "out_of_service",
                                                      "station_offline",
                                                      "charger_unfit",
                                                      "no_permission",
                                                      "quota_exhausted",
                                                      "debt_outstanding",
                                                      "insufficient_funds",
                                                      "too_many_bookings",
                                                      "wrong_phase",
                                                      "no_tariff",
                                                      "idempotency_conflict",
                                                      "overloaded",
                                                      "storage_unavailable",
                                                      "site_offline",
                                                      "site_decides",
                                                      "no_consent"};
  for (size_t i = 0; i < words.size(); ++i) EXPECT_EQ(to_text(static_cast<Refusal>(i)), words[i]);
  EXPECT_EQ(static_cast<size_t>(Refusal::no_consent), words.size() - 1);
}

TEST(EventCatalogue, StreamsReadAsTheirIds) {
  EXPECT_EQ(to_text(StreamId::of(SiteId{1})), "site-1");
  EXPECT_EQ(to_text(StreamId::of(AccountId{0x2a})), "acc-2a");
}

}  // namespace
}  // namespace bayward::core
