// Every command: what the world asks of the core. Facts that only the outside has (a fingerprint, a zone table) are in
// the command, so that decide() stays pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/claim/commands.h"
#include "core/deadline.h"
#include "core/driving/commands.h"
#include "core/event.h"
#include "core/handover/commands.h"
#include "core/office/commands.h"
#include "core/refusal.h"
#include "core/watch/commands.h"

namespace bayward::core {

// Who asks. Authority over roles is checked by the API; the core checks what belongs to whom.
struct Actor {
  enum class Kind : uint8_t { system, person, staff, station };
  Kind kind = Kind::system;
  AccountId account;  // of a person or staff
  BAYWARD_FIELDS(Actor, kind, account)
};

// ---- site ----
struct DefineSite {
  std::string name;  // 1..limits::label_chars
  GeoPoint place;
  Currency currency;
  ZoneRules zone;  // recorded with the site, see base/zone.h
  SiteRules rules;
  AccountId community;
  BAYWARD_FIELDS(DefineSite, name, place, currency, zone, rules, community)
};
struct SetSiteRules {
  SiteId site;
  SiteRules rules;
  BAYWARD_FIELDS(SetSiteRules, site, rules)
};
struct UpdateZone {
  SiteId site;
  ZoneRules zone;
  BAYWARD_FIELDS(UpdateZone, site, zone)
};
struct DefineBay {
  SiteId site;
  BayInfo info;
  BAYWARD_FIELDS(DefineBay, site, info)
};
struct ChangeBay {
  BayId bay;
  BayInfo info;
  BAYWARD_FIELDS(ChangeBay, bay, info)
};
struct SetBayService {
  BayId bay;
  bool in_service = true;
  BAYWARD_FIELDS(SetBayService, bay, in_service)
};
struct RegisterStation {
  SiteId site;
  std::string identity;     // 1..48 characters, OCPP 2.0.1 part 4 §3.1; unique on the platform
  bool controller = false;  // it is the site's controller, see core/handover
  BAYWARD_FIELDS(RegisterStation, site, identity, controller)
};
struct PublishTariff {
  SiteId site;
  Tariff tariff;
  bool for_site = true;
  BAYWARD_FIELDS(PublishTariff, site, tariff, for_site)
};
struct PublishWindow {
  Window window;  // its id is given by the core
  BAYWARD_FIELDS(PublishWindow, window)
};
struct SetWindowException {
  WindowId window;
  int32_t day = 0;
  std::vector<MinuteRange> ranges;
  BAYWARD_FIELDS(SetWindowException, window, day, ranges)
};
struct WithdrawWindow {
  WindowId window;
  BAYWARD_FIELDS(WithdrawWindow, window)
};
struct GrantPermission {
  SiteId site;
  Permission permission;  // its id is given by the core
  BAYWARD_FIELDS(GrantPermission, site, permission)
};
struct RevokePermission {
  PermissionId permission;
  BAYWARD_FIELDS(RevokePermission, permission)
};

// ---- booking ----
struct RequestBooking {
  AccountId account;
  VehicleId vehicle;
  BayId bay;
  BookingKind kind = BookingKind::advance;
  Interval span;  // whole slots; for a walk-up only the end counts, zero: SiteRules::walk_up_slots
  int64_t energy_estimate_milliwh = 0;
  BAYWARD_FIELDS(RequestBooking, account, vehicle, bay, kind, span, energy_estimate_milliwh)
};
struct CancelBooking {
  BookingId booking;
  BAYWARD_FIELDS(CancelBooking, booking)
};
struct ExtendBooking {
  BookingId booking;
  Instant end{};
  BAYWARD_FIELDS(ExtendBooking, booking, end)
};
// The driver says the car is leaving; ends the visit when no sensor can see it.
struct LeaveBay {
  BookingId booking;
  BAYWARD_FIELDS(LeaveBay, booking)
};
// The driver says that the car stands in the bay: where nothing else can see it. At most SiteRules::early_arrival
// before the start; safe to repeat.
struct CheckIn {
  BookingId booking;
  BAYWARD_FIELDS(CheckIn, booking)
};
struct RequestCharging {
  BookingId booking;
  BAYWARD_FIELDS(RequestCharging, booking)
};
struct RequestChargingStop {
  SessionId session;
  BAYWARD_FIELDS(RequestChargingStop, session)
};

// ---- field ----
struct RecordOccupancy {
  BayId bay;
  bool occupied = false;
  Instant at{};
  BAYWARD_FIELDS(RecordOccupancy, bay, occupied, at)
};
struct RecordConnectorStatus {
  BayId bay;
  ConnectorStatus status{};
  BAYWARD_FIELDS(RecordConnectorStatus, bay, status)
};
struct RecordStationLink {
  StationId station;
  bool online = false;
  BAYWARD_FIELDS(RecordStationLink, station, online)
};
struct IdentifyVehicle {
  BayId bay;
  IdentityVia via{};
  Fingerprint identity;
  AccountId account;  // when the identity is a booking's own token or an app session; else looked up
  Instant at{};
  PlatePrints plate{};  // of a plate: for the watch lists (B5)
  BAYWARD_FIELDS(IdentifyVehicle, bay, via, identity, account, at, plate)
};
struct StartSession {
  SessionKey key;
  StationId station;
  uint16_t evse = 1;
  Fingerprint identity;     // of the token presented; zero: none was
  BookingId booking_token;  // the token was a booking's own
  bool offline = false;     // the station decided alone and tells later
  MeterPoint start;
  BAYWARD_FIELDS(StartSession, key, station, evse, identity, booking_token, offline, start)
};
struct MeterSession {
  SiteId site;
  SessionKey key;
  std::vector<MeterPoint> readings;
  BAYWARD_FIELDS(MeterSession, site, key, readings)
};
struct StopSession {
  SiteId site;
  SessionKey key;
  std::vector<MeterPoint> readings;  // late ones delivered with the stop
  MeterPoint stop;
  BAYWARD_FIELDS(StopSession, site, key, readings, stop)
};

// ---- incident ----
// A sensor, a device or a person says that something is dangerous or wrong, or that it no longer is.
struct ReportHazard {
  SiteId site;
  BayId bay;  // none: the site as a whole
  IncidentKind kind{};
  bool active = true;
  Fingerprint vehicle;
  Instant at{};
  BAYWARD_FIELDS(ReportHazard, site, bay, kind, active, vehicle, at)
};
// By staff: it is taken care of. By anybody else who was told: the own message has been seen.
struct AcknowledgeIncident {
  IncidentId incident;
  BAYWARD_FIELDS(AcknowledgeIncident, incident)
};
struct AssignIncident {
  IncidentId incident;
  AccountId to;
  BAYWARD_FIELDS(AssignIncident, incident, to)
};
struct CloseIncident {
  IncidentId incident;
  bool false_alarm = false;
  BAYWARD_FIELDS(CloseIncident, incident, false_alarm)
};
struct SuppressAlarms {
  SiteId site;
  Suppression suppression;  // its number is given by the core; at most a day
  BAYWARD_FIELDS(SuppressAlarms, site, suppression)
};
struct LiftSuppression {
  SiteId site;
  uint32_t number = 0;
  BAYWARD_FIELDS(LiftSuppression, site, number)
};
struct SetIncidentPolicy {
  SiteId site;
  IncidentKind kind{};
  IncidentPolicy policy;
  BAYWARD_FIELDS(SetIncidentPolicy, site, kind, policy)
};
// What a connector has to say of a delivery: the far side's acknowledgement, that there is no way to it, or what a
// gateway says about it: taken, arrived, lost. A failure is not said: it is tried again by itself.
struct RecordDelivery {
  DeliveryId delivery;
  DeliveryState state = DeliveryState::delivered;  // or impossible, sent, undelivered
  BAYWARD_FIELDS(RecordDelivery, delivery, state)
};
// D8: somebody has looked at the bay's device.
struct RecordInspection {
  BayId bay;
  BAYWARD_FIELDS(RecordInspection, bay)
};

// The last reading is in: a booking whose car has left is billed.
struct BillBooking {
  BookingId booking;
  BAYWARD_FIELDS(BillBooking, booking)
};

// ---- saga, site side ----
struct ConfirmBooking {
  BookingId booking;
  bool funds_held = false;
  BAYWARD_FIELDS(ConfirmBooking, booking, funds_held)
};
struct ConfirmSettlement {
  BookingId booking;
  BAYWARD_FIELDS(ConfirmSettlement, booking)
};
// A time limit inside the state has passed; taken from State::take_due().
struct PassDeadline {
  Deadline deadline;
  BAYWARD_FIELDS(PassDeadline, deadline)
};

// ---- account ----
struct OpenAccount {
  Fingerprint phone;
  uint32_t roles = role_driver;
  BAYWARD_FIELDS(OpenAccount, phone, roles)
};
struct ChangeRoles {
  AccountId account;
  uint32_t roles = role_driver;
  std::vector<SiteId> property_of;
  BAYWARD_FIELDS(ChangeRoles, account, roles, property_of)
};
struct AddVehicle {
  AccountId account;
  Vehicle vehicle;  // its id is given by the core
  BAYWARD_FIELDS(AddVehicle, account, vehicle)
};
struct RemoveVehicle {
  VehicleId vehicle;
  BAYWARD_FIELDS(RemoveVehicle, vehicle)
};
struct AddToken {
  AccountId account;
  Fingerprint token;
  BAYWARD_FIELDS(AddToken, account, token)
};
struct RemoveToken {
  AccountId account;
  Fingerprint token;
  BAYWARD_FIELDS(RemoveToken, account, token)
};
// Money that came in by bank or provider, entered by staff or by a payment connector; `reference` counts once.
struct CreditWallet {
  AccountId account;
  Money amount;
  std::string reference;
  BAYWARD_FIELDS(CreditWallet, account, amount, reference)
};
struct RecordPayout {
  AccountId account;
  Money amount;
  std::string reference;
  BAYWARD_FIELDS(RecordPayout, account, amount, reference)
};
struct RefundBooking {
  BookingId booking;
  AccountId account;
  Money amount;
  BAYWARD_FIELDS(RefundBooking, booking, account, amount)
};

// ---- dispute, payment: see core/dispute and core/payment ----
struct OpenDispute {
  AccountId account;
  BookingId booking;
  DisputeReason reason{};
  BAYWARD_FIELDS(OpenDispute, account, booking, reason)
};
// By staff of the site or the operator. Nothing to refund: the bill stands.
struct DecideDispute {
  BookingId booking;
  int64_t refund_minor = 0;
  BAYWARD_FIELDS(DecideDispute, booking, refund_minor)
};
struct BeginTopUp {
  AccountId account;
  Money amount;
  BAYWARD_FIELDS(BeginTopUp, account, amount)
};
// The provider's word, its signature checked: what was paid in the end, and under which reference it is in its books.
struct EndTopUp {
  PaymentId payment;
  bool paid = false;
  Money amount;
  std::string reference;
  BAYWARD_FIELDS(EndTopUp, payment, paid, amount, reference)
};

// ---- saga, account side: each is safe to repeat ----
struct HoldFunds {
  AccountId account;
  BookingId booking;
  Money amount;            // in all: a second one changes the first
  bool mandatory = false;  // an extension that was granted: may leave a debt
  BAYWARD_FIELDS(HoldFunds, account, booking, amount, mandatory)
};
struct CaptureFunds {
  AccountId account;
  BookingId booking;
  Money total;
  Money tax;
  Money owner_share;
  Money compensation;
  AccountId owner;
  BAYWARD_FIELDS(CaptureFunds, account, booking, total, tax, owner_share, compensation, owner)
};
struct CreditOwner {
  AccountId owner;
  BookingId booking;
  Money amount;
  BAYWARD_FIELDS(CreditOwner, owner, booking, amount)
};

using Command =
    std::variant<DefineSite, SetSiteRules, UpdateZone, DefineBay, ChangeBay, SetBayService, RegisterStation,
                 PublishTariff, PublishWindow, SetWindowException, WithdrawWindow, GrantPermission, RevokePermission,
                 RequestBooking, CancelBooking, ExtendBooking, LeaveBay, RequestCharging, RequestChargingStop,
                 RecordOccupancy, RecordConnectorStatus, RecordStationLink, IdentifyVehicle, StartSession, MeterSession,
                 StopSession, CloseIncident, ConfirmBooking, ConfirmSettlement, PassDeadline, BillBooking, OpenAccount,
                 ChangeRoles, AddVehicle, RemoveVehicle, AddToken, RemoveToken, CreditWallet, RecordPayout,
                 RefundBooking, HoldFunds, CaptureFunds, CreditOwner, AssignController, HandOver, TakeGrant,
                 ReportHazard, AcknowledgeIncident, AssignIncident, SuppressAlarms, LiftSuppression, SetIncidentPolicy,
                 RecordDelivery, RecordInspection, PlaceWatchOrder, AddWatchPlates, WithdrawWatchOrder, LookUpPlate,
                 CheckIn, OpenDispute, DecideDispute, BeginTopUp, EndTopUp, SetStandingOrder, OfferShift, TakeShift,
                 SettleClaim, ChargeClaim, SetDrivingConsent, RecordAccident, ReadAccidents, NoteParking, GivePicture>;

}  // namespace bayward::core
