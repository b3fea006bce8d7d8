#include "common/city.h"

#include <cstdio>
#include <cstdlib>

namespace bayward::bench {
namespace {

constexpr core::Actor staff{core::Actor::Kind::staff, {}};

uint64_t must(Engine& engine, Journal& journal, Instant now, core::Command command) {
  uint64_t subject = 0;
  engine.submit({staff, std::move(command), std::nullopt}, [&](const Outcome& outcome) {
    if (!outcome) {
      std::fprintf(stderr, "bench set-up refused: %s\n", std::string(core::to_text(outcome.error())).c_str());
      std::exit(1);
    }
    subject = outcome->subject;
  });
  pump(engine, journal, now);
  return subject;
}

Fingerprint fingerprint_of(uint64_t number) {
  Prng prng(number);
  Fingerprint out;
  for (uint8_t& byte : out.bytes) byte = static_cast<uint8_t>(prng.next());
  return out;
}

Tariff day_and_night(Currency currency) {
  Tariff tariff;
  tariff.name = "bench";
  tariff.currency = currency;
  tariff.energy_rates = {200'000, 350'000, 450'000, 600'000};
  tariff.parking_rates = {500'000, 1'000'000, 1'500'000, 2'000'000};
  TariffRule night;
  night.start_minute = 22 * 60;
  night.end_minute = 6 * 60;
  night.period = Period::valley;
  TariffRule evening;
  evening.start_minute = 17 * 60;
  evening.end_minute = 21 * 60;
  evening.period = Period::peak;
  tariff.rules = {night, evening};
  tariff.tax_ppm = 190'000;
  return tariff;
}

void build_site(Engine& engine, Journal& journal, const CityPlan& plan, City& city, AccountId owner, Prng& prng,
                uint32_t bays) {
  const Currency euro = *parse_currency("EUR");
  core::DefineSite define;
  define.name = "site";
  define.place = {
      city.south_west.latitude_e6 + static_cast<int32_t>(prng.below(static_cast<uint64_t>(city.extent_e6))),
      city.south_west.longitude_e6 + static_cast<int32_t>(prng.below(static_cast<uint64_t>(city.extent_e6)))};
  define.currency = euro;
  define.zone = {"Europe/Berlin", 3600, {}};
  define.community = owner;
  const SiteId site{must(engine, journal, plan.start, define)};
  must(engine, journal, plan.start, core::PublishTariff{site, day_and_night(euro), true});
  const StationId station{
      must(engine, journal, plan.start, core::RegisterStation{site, "S" + std::to_string(site.value)})};
  for (uint32_t i = 0; i < bays; ++i) {
    core::BayInfo info;
    info.label = std::to_string(i + 1);
    info.owner = owner;
    info.east_dm = static_cast<int32_t>(i % 10) * 28;
    info.north_dm = static_cast<int32_t>(i / 10) * 60;
    if (i < 30)
      info.charger = core::Charger{station, static_cast<uint16_t>(i + 1), core::ConnectorType::iec_62196_t2, 11'000};
    engine.submit({staff, core::DefineBay{site, info}, std::nullopt}, nullptr);
  }
  pump(engine, journal, plan.start);
  core::Window window;
  window.first_day = to_days(Date{std::chrono::floor<std::chrono::days>(plan.start)});
  window.last_day = window.first_day + 365;
  for (auto& day : window.week) day = {{0, 1440}};
  for (uint32_t i = 0; i < bays; ++i) {
    window.bay = site_scoped<BayId>(site, i + 1);
    city.bays.push_back(window.bay);
    engine.submit({staff, core::PublishWindow{window}, std::nullopt}, nullptr);
  }
  pump(engine, journal, plan.start);
}

}  // namespace

void pump(Engine& engine, Journal& journal, Instant now) {
  while (engine.has_work()) {
    Batch batch = engine.prepare(now);
    if (!batch.records.empty()) {
      const auto appended = journal.append(batch.expected_last, batch.records);
      if (!appended) {
        std::fprintf(stderr, "journal: %s\n", appended.error().message.c_str());
        std::exit(1);
      }
    }
    engine.committed(batch);
  }
}

City build_city(Engine& engine, Journal& journal, const CityPlan& plan) {
  City city;
  city.south_west = {52'400'000, 13'200'000};
  city.extent_e6 = 300'000;
  Prng prng(1);
  const AccountId owner{must(engine, journal, plan.start, core::OpenAccount{fingerprint_of(1), core::role_owner})};
  // Ids count up, so everything about a driver goes into the same batch.
  for (uint32_t i = 0; i < plan.drivers; ++i) {
    const AccountId account{owner.value + 1 + i};
    core::Vehicle vehicle;
    vehicle.plate = fingerprint_of(10'000'000 + i);
    vehicle.connector = core::ConnectorType::iec_62196_t2;
    engine.submit({staff, core::OpenAccount{fingerprint_of(100 + i), core::role_driver}, std::nullopt}, nullptr);
    engine.submit({staff, core::AddVehicle{account, vehicle}, std::nullopt}, nullptr);
    engine.submit(
        {staff, core::CreditWallet{account, {1'000'000'000, *parse_currency("EUR")}, "opening"}, std::nullopt},
        nullptr);
    city.drivers.push_back({account, VehicleId{(account.value << 32) | 1}});
    if (i % 1000 == 999) pump(engine, journal, plan.start);
  }
  pump(engine, journal, plan.start);
  for (uint32_t left = plan.bays; left > 0;) {
    const uint32_t bays = std::min(left, plan.bays_per_site);
    build_site(engine, journal, plan, city, owner, prng, bays);
    left -= bays;
  }
  return city;
}

core::RequestBooking random_booking(const City& city, const CityPlan& plan, Prng& prng) {
  const Driver& driver = city.drivers[prng.below(city.drivers.size())];
  const auto slot = static_cast<int64_t>(prng.below(30 * 96)) + 4;
  core::RequestBooking request;
  request.account = driver.account;
  request.vehicle = driver.vehicle;
  request.bay = city.bays[prng.below(city.bays.size())];
  request.span.start = plan.start + std::chrono::minutes{15 * slot};
  request.span.end = request.span.start + 2h;
  return request;
}

}  // namespace bayward::bench
