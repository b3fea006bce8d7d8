// What the site knows of one station, so that it can answer it without the platform: who may charge, which reservations
// it holds, which transactions it began by itself. Learnt from what was relayed; kept on disk as one value.
// A plain value; belongs to the thread of the relay.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/time.h"

namespace bayward::uplink {

// A token that may charge here: from the station's local list, or accepted by the platform lately. One that is both is
// here twice: it leaves the list without being forgotten.
struct KnownToken {
  std::string token;  // upper case
  std::string group;  // may be empty
  Instant until{};
  bool from_list = false;
  Instant from{};
  BAYWARD_FIELDS(KnownToken, token, group, until, from_list, from)
};

struct KnownReservation {
  int64_t id = 0;
  int64_t evse = 0;  // OCPP 1.6: connector; 0: any
  std::string token;
  std::string group;
  Instant expiry{};
  BAYWARD_FIELDS(KnownReservation, id, evse, token, group, expiry)
};

// A transaction of OCPP 1.6 to which the site gave the number, because the platform could not.
struct LocalTransaction {
  int64_t local_id = 0;
  int64_t platform_id = -1;  // not told yet
  std::string key;           // connector, token, register and time: a repeated start is the same transaction
  bool stopped = false;
  BAYWARD_FIELDS(LocalTransaction, local_id, platform_id, key, stopped)
};

enum class BootState : uint8_t { accepted, pending, rejected };

struct StationMemory {
  std::string password_digest;  // see password.h; empty: the platform has never let it in
  BootState boot = BootState::accepted;
  std::vector<KnownToken> tokens;
  std::vector<KnownReservation> reservations;
  std::vector<LocalTransaction> transactions;
  int64_t local_ids = 0;  // given out so far
  BAYWARD_FIELDS(StationMemory, password_digest, boot, tokens, reservations, transactions, local_ids)
};

// OCPP compares tokens without case (1.6 7.28, 2.0.1 C01.FR.20).
std::string upper_case(std::string_view ascii);

// Replaces the token if it is there from the same source. Full (limits::uplink_tokens): the one that ends first is
// forgotten.
void remember_token(StationMemory& memory, KnownToken token);
// Only what was accepted lately: the local list stands until the platform changes it.
void forget_token(StationMemory& memory, std::string_view token);
// The platform has changed the list; an empty token: all of it.
void take_from_list(StationMemory& memory, std::string_view token);
// Replaces the reservation of that number, and what has expired goes.
void remember_reservation(StationMemory& memory, KnownReservation reservation, Instant now);
void forget_reservation(StationMemory& memory, int64_t id);

// From the list, and without an end: an owner.
bool endless(const KnownToken& token, Instant now);

enum class Standing : uint8_t {
  accepted,
  unknown,   // not on the list and not seen lately
  expired,   // on the list, for another time; or for some time, and nobody is sure what time it is
  reserved,  // the place is somebody else's now
};
struct Verdict {
  Standing standing{};
  std::string group;
};
struct Asked {
  std::string_view token;
  int64_t evse = 0;  // 0: not told
  bool clock_sure = true;
};
Verdict judge(const StationMemory& memory, const Asked& asked, Instant now);

// The transaction that was begun with that key, or a new one. Full (limits::transactions_per_station): nothing.
LocalTransaction* begin_transaction(StationMemory& memory, const std::string& key);
LocalTransaction* find_local(StationMemory& memory, int64_t local_id);
const LocalTransaction* find_local(const StationMemory& memory, int64_t local_id);
const LocalTransaction* find_by_platform(const StationMemory& memory, int64_t platform_id);
LocalTransaction* find_by_key(StationMemory& memory, const std::string& key);
void forget_transaction(StationMemory& memory, int64_t local_id);

}  // namespace bayward::uplink
