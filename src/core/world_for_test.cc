#include "core/world_for_test.h"

#include "core/saga.h"

namespace bayward::core {

World::World(bool with_funds) {
  community = AccountId{make(OpenAccount{print_of(200), role_property})};
  owner = AccountId{make(OpenAccount{print_of(201), role_driver | role_owner})};
  driver = AccountId{make(OpenAccount{print_of(202), role_driver})};
  other = AccountId{make(OpenAccount{print_of(203), role_driver})};
  car = add_car(driver, 1);
  other_car = add_car(other, 2);
  owner_car = add_car(owner, 3);
  site = SiteId{
      make(DefineSite{"Hof", {52'520'000, 13'405'000}, euro(), tariff_examples::berlin(), SiteRules{}, community})};
  make(PublishTariff{site, tariff(), true});
  station = StationId{make(RegisterStation{site, "CP-1"})};
  for (uint16_t number = 1; number <= 4; ++number) bays.push_back(add_bay(number));
  for (size_t index = 0; index < 3; ++index) publish(bays[index], 0, 1440);
  publish(bays[3], 0, 1440);
  tell(RecordStationLink{station, true});
  if (!with_funds) return;
  credit(driver, 10'000);
  credit(other, 10'000);
}

World::~World() = default;

Currency World::euro() {
  return *parse_currency("EUR");
}

Tariff World::tariff() {
  Tariff tariff = tariff_examples::plain();
  tariff.energy_rates = {100'000, 100'000, 100'000, 100'000};
  tariff.parking_rates = {2'000'000, 2'000'000, 2'000'000, 2'000'000};
  return tariff;
}

Decided World::run(const Command& command, const Actor& actor) {
  events.clear();
  return chain(command, actor);
}

void World::tell(const Command& command) {
  (void)run(command);
}

Decided World::run_alone(const Command& command, const Actor& actor) {
  events.clear();
  return apply(command, actor);
}

Decided World::run_as(AccountId person, const Command& command) {
  return run(command, Actor{Actor::Kind::person, person});
}

void World::advance_to(Instant to) {
  std::vector<Event> seen;
  for (auto due = state.next_due(); due && *due <= to; due = state.next_due()) {
    now = std::max(now, *due);
    if (const auto deadline = state.take_due(now)) tell(PassDeadline{*deadline});
    seen.insert(seen.end(), events.begin(), events.end());
  }
  now = std::max(now, to);
  events = std::move(seen);
}

void World::advance(Duration by) {
  advance_to(now + by);
}

uint64_t World::make(const Command& command) {
  const Decided decided = run(command);
  BAYWARD_CHECK(decided.ok());
  return decided->subject;
}

VehicleId World::add_car(AccountId account, uint8_t number) {
  Vehicle vehicle;
  vehicle.plate = print_of(number);
  vehicle.connector = ConnectorType::iec_62196_t2;
  const VehicleId id{make(AddVehicle{account, vehicle})};
  make(AddToken{account, print_of(static_cast<uint8_t>(100 + number))});
  return id;
}

BayId World::add_bay(uint16_t number) {
  BayInfo info;
  info.label = "B" + std::to_string(number);
  info.owner = number == 4 ? community : owner;
  info.shared_pile = number == 4;
  info.group = number == 4 ? "pile" : "";
  info.east_dm = 50 * number;
  if (number <= 2) info.charger = Charger{station, number, ConnectorType::iec_62196_t2, 22'000};
  return BayId{make(DefineBay{site, info})};
}

WindowId World::publish(BayId bay, int16_t start_minute, int16_t end_minute) {
  Window window;
  window.bay = bay;
  window.week.fill({{start_minute, end_minute}});
  window.first_day = 0;
  window.last_day = 80'000;
  return WindowId{make(PublishWindow{window})};
}

void World::credit(AccountId account, int64_t minor) {
  make(CreditWallet{account, Money{minor, euro()}, "bank-" + std::to_string(++references_)});
}

RequestBooking World::wish(AccountId account, BayId bay, Instant start, Duration length) const {
  RequestBooking request;
  request.account = account;
  request.vehicle = state.account(account)->vehicles.front().id;
  request.bay = bay;
  request.span = {start, start + length};
  return request;
}

BookingId World::book(AccountId account, BayId bay, Duration in, Duration length) {
  return BookingId{make(wish(account, bay, now + in, length))};
}

void World::arrive(BookingId id) {
  const Booking& booking = get(id);
  const Fingerprint plate = booking.plate;
  const BayId bay = booking.bay;
  tell(RecordOccupancy{bay, true, now});
  tell(IdentifyVehicle{bay, IdentityVia::plate, plate, {}, now});
}

void World::vacate(BayId bay) {
  tell(RecordOccupancy{bay, false, now});
}

StartSession World::start_of(uint8_t key, uint16_t evse, Fingerprint token, int64_t milliwh) const {
  StartSession start;
  start.key = print_of(key);
  start.station = station;
  start.evse = evse;
  start.identity = token;
  start.start = {now, milliwh};
  return start;
}

const Booking& World::get(BookingId id) const {
  return *state.booking(id);
}

const Site& World::the_site() const {
  return *state.site(site);
}

int64_t World::has(AccountId account, LedgerAccount ledger) const {
  return balance(state.account(account)->balances, euro(), ledger);
}

std::string World::happened() const {
  std::string out;
  for (const Event& event : events) out += (out.empty() ? "" : " ") + std::string(event_name(event));
  return out;
}

std::string World::text(const Decided& decided) {
  if (!decided) return std::string(to_text(decided.error()));
  std::string out;
  for (const Event& event : decided->events) out += (out.empty() ? "" : " ") + std::string(event_name(event));
  return out.empty() ? "nothing" : out;
}

Decided World::apply(const Command& command, const Actor& actor) {
  Decided decided = decide(state, actor, command, now);
  if (!decided) return decided;
  for (const Event& event : decided->events) {
    evolve(state, decided->stream, event, now);
    events.push_back(event);
  }
  return decided;
}

Decided World::chain(const Command& command, const Actor& actor) {
  Decided decided = apply(command, actor);
  for (const Command& next : next_steps(state, command, decided)) (void)chain(next, Actor{});
  return decided;
}

}  // namespace bayward::core
