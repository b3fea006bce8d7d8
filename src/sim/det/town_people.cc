// What drivers, owners and staff do.
#include "core/recommend/search.h"
#include "sim/det/town.h"

namespace bayward::sim {

using namespace core;

void Town::ask_as(const Person& person, Command command, Clients::Then then) {
  clients_.ask({Actor::Kind::person, person.account}, std::move(command), std::move(then));
}

void Town::ask_staff(Command command, Clients::Then then) {
  clients_.ask({Actor::Kind::staff, community_}, std::move(command), std::move(then));
}

Duration Town::unit_of(SiteId site) const {
  return std::chrono::seconds{checkers_.model().rules.at(site).slot_unit_s};
}

void Town::open() {
  for (size_t i = 0; i < drivers_.size(); ++i) think(i);
  for (size_t i = 0; i < stations_.size(); ++i) station_link(i);
  owners_and_staff();
  wrong_parkers();
  if (profile_.flood) scheduler_.after(minutes(30, 200), [this] { flood(); });
  controllers_.open([this](SiteId site) {
    std::set<BayId> cars;
    for (const BayTruth& bay : bays_) {
      if (bay.site == site && bay.car) cars.insert(bay.id);
    }
    return cars;
  });
}

void Town::think(size_t driver) {
  scheduler_.after(Duration{prng_.between(0, 2 * profile_.think.count())}, [this, driver] {
    if (closed_) return;
    act(drivers_[driver]);
    think(driver);
  });
}

void Town::act(const Person& person) {
  const auto what = prng_.below(100);
  if (what < 10) return top_up(person);
  if (what < 68) return book(person);
  if (what < 85) return walk_up(person);
  if (what < 94) return ask_nonsense(person);
  search(person);
}

void Town::top_up(const Person& person) {
  const CreditWallet credit{
      person.account, {prng_.between(1, 5'000), *parse_currency("EUR")}, "bank-" + std::to_string(++references_)};
  ask_staff(credit);
  // The bank tells it again with the next statement.
  if (prng_.chance(1, 4)) scheduler_.after(minutes(1, 60), [this, credit] { ask_staff(credit); });
}

void Town::book(const Person& person) {
  const BayTruth& bay = any_bay();
  const Duration unit = unit_of(bay.site);
  const int64_t now_slot = unix_ms(scheduler_.now()) / unit.count();
  const int64_t ahead = prng_.chance(1, 12) ? prng_.between(90, 200) : prng_.between(0, 20);
  RequestBooking request;
  request.account = person.account;
  request.vehicle = person.vehicle;
  request.bay = bay.id;
  request.span.start = from_unix_ms((now_slot + ahead) * unit.count());
  request.span.end = request.span.start + unit * prng_.between(1, 8);
  if (bay.station && prng_.chance(2, 3)) request.energy_estimate_milliwh = prng_.between(1, 20'000'000);
  ask_as(person, request, [this, person, request](const std::optional<Outcome>& outcome) {
    if (outcome && *outcome) plan(person, BookingId{(*outcome)->subject});
    if (outcome && !*outcome) consent(person, request, outcome->error());
  });
}

// The platform may not decide: it asks the site's controller, if it can.
void Town::consent(const Person& person, const RequestBooking& request, Refusal refusal) {
  if (refusal != Refusal::site_decides || closed_) return;
  authority::Wish wish;
  wish.account = request.account;
  wish.bay = request.bay;
  wish.vehicle = request.vehicle;
  wish.booking_kind = request.kind;
  wish.span = request.span;
  wish.energy_estimate_milliwh = request.energy_estimate_milliwh;
  controllers_.ask(wish, [this, person](BookingId booking) { plan(person, booking); });
}

// A9 without the platform: whoever gets it parks, or doesn't.
void Town::hold_on_the_spot(const Person& person) {
  BayTruth& bay = any_bay();
  if (!controllers_.controls(bay.site) || bay.car) return;
  authority::Wish wish;
  wish.account = person.account;
  wish.bay = bay.id;
  if (!controllers_.hold_on_the_spot(wish, {}) || prng_.chance(1, 3)) return;
  scheduler_.after(minutes(0, 9), [this, &bay, person] {
    if (closed_ || bay.car) return;
    park(bay, person, false);
    const uint64_t stay = bay.stay;
    if (bay.station && prng_.chance(1, 2)) start_charging(bay, person.token, {});
    scheduler_.after(minutes(5, 100), [this, &bay, stay] { leave(bay, stay); });
  });
}

void Town::extend(const Person& person, BookingId id, Instant end) {
  ask_as(person, ExtendBooking{id, end}, [this, person, id, end](const std::optional<Outcome>& outcome) {
    if (!outcome || *outcome || outcome->error() != Refusal::site_decides || closed_) return;
    const ModelBooking& booking = checkers_.model().bookings.at(id);
    authority::Wish wish;
    wish.account = person.account;
    wish.kind = GrantKind::extend;
    wish.bay = booking.bay;
    wish.span = {booking.span.end, end};
    wish.booking = id;
    controllers_.ask(wish, {});
  });
}

void Town::walk_up(const Person& person) {
  if (prng_.chance(1, 2)) return hold_on_the_spot(person);
  const BayTruth& bay = any_bay();
  RequestBooking request;
  request.account = person.account;
  request.vehicle = person.vehicle;
  request.bay = bay.id;
  request.kind = BookingKind::walk_up;
  ask_as(person, request, [this, person, request](const std::optional<Outcome>& outcome) {
    if (outcome && !*outcome) consent(person, request, outcome->error());
    if (!outcome || !*outcome || prng_.chance(1, 4)) return;
    const BookingId id{(*outcome)->subject};
    scheduler_.after(minutes(0, 9), [this, person, id] { come(person, id, 0); });
  });
}

void Town::ask_nonsense(const Person& person) {
  const BayTruth& bay = any_bay();
  const Instant now = scheduler_.now();
  RequestBooking request;
  request.account = person.account;
  request.vehicle = person.vehicle;
  request.bay = bay.id;
  request.span = {now, now + 1h};
  switch (prng_.below(7)) {
    case 0:
      return ask_as(person, request);  // off the slots
    case 1:
      request.span.start -= 48h;
      return ask_as(person, request);
    case 2:
      request.account = any_driver().account;
      return ask_as(person, request);
    case 3:
      request.span.end += 24h * prng_.between(1, 4000);
      return ask_as(person, request);
    case 4:
      request.bay.value += prng_.between(1, 1'000'000) > 0 ? 1'000u : 0u;
      return ask_as(person, request);
    case 5:
      return ask_as(person, CancelBooking{site_scoped<BookingId>(bay.site, static_cast<uint32_t>(prng_.below(40)))});
    default:
      return ask_as(person, ExtendBooking{site_scoped<BookingId>(bay.site, static_cast<uint32_t>(prng_.below(40))),
                                          from_unix_s(unix_s(now) / 3600 * 3600)});
  }
}

void Town::search(const Person& person) {
  machine_.ask([account = person.account](const State& state, Instant now) {
    SearchRequest request;
    request.destination = {52'000'000, 13'000'000};
    request.radius_m = 20'000;
    request.wish.account = account;
    request.wish.span = {from_unix_s(unix_s(now) / 3600 * 3600 + 3600), from_unix_s(unix_s(now) / 3600 * 3600 + 7200)};
    (void)core::search(state, request, now);
  });
}

void Town::plan(const Person& person, BookingId id) {
  if (closed_) return;
  const ModelBooking& booking = checkers_.model().bookings.at(id);
  const Duration wait = std::max(booking.span.start - scheduler_.now(), Duration{0});
  const Duration unit = unit_of(site_of(id));
  if (prng_.chance(1, 7)) {
    scheduler_.after(Duration{prng_.between(0, wait.count() + 600'000)},
                     [this, person, id] { ask_as(person, CancelBooking{id}); });
  }
  if (prng_.chance(1, 5)) {
    const Duration length = wait + booking.span.length();
    scheduler_.after(Duration{prng_.between(0, length.count())}, [this, person, id, unit] {
      const Instant end = checkers_.model().bookings.at(id).span.end;
      extend(person, id, end + unit * prng_.between(1, 4));
    });
  }
  if (prng_.chance(5, 6)) {
    scheduler_.after(std::max(wait + minutes(-12, 25), Duration{0}), [this, person, id] { come(person, id, 0); });
  }
}

// Looks where the booking is now: it may have been moved.
void Town::come(const Person& person, BookingId id, int tries) {
  const ModelBooking& booking = checkers_.model().bookings.at(id);
  if (closed_ || booking.phase != ModelBooking::Phase::confirmed) return;
  BayTruth& bay = *find_bay(booking.bay);
  if (bay.car) {
    if (tries < 3) scheduler_.after(minutes(2, 8), [this, person, id, tries] { come(person, id, tries + 1); });
    return;
  }
  park(bay, person, !bay.camera || prng_.chance(1, 10));
  const uint64_t stay = bay.stay;
  if (bay.station && prng_.chance(3, 4)) {
    const bool own_token = prng_.chance(1, 4);
    scheduler_.after(minutes(0, 4), [this, &bay, stay, person, id, own_token] {
      if (bay.stay == stay && bay.car) {
        start_charging(bay, own_token ? Fingerprint{} : person.token, own_token ? id : BookingId{});
      }
    });
  }
  const Instant leave_at = std::max(booking.span.end + minutes(-60, 30), scheduler_.now() + 3min);
  scheduler_.at(leave_at, [this, &bay, stay, person, id] {
    if (bay.stay != stay) return;
    leave(bay, stay);
    if (!bay.sensor && prng_.chance(1, 2)) ask_as(person, LeaveBay{id});
  });
}

void Town::owners_and_staff() {
  scheduler_.after(minutes(5, 60), [this] {
    if (closed_) return;
    prng_.chance(1, 2) ? owner_acts() : staff_acts();
    owners_and_staff();
  });
}

void Town::owner_acts() {
  BayTruth& bay = any_bay();
  const int32_t today = to_days(checkers_.model().zones.at(bay.site).local_date(scheduler_.now()));
  switch (prng_.below(4)) {
    case 0: {
      const auto hour = static_cast<int16_t>(prng_.between(0, 23));
      ask_staff(SetWindowException{
          bay.window, today + static_cast<int32_t>(prng_.below(2)), {{static_cast<int16_t>(hour * 60), 1440}}});
      break;
    }
    case 1: {
      ask_staff(WithdrawWindow{bay.window});
      Window window;
      window.bay = bay.id;
      window.week.fill({{0, 1440}});
      window.last_day = 80'000;
      scheduler_.after(minutes(10, 120), [this, &bay, window] {
        ask_staff(PublishWindow{window}, [&bay](const std::optional<Outcome>& outcome) {
          if (outcome && *outcome) bay.window = WindowId{(*outcome)->subject};
        });
      });
      break;
    }
    case 2:
      // The owner comes home.
      for (const Person& owner : owners_) {
        if (owner.account != bay.owner || bay.car) continue;
        park(bay, owner, false);
        const uint64_t stay = bay.stay;
        if (bay.station && prng_.chance(1, 2)) start_charging(bay, owner.token, {});
        scheduler_.after(minutes(20, 200), [this, &bay, stay] { leave(bay, stay); });
      }
      break;
    default: {
      const Person& buyer = owners_[prng_.below(owners_.size())];
      machine_.ask([this, &bay, buyer](const State& state, Instant) {
        BayInfo info = state.site(bay.site)->bay(bay.id)->info;
        if (info.shared_pile) return;
        info.owner = bay.owner = buyer.account;
        scheduler_.after(1ms, [this, &bay, info] { ask_staff(ChangeBay{bay.id, info}); });
      });
    }
  }
}

void Town::staff_acts() {
  BayTruth& bay = any_bay();
  switch (prng_.below(5)) {
    case 0:
      ask_staff(SetBayService{bay.id, false});
      scheduler_.after(minutes(20, 120), [this, &bay] { ask_staff(SetBayService{bay.id, true}); });
      break;
    case 1:
      clients_.tell(RecordConnectorStatus{bay.id, ConnectorStatus::faulted});
      scheduler_.after(minutes(5, 60), [this, &bay] {
        clients_.tell(RecordConnectorStatus{bay.id, ConnectorStatus::available});
      });
      break;
    case 2: {
      SiteRules rules = checkers_.model().rules.at(bay.site);
      rules.no_show_grace = minutes(10, 45);
      rules.overstay_grace = minutes(0, 20);
      ask_staff(SetSiteRules{bay.site, rules});
      break;
    }
    case 3: {
      Permission permission;
      permission.account = any_driver().account;
      permission.bays = {bay.id};
      permission.hours.fill({{0, 1440}});
      permission.last_day = 80'000;
      permission.slots_per_day = static_cast<int32_t>(prng_.between(1, 8));
      ask_staff(GrantPermission{bay.site, permission}, [this](const std::optional<Outcome>& outcome) {
        if (!outcome || !*outcome || prng_.chance(1, 2)) return;
        const PermissionId id{(*outcome)->subject};
        scheduler_.after(minutes(30, 300), [this, id] { ask_staff(RevokePermission{id}); });
      });
      break;
    }
    default:
      staff_moves_money();
  }
}

void Town::staff_moves_money() {
  const Currency currency = *parse_currency("EUR");
  if (prng_.chance(1, 2)) {
    const Person& owner = owners_[prng_.below(owners_.size())];
    ask_staff(RecordPayout{owner.account, {prng_.between(1, 2'000), currency}, "out-" + std::to_string(++references_)});
    return;
  }
  const auto& captured = checkers_.books().captured();
  if (captured.empty()) return;
  const auto chosen = std::next(captured.begin(), static_cast<std::ptrdiff_t>(prng_.below(captured.size())));
  const AccountId account = checkers_.model().bookings.at(chosen->first).account;
  ask_staff(RefundBooking{chosen->first, account, {prng_.between(1, 500), currency}});
}

// More than the inbox holds, all at once.
void Town::flood() {
  for (int i = 0; i < 9000; ++i) {
    machine_.submit(
        {Actor{Actor::Kind::station, {}}, RecordConnectorStatus{bays_[0].id, ConnectorStatus::available}, {}},
        [](const Outcome&) {});
  }
}

}  // namespace bayward::sim
