// How the town is founded.
#include <cstring>

#include "sim/det/town.h"

namespace bayward::sim {

using namespace core;

namespace {

Instant utc(const char* text) {
  return *parse_rfc3339(text);
}

struct Place {
  ZoneRules zone;
  int32_t slot_unit_s;
};

// 2026 of the tz database.
std::vector<Place> places() {
  return {
      {{"Europe/Berlin", 3600, {{utc("2026-03-29T01:00:00Z"), 7200}, {utc("2026-10-25T01:00:00Z"), 3600}}}, 900},
      {{"Australia/Lord_Howe", 39600, {{utc("2026-04-04T15:00:00Z"), 37800}, {utc("2026-10-03T15:30:00Z"), 39600}}},
       1800},
      {{"America/Havana", -18000, {{utc("2026-03-08T05:00:00Z"), -14400}, {utc("2026-11-01T05:00:00Z"), -18000}}}, 900},
      {{"Asia/Shanghai", 28800, {}}, 900},
  };
}

Currency euro() {
  return *parse_currency("EUR");
}

Tariff any_tariff(Prng& prng) {
  Tariff tariff;
  tariff.name = "town";
  tariff.currency = euro();
  tariff.energy_rates = {prng.between(0, 300'000), prng.between(0, 600'000), prng.between(0, 900'000), 1'000'000};
  tariff.parking_rates = {prng.between(0, 1'000'000), prng.between(0, 3'000'000), prng.between(0, 4'000'000),
                          5'000'000};
  TariffRule night;
  night.start_minute = 22 * 60;
  night.end_minute = 6 * 60;
  night.period = Period::valley;
  TariffRule evening;
  evening.start_minute = 17 * 60;
  evening.end_minute = 20 * 60;
  evening.period = Period::peak;
  tariff.rules = {night, evening};
  tariff.visit_fee_minor = prng.between(0, 50);
  tariff.overstay_rate_e4 = prng.between(0, 9'000'000);
  tariff.tax_ppm = prng.chance(1, 2) ? 190'000 : 0;
  tariff.prices_include_tax = prng.chance(1, 2);
  return tariff;
}

}  // namespace

Fingerprint Town::fresh_fingerprint(uint8_t kind) {
  Fingerprint out;
  const uint64_t number = ++fingerprints_;
  std::memcpy(out.bytes.data(), &number, sizeof number);
  out.bytes[15] = kind;
  return out;
}

uint64_t Town::make(Command command) {
  std::optional<Outcome> answer;
  BAYWARD_CHECK(machine_.submit({Actor{}, std::move(command), std::nullopt}, [&](const Outcome& o) { answer = o; }));
  while (!answer) BAYWARD_CHECK(scheduler_.run_one(scheduler_.now() + 1min));
  BAYWARD_CHECK(answer->ok());
  return (*answer)->subject;
}

Person Town::build_person(uint32_t roles) {
  Person person;
  person.plate = fresh_fingerprint(1);
  person.token = fresh_fingerprint(2);
  person.account = AccountId{make(OpenAccount{fresh_fingerprint(3), roles})};
  Vehicle vehicle;
  vehicle.plate = person.plate;
  vehicle.connector = ConnectorType::iec_62196_t2;
  person.vehicle = VehicleId{make(AddVehicle{person.account, vehicle})};
  make(AddToken{person.account, person.token});
  return person;
}

void Town::publish(BayTruth& bay) {
  Window window;
  window.bay = bay.id;
  window.week.fill({{0, 1440}});
  if (prng_.chance(1, 3)) window.week.fill({{0, 600}, {660, 1440}});
  window.last_day = 80'000;
  bay.window = WindowId{make(PublishWindow{window})};
}

void Town::build_bay(SiteId site, int number, size_t station) {
  BayTruth bay;
  bay.site = site;
  BayInfo info;
  info.label = "B" + std::to_string(number);
  info.shared_pile = prng_.chance(1, 4);
  info.group = info.shared_pile ? "pile" : "";
  bay.owner = info.shared_pile ? community_ : owners_[prng_.below(owners_.size())].account;
  info.owner = bay.owner;
  info.east_dm = 30 * number;
  if (prng_.chance(3, 4)) {
    bay.station = station;
    bay.evse.number = static_cast<uint16_t>(number);
    bay.evse.register_milliwh = prng_.between(0, 900'000'000);
    info.charger = Charger{stations_[station].id, bay.evse.number, ConnectorType::iec_62196_t2, 22'000};
  }
  bay.sensor = prng_.chance(4, 5);
  bay.camera = prng_.chance(2, 3);
  bay.id = BayId{make(DefineBay{site, info})};
  bay.evse.bay = bay.id;
  publish(bay);
  bays_.push_back(bay);
}

void Town::build_site(int number) {
  const auto all = places();
  const Place& place = all[prng_.below(all.size())];
  SiteRules rules;
  rules.slot_unit_s = place.slot_unit_s;
  rules.displaced_compensation_minor = prng_.between(0, 500);
  const SiteId site{make(DefineSite{"Site " + std::to_string(number),
                                    {static_cast<int32_t>(52'000'000 + 4000 * number), 13'000'000},
                                    euro(),
                                    place.zone,
                                    rules,
                                    community_})};
  sites_.push_back(site);
  make(PublishTariff{site, any_tariff(prng_), true});
  StationTruth station;
  station.site = site;
  station.id = StationId{make(RegisterStation{site, "CP-" + std::to_string(number)})};
  stations_.push_back(station);
  make(RecordStationLink{station.id, true});
  for (int bay = 1; bay <= profile_.bays_per_site; ++bay) build_bay(site, bay, stations_.size() - 1);
  if (!prng_.chance(profile_.controlled, 1000)) return;
  const StationId controller{make(RegisterStation{site, "CTL-" + std::to_string(number), true})};
  make(RecordStationLink{controller, true});
  controllers_.add(site, controller);
}

void Town::build_permissions() {
  for (const SiteId site : sites_) {
    for (const Person& person : drivers_) {
      // Some have two: a use must be counted against the right one.
      while (prng_.chance(2, 5)) {
        Permission permission;
        permission.account = person.account;
        permission.groups = {"pile"};
        permission.hours.fill({{0, 1440}});
        permission.last_day = 80'000;
        permission.slots_per_day = static_cast<int32_t>(prng_.between(0, 8));
        permission.slots_per_week = static_cast<int32_t>(prng_.between(0, 20));
        make(GrantPermission{site, permission});
      }
    }
  }
}

std::vector<BayId> Town::bay_ids() const {
  std::vector<BayId> out;
  out.reserve(bays_.size());
  for (const BayTruth& bay : bays_) out.push_back(bay.id);
  return out;
}

void Town::build() {
  community_ = AccountId{make(OpenAccount{{}, role_property})};
  for (int i = 0; i < 3; ++i) owners_.push_back(build_person(role_driver | role_owner));
  for (int i = 0; i < profile_.sites; ++i) build_site(i + 1);
  for (int i = 0; i < profile_.drivers; ++i) {
    drivers_.push_back(build_person(role_driver));
    if (prng_.chance(3, 4)) {
      make(CreditWallet{drivers_.back().account, {prng_.between(100, 20'000), euro()}, "start-" + std::to_string(i)});
    }
  }
  build_permissions();
}

}  // namespace bayward::sim
