// A charging session: one OCPP transaction, with the register readings that its bill is made of (C2, C3).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/tariff/price.h"

namespace bayward::core {

// What names a transaction for good: made from station and transaction id (2.0.1) or station, connector, start time and
// start register (1.6, where a repeated StartTransaction.req carries no id). Not secret.
using SessionKey = Fingerprint;

struct Session {
  SessionId id;
  SessionKey key;
  StationId station;
  uint16_t evse = 1;
  BayId bay;
  BookingId booking;  // none: owner's own, or an orphan
  AccountId account;  // none: an orphan, stored and shown, never billed
  Instant started_at{};
  Instant stopped_at{};
  bool open = true;
  bool stop_wanted = false;
  bool register_defect = false;      // a register ran backwards
  std::vector<MeterPoint> readings;  // start, those beside tariff boundaries, the latest; ascending in time
  BAYWARD_FIELDS(Session, id, key, station, evse, bay, booking, account, started_at, stopped_at, open, stop_wanted,
                 register_defect, readings)

  int64_t energy_milliwh() const {
    return readings.size() < 2 ? 0 : readings.back().register_milliwh - readings.front().register_milliwh;
  }
};

}  // namespace bayward::core
