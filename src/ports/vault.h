// The vault: readable personal data and credentials, beside the journal and never in it. Events carry ids and keyed
// fingerprints; what a person may read about a person is here. Drivers: journal/vault (sealed SQLite file), and
// FakeVault (ports/fake_vault.h) for tests.
//
// Every method may be called from any thread. A write is durable when it returns.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/result.h"

namespace bayward {

// Stored as numbers: never renumber, never reuse.
enum class VaultKind : uint8_t {
  name = 1,
  phone = 2,
  plate = 3,
  token = 4,  // card or app token as the charger sends it
  password_hash = 5,
  station_password_hash = 6,
  api_token_hash = 7,
  station_next_password_hash = 8,  // sent to the station, which has not been heard with it yet
  station_security = 9,            // stations/credentials.h
  authority_key = 10,              // item: stations/authority/authority.h
  watch_plate_exact = 11,          // only for fingerprints, see ports/plate_prints.h
  watch_plate_alike = 12,          //
  watch_plate_bare = 13,           //
  watch_reference = 14,            // the police's number of an order, only for fingerprints
  watch_order = 15,                // what an order says, by WatchOrderId
  plate_read = 16,                 // the last plate that was read at a bay, by BayId
  plate_hit = 17,                  // the plate of a watch-list hit, by IncidentId
  dispute_text = 18,               // item: the BookingId; the driver's words ...
  dispute_reply = 19,              // ... and the office's
  email = 20,                      // where alarms may go
  shift_note = 21,                 // item: site and number; what one shift tells the next
  accident = 22,                   // item: its number; what the police's record says (A6)
  plate_picture = 23,              // of the car whose plate was read last at a bay, by BayId: ports/plate_picture.h
  email_pending = 24,              // an address that nobody has proved yet, and the code: api/access/email_check.h
};

struct VaultKey {
  AccountId subject;  // the person it belongs to; none for what belongs to nobody (a station's password)
  VaultKind kind{};
  uint64_t item = 0;  // which of several: the value of a VehicleId, StationId, ...

  friend auto operator<=>(const VaultKey&, const VaultKey&) = default;
};

struct VaultRow {
  VaultKey key;
  std::string text;           // at most limits::vault_text_bytes, a picture limits::vault_picture_bytes
  Fingerprint fingerprint{};  // what find() finds it by; none: can't be found
};

class Vault {
 public:
  virtual ~Vault() = default;

  // Adds or replaces all of the rows, or none.
  virtual Status put_all(const std::vector<VaultRow>& rows) = 0;
  Status put(VaultRow row) { return put_all({std::move(row)}); }
  virtual Result<std::optional<std::string>> get(const VaultKey& key) = 0;
  // The rows of `kind` with that fingerprint, by key ascending. An empty fingerprint finds nothing.
  virtual Result<std::vector<VaultKey>> find(VaultKind kind, const Fingerprint& fingerprint) = 0;
  // Everything held about a person, by key ascending: for the person's own request.
  virtual Result<std::vector<VaultRow>> all_of(AccountId subject) = 0;
  virtual Status remove(const VaultKey& key) = 0;
  // Everything held about a person is gone when this returns. Rows of nobody can't be erased this way.
  virtual Status erase_subject(AccountId subject) = 0;

  // Keyed hash of a normalised text (ports/normalise.h): equal texts of one kind give equal fingerprints, which say
  // nothing to whoever doesn't have the key. Never the empty fingerprint.
  virtual Fingerprint fingerprint(VaultKind kind, std::string_view normalised) const = 0;
};

// Passwords of people and secrets of machines.
//
// Any thread. hash_password() and verify_password() take tens of milliseconds and megabytes on purpose: not for the
// engine's thread or a socket's. The two for machine secrets take microseconds, and are only for secrets nobody can
// guess (new_secret(), or at least 128 random bits).
class Passwords {
 public:
  virtual ~Passwords() = default;

  // A self-describing hash with its own salt. Fails when there isn't the memory for it.
  virtual Result<std::string> hash_password(std::string_view password) const = 0;
  virtual bool verify_password(const std::string& hash, std::string_view password) const = 0;

  virtual std::string digest_secret(std::string_view secret) const = 0;
  // In constant time for a given length.
  virtual bool verify_secret(std::string_view digest, std::string_view secret) const = 0;

  // 128 random bits as 32 characters 0-9 a-f: fits OCPP 1.6 AuthorizationKey and 2.0.1 BasicAuthPassword.
  virtual std::string new_secret() const = 0;
};

}  // namespace bayward
