// The town of the simulation: drivers who book, come, charge, stay too long or never show up; owners, staff and wrong
// parkers; stations that go offline and tell later. It knows the truth (which car stands where, what the meters read);
// the engine knows only what it is told.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "sim/det/client.h"
#include "sim/det/controllers.h"

namespace bayward::sim {

struct Person {
  AccountId account;
  VehicleId vehicle;
  Fingerprint plate;
  Fingerprint token;
};

// One EVSE and its meter.
struct Evse {
  BayId bay;
  uint16_t number = 1;
  int64_t register_milliwh = 0;
  Instant read_at{};
  int64_t power_w = 0;  // flowing now
  std::optional<core::SessionKey> key;
};

struct StationTruth {
  StationId id;
  SiteId site;
  bool online = true;
  bool sending = false;
  std::deque<core::Command> queue;  // to be told, oldest first
};

struct BayTruth {
  BayId id;
  SiteId site;
  AccountId owner;
  bool sensor = true;
  bool camera = true;
  WindowId window;
  Fingerprint car;  // that stands there; none: empty
  AccountId driver;
  uint64_t stay = 0;  // counts cars
  std::optional<size_t> station;
  Evse evse;
};

struct ChargeTruth {
  int64_t start_milliwh = 0;
  int64_t energy_milliwh = 0;
  bool stopped = false;
  bool defective = false;
};

class Town {
 public:
  Town(Scheduler& scheduler, Prng& prng, Profile& profile, Machine& machine, Checkers& checkers, Clients& clients,
       Controllers& controllers)
      : scheduler_(scheduler),
        prng_(prng),
        profile_(profile),
        machine_(machine),
        checkers_(checkers),
        clients_(clients),
        controllers_(controllers) {}

  // Sites, bays, people, windows: before any trouble.
  void build();
  // Everybody begins to live.
  void open();
  // Nobody comes any more; whoever is there leaves, stations tell what they know.
  void close();
  void obey_stops();
  // What every meter has counted is what the platform has read.
  void compare_meters(Problems& problems) const;
  bool stations_told_all() const;
  std::vector<BayId> bay_ids() const;
  AccountId community() const { return community_; }

 private:
  // build
  uint64_t make(core::Command command);
  void build_site(int number);
  void build_bay(SiteId site, int number, size_t station);
  Person build_person(uint32_t roles);
  void build_permissions();
  void publish(BayTruth& bay);

  // people
  void think(size_t driver);
  void act(const Person& person);
  void top_up(const Person& person);
  void book(const Person& person);
  void walk_up(const Person& person);
  void ask_nonsense(const Person& person);
  void search(const Person& person);
  void plan(const Person& person, BookingId booking);
  void consent(const Person& person, const core::RequestBooking& request, core::Refusal refusal);
  void hold_on_the_spot(const Person& person);
  void extend(const Person& person, BookingId booking, Instant end);
  void come(const Person& person, BookingId booking, int tries);
  void owners_and_staff();
  void owner_acts();
  void staff_acts();
  void staff_moves_money();
  void flood();
  void ask_as(const Person& person, core::Command command, Clients::Then then = {});
  void ask_staff(core::Command command, Clients::Then then = {});

  // field
  void park(BayTruth& bay, const Person& person, bool by_app);
  void leave(BayTruth& bay, uint64_t stay);
  void wrong_parkers();
  void sense(const BayTruth& bay);
  void start_charging(BayTruth& bay, Fingerprint token, BookingId booking_token);
  void meter(BayTruth& bay, core::SessionKey key);
  void stop_charging(BayTruth& bay);
  void read_register(Evse& evse) const;
  void station_link(size_t station);
  void say(size_t station, core::Command command);
  void pump(size_t station);

  BayTruth& any_bay() { return bays_[prng_.below(bays_.size())]; }
  const Person& any_driver() { return drivers_[prng_.below(drivers_.size())]; }
  BayTruth* find_bay(BayId id);
  Duration unit_of(SiteId site) const;
  Fingerprint fresh_fingerprint(uint8_t kind);
  Duration minutes(int64_t low, int64_t high) { return std::chrono::seconds{prng_.between(low * 60, high * 60)}; }

  Scheduler& scheduler_;
  Prng& prng_;
  Profile& profile_;
  Machine& machine_;
  Checkers& checkers_;
  Clients& clients_;
  Controllers& controllers_;

  std::vector<SiteId> sites_;
  std::vector<BayTruth> bays_;
  std::vector<StationTruth> stations_;
  std::vector<Person> drivers_;
  std::vector<Person> owners_;
  AccountId community_;
  std::map<core::SessionKey, ChargeTruth> charges_;
  uint64_t fingerprints_ = 0;
  uint64_t references_ = 0;
  bool closed_ = false;
};

}  // namespace bayward::sim
