// A small town for tests of the core: one site in Berlin, four bays, an owner, two drivers. Only tests include it.
//
// Bays: 1 and 2 are shared around the clock by the owner and have a charger each (station 1, EVSE 1 and 2); 3 is shared
// and has none; 4 is the community's shared pile (group "pile"). It is Monday 2026-03-23, 09:00 local time; summer time
// begins on the 29th. Parking costs 2.00 EUR an hour, energy 0.10 EUR a kWh, without tax.
#pragma once

#include <string>
#include <vector>

#include "core/decide.h"
#include "core/evolve.h"
#include "core/tariff/examples_for_test.h"

namespace bayward::core {

inline Fingerprint print_of(uint8_t number) {
  Fingerprint out;
  out.bytes.fill(number);
  return out;
}

class World {
 public:
  explicit World(bool with_funds = true);
  ~World();

  static Currency euro();
  static Tariff tariff();

  // Decides and applies one command, and the steps of its saga.
  Decided run(const Command& command, const Actor& actor = {});
  // Where the answer doesn't matter.
  void tell(const Command& command);
  // Without the saga: what follows is left for later, as if the machine had stopped.
  Decided run_alone(const Command& command, const Actor& actor = {});
  Decided run_as(AccountId person, const Command& command);
  // Moves the clock and passes every deadline on the way, each at its own time.
  void advance_to(Instant to);
  void advance(Duration by);

  // The subject; a refusal fails the test's own set-up.
  uint64_t make(const Command& command);
  VehicleId add_car(AccountId account, uint8_t number);
  BayId add_bay(uint16_t number);
  WindowId publish(BayId bay, int16_t start_minute, int16_t end_minute);
  void credit(AccountId account, int64_t minor);
  RequestBooking wish(AccountId account, BayId bay, Instant start, Duration length) const;
  // Booked and confirmed, starting `in` from now.
  BookingId book(AccountId account, BayId bay, Duration in, Duration length = 1h);
  // The booked car arrives and is recognised by camera and sensor.
  void arrive(BookingId id);
  void vacate(BayId bay);
  StartSession start_of(uint8_t key, uint16_t evse, Fingerprint token, int64_t milliwh) const;

  const Booking& get(BookingId id) const;
  const Site& the_site() const;
  int64_t has(AccountId account, LedgerAccount ledger) const;
  // "BookingEnded FundsCaptured", of the last run.
  std::string happened() const;
  static std::string text(const Decided& decided);

  State state;
  Instant now = tariff_examples::utc("2026-03-23T08:00:00Z");
  std::vector<Event> events;
  AccountId community, owner, driver, other;
  VehicleId car, other_car, owner_car;
  SiteId site;
  StationId station;
  std::vector<BayId> bays;

 private:
  Decided apply(const Command& command, const Actor& actor);
  Decided chain(const Command& command, const Actor& actor);

  int references_ = 0;
};

}  // namespace bayward::core
