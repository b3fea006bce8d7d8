// What a site's controller is told: everything it needs to decide about its slots, as one value. The later one (by
// revision) replaces the earlier, so it may be lost, repeated or overtaken. Pure.
//
// To be sent only when all that it is read from is durable: what it hands over stays handed over.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/state.h"

namespace bayward::core {

// A live booking; its slots are nobody else's.
struct BriefedClaim {
  BookingId booking;
  AccountId account;
  uint64_t grant = 0;  // its number in the controller's log; 0: the platform sold it
  BookingKind kind{};
  bool active = false;  // its car has come
  Interval held;
  VehicleId vehicle;
  // Who comes, for the entrance and the local network: empty here, filled from the vault by whoever sends it.
  std::string plate;
  std::string phone;
  BAYWARD_FIELDS(BriefedClaim, booking, account, grant, kind, active, held, vehicle, plate, phone)
};
struct BriefedBay {
  BayId bay;
  std::string label;
  std::string station;  // identity of the one that serves it; empty: none
  uint16_t evse = 0;
  std::vector<Interval> open;        // within the controller's slots: shared, for anybody who walks up
  std::vector<BriefedClaim> claims;  // of the next day, by start
  BAYWARD_FIELDS(BriefedBay, bay, label, station, evse, open, claims)
};
struct Briefing {
  uint64_t log = 0;       // which controller it is for, see Handover
  uint64_t revision = 0;  // sequence of the site's stream
  Instant watermark{};
  uint64_t taken = 0;
  int32_t slot_unit_s = 900;
  Duration walk_up_hold{10min};
  int64_t walk_up_slots = 8;
  std::vector<BriefedBay> bays;
  BAYWARD_FIELDS(Briefing, log, revision, watermark, taken, slot_unit_s, walk_up_hold, walk_up_slots, bays)
};

Briefing briefing_of(const Site& site, Instant now);

}  // namespace bayward::core
