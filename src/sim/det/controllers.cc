#include "sim/det/controllers.h"

#include <algorithm>

#include "base/binary.h"

namespace bayward::sim {

using namespace core;
using authority::Book;
using authority::Entry;

namespace {

constexpr Duration tick_every = 3min;
constexpr Duration tick_at_rest = 10min;

Envelope by_platform(Command command) {
  return {Actor{Actor::Kind::station, {}}, std::move(command), std::nullopt};
}

}  // namespace

void Controllers::add(SiteId site, StationId station) {
  Controller& controller = controllers_[site];
  controller.site = site;
  controller.station = station;
}

void Controllers::open(std::function<std::set<BayId>(SiteId)> bays_with_car) {
  bays_with_car_ = std::move(bays_with_car);
  for (auto& [site, controller] : controllers_) {
    tick(controller);
    next_split(controller);
    next_crash(controller);
  }
}

void Controllers::calm() {
  calm_ = true;
  for (auto& [site, controller] : controllers_) {
    controller.linked = true;
    controller.clock_offset = Duration{0};
  }
}

bool Controllers::told_all() const {
  return std::all_of(controllers_.begin(), controllers_.end(),
                     [](const auto& item) { return item.second.up && item.second.book.entries.empty(); });
}

// Over the link, in either direction; what is under way when it splits is lost.
void Controllers::say(Controller& controller, std::function<void()> arrive) {
  if (!controller.linked || prng_.chance(profile_.lost, 1000)) return;
  const bool slow = prng_.chance(profile_.delayed, 1000);
  const Duration delay{slow ? prng_.between(1000, 60'000) : prng_.between(1, 150)};
  const auto there = [&controller, arrive = std::move(arrive)] {
    if (controller.linked) arrive();
  };
  if (prng_.chance(profile_.doubled, 1000)) scheduler_.after(delay + Duration{prng_.between(0, 5000)}, there);
  scheduler_.after(delay, there);
}

void Controllers::tick(Controller& controller) {
  const Duration wait = calm_ && told_all() ? tick_at_rest : tick_every;
  scheduler_.after(wait + Duration{prng_.between(0, 90'000)}, [this, &controller] { tick(controller); });
  if (controller.linked) machine_.submit(by_platform(HandOver{controller.site}), [](const Outcome&) {});
  brief(controller);
  if (prng_.chance(1, 8)) tell_link(controller);
  if (!controller.up) return;
  free_what_is_over(controller);
  tell_log(controller);
}

// What the platform believes of the link comes late, and is put right again and again.
void Controllers::tell_link(Controller& controller) {
  const bool online = controller.linked;
  scheduler_.after(Duration{prng_.between(0, 30'000)}, [this, &controller, online] {
    machine_.submit(by_platform(RecordStationLink{controller.station, online}), [](const Outcome&) {});
  });
}

// Read between two batches, sent when all that it was read from is durable.
void Controllers::brief(Controller& controller) {
  if (!controller.linked) return;
  const auto told = std::make_shared<Briefing>();
  const SiteId site = controller.site;
  machine_.ask([told, site](const State& state, Instant now) { *told = briefing_of(*state.site(site), now); },
               [this, &controller, told] {
                 say(controller, [&controller, told] {
                   if (!controller.up) return;
                   Book next = controller.book;
                   if (authority::brief(next, *told) != authority::Briefed::taken_in) return;
                   controller.book = std::move(next);
                   controller.disk = to_binary(controller.book);
                 });
               });
}

// False: it died before it had it on disk.
bool Controllers::keep(Controller& controller, Entry entry) {
  if (!calm_ && prng_.chance(1, 60)) {
    crash(controller);
    return false;
  }
  const TakeGrant grant = entry.grant;
  authority::add(controller.book, std::move(entry));
  controller.disk = to_binary(controller.book);
  rule_.given(grant, controller.book.briefing.watermark);
  if (!calm_ && prng_.chance(1, 60)) crash(controller);
  return true;
}

void Controllers::free_what_is_over(Controller& controller) {
  const std::set<BayId> cars = bays_with_car_ ? bays_with_car_(controller.site) : std::set<BayId>{};
  while (controller.up) {
    auto over = authority::next_to_free(controller.book, cars, clock(controller));
    if (!over || !keep(controller, *std::move(over))) return;
  }
}

void Controllers::tell_log(Controller& controller) {
  const size_t most = std::min<size_t>(controller.book.entries.size(), 8);
  for (size_t i = 0; i < most; ++i) {
    const Entry entry = controller.book.entries[i];
    say(controller, [this, &controller, entry] {
      machine_.submit(by_platform(entry.grant),
                      [this, &controller, entry](const Outcome& outcome) { take(controller, entry, outcome); });
    });
  }
}

// The platform's side has an answer: it briefs the controller, and whoever asked hears of the booking.
void Controllers::take(Controller& controller, const Entry& entry, const Outcome& outcome) {
  if (!outcome) return;
  brief(controller);
  const auto found = waiting_.find({controller.site, entry.grant.number});
  if (found == waiting_.end()) return;
  const Then then = std::move(found->second);
  waiting_.erase(found);
  if (then && outcome->subject != 0) then(BookingId{outcome->subject});
}

void Controllers::ask(authority::Wish wish, Then then) {
  Controller& controller = controllers_.at(site_of(wish.bay));
  wish.platform_asks = true;
  wish.ask = "ask-" + std::to_string(++asks_);
  say(controller, [this, &controller, wish, then] {
    if (!controller.up) return;
    auto entry = authority::decide(controller.book, wish, clock(controller));
    if (!entry) return;
    const uint64_t number = entry->grant.number;
    const bool fresh = number > controller.book.last;
    if (fresh && !keep(controller, *std::move(entry))) return;
    if (fresh) waiting_[{controller.site, number}] = then;
    if (fresh) marks_.hit(Mark::consent_given);
    if (controller.up) tell_log(controller);
  });
}

bool Controllers::hold_on_the_spot(authority::Wish wish, Then then) {
  Controller& controller = controllers_.at(site_of(wish.bay));
  if (!controller.up) return false;
  auto entry = authority::decide(controller.book, wish, clock(controller));
  if (!entry) return false;
  const uint64_t number = entry->grant.number;
  if (!keep(controller, *std::move(entry))) return false;
  marks_.hit(controller.linked ? Mark::hold_on_the_spot : Mark::hold_while_split);
  waiting_[{controller.site, number}] = std::move(then);
  return true;
}

void Controllers::crash(Controller& controller) {
  marks_.hit(Mark::controller_crash);
  controller.up = false;
  const uint64_t life = ++controller.life;
  scheduler_.after(Duration{prng_.between(1'000, 400'000)}, [this, &controller, life] {
    if (controller.life != life) return;
    controller.book = from_binary<Book>(controller.disk).value_or(Book{});
    if (!calm_ && prng_.chance(1, 4)) controller.clock_offset = std::chrono::seconds{prng_.between(-3600, 3600)};
    controller.up = true;
  });
}

void Controllers::next_crash(Controller& controller) {
  scheduler_.after(std::chrono::minutes{prng_.between(30, 600)}, [this, &controller] {
    if (calm_) return;
    if (controller.up) crash(controller);
    next_crash(controller);
  });
}

void Controllers::next_split(Controller& controller) {
  scheduler_.after(std::chrono::minutes{prng_.between(10, 300)}, [this, &controller] {
    if (calm_) return;
    marks_.hit(Mark::link_split);
    controller.linked = false;
    tell_link(controller);
    scheduler_.after(std::chrono::seconds{prng_.between(20, 5400)}, [this, &controller] {
      controller.linked = true;
      tell_link(controller);
      next_split(controller);
    });
  });
}

}  // namespace bayward::sim
