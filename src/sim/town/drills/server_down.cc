#include "sim/town/drills/server_down.h"

#include <algorithm>
#include <functional>
#include <list>

#include "sim/town/drills/drill_steps.h"

namespace bayward::town {
namespace {

constexpr size_t cars_wanted = 4;
constexpr Duration slot{15min};
constexpr int tries_max = 10;
constexpr Duration settle_patience{60s};  // of the machine
constexpr Duration listen_patience{60s};  // the same

// A car of this drill: who, where, and what the bay's own meter said before and after.
struct Guest {
  Driver* driver = nullptr;
  OwnBay* bay = nullptr;
  Place* place = nullptr;
  std::string booking;
  int64_t before_mwh = 0;
  int64_t after_mwh = 0;
};

// A hold that was taken on the local network.
struct Held {
  Driver* driver = nullptr;
  std::string bay;  // the platform's id
  Instant at{};
};

int64_t meter_mwh(const OwnBay& bay) {
  return bay.body().meter().import_mwh;
}

class ServerDown {
 public:
  ServerDown(DrillWorld& world, Stage& stage, Duration outage, AlarmWatch& watch, DrillReport& report)
      : world_(world),
        stage_(stage),
        outage_(world.time.in_real_time(outage)),
        run_{world, watch, report},
        watch_(watch),
        report_(report) {}

  Task<> play(std::function<void()> town_lives) {
    if (!co_await send_guests()) co_return;
    town_lives();
    if (!co_await be_down() || !co_await come_back()) co_return;
    co_await check_books();
  }

 private:
  RealTownTime& time() { return stage_.time(); }

  Task<bool> send_guests() {
    for (OwnBay* bay : world_.field.field().bays()) {
      if (guests_.size() >= cars_wanted) break;
      if (!co_await find_empty_bay(run_, bay->label())) continue;
      Guest guest;
      if (co_await reserve(guest) && co_await charge(guest, guests_.empty())) guests_.push_back(guest);
    }
    report_.trouble.clear();
    report_.bay.clear();
    if (guests_.size() < 2) {
      report_.trouble = "fewer than two cars could be made to charge" + (refused_.empty() ? "" : ": " + refused_);
      co_return false;
    }
    watch_.note("cars charge", std::to_string(guests_.size()) + " at bays of ours, behind the site controller");
    co_return true;
  }

  // The bay that was found, for a driver who is free.
  Task<bool> reserve(Guest& guest) {
    Driver* driver = free_driver(world_);
    if (!driver) co_return false;
    const Instant end{(time().now().time_since_epoch() / slot + 12) * slot};
    const Json wish = object({{"bay", text(run_.place->bay)},
                              {"vehicle", text(driver->vehicle)},
                              {"end", text(end)},
                              {"energy_wh", number(30'000)},
                              {"kind", text("walk_up")}});
    ApiAnswer held = co_await driver->phone->post("/bookings", wish);
    for (int tries = 0; held.code == "site_decides" && tries < tries_max; ++tries) {
      co_await pause(time(), time().in_real_time(500ms));  // the slot was just being handed over
      held = co_await driver->phone->post("/bookings", wish);
    }
    if (!held.ok()) {
      refused_ = held.why();
      co_return false;
    }
    guest = {driver, run_.bay, run_.place, text_of(held.body, "booking"), meter_mwh(*run_.bay), 0};
    driver->busy = true;
    guest.place->car = driver->plate;
    co_return true;
  }

  Task<bool> charge(Guest& guest, bool by_card) {
    guest.bay->car_enters(guest.driver->plate, time().now());
    const Battery battery{60'000, 15'000, 11'000};
    guest.bay->plug_in(battery, time().now());
    co_await pause(time(), std::max(Duration{5s}, time().in_real_time(200ms)));
    if (by_card) {
      guest.bay->show_card(guest.driver->card, time().now());
    } else {
      (void)co_await guest.driver->phone->post("/bookings/" + guest.booking + "/charge");
    }
    OwnBay* bay = guest.bay;
    co_return co_await run_.wait([bay] { return bay->body().current_a() > 1; }, 2min, "no power at " + bay->label());
  }

  Task<bool> be_down() {
    stage_.kill_server();
    watch_.answered_by = "site controller";
    watch_.note("server killed", "SIGKILL, for " + std::to_string(outage_ / 1min) + " min of the town's time");
    std::vector<int64_t> at_kill;
    at_kill.reserve(guests_.size());
    for (const Guest& guest : guests_) at_kill.push_back(meter_mwh(*guest.bay));
    const Instant up_again = time().now() + outage_;
    if (!co_await charge_anew(guests_.front())) co_return false;
    if (!co_await hold_meanwhile("early hold")) co_return false;
    co_await until(time(), std::max(time().now(), up_again - outage_ * 2 / 3));
    if (!co_await alarm_meanwhile() || !co_await hold_meanwhile("late hold")) co_return false;
    // One driver has enough and pulls the plug: that end, too, must reach the books.
    leave(guests_.front());
    watch_.note("a car leaves", "bay " + guests_.front().bay->label() + ", with nobody to bill it yet");
    co_await until(time(), up_again);
    size_t more = 0;
    for (size_t i = 0; const Guest& guest : guests_) more += meter_mwh(*guest.bay) > at_kill[i++] ? 1 : 0;
    watch_.note("charging went on", std::to_string(more) + " of " + std::to_string(guests_.size()) + " cars");
    if (more != guests_.size()) report_.trouble = "a car was not given power while the server was down";
    co_return !run_.failed();
  }

  // By card a session ends and, with the server dead, the next one begins: the bay knows the card.
  Task<bool> charge_anew(Guest& guest) {
    OwnBay* bay = guest.bay;
    bay->show_card(guest.driver->card, time().now());
    if (!co_await run_.wait([bay] { return !bay->charging(); }, 2min, "the card did not stop bay " + bay->label()))
      co_return false;
    bay->unplug(time().now());
    co_await pause(time(), std::max(Duration{5s}, time().in_real_time(200ms)));
    bay->plug_in(Battery{60'000, 20'000, 11'000}, time().now());
    co_await pause(time(), std::max(Duration{5s}, time().in_real_time(200ms)));
    bay->show_card(guest.driver->card, time().now());
    if (!co_await run_.wait([bay] { return bay->body().current_a() > 1; }, 2min, "no new session at " + bay->label()))
      co_return false;
    watch_.note("charging begins", "bay " + bay->label() + ", a new session by card, with the server dead");
    co_return true;
  }

  // Somebody on the spot takes a bay on the page of the local network; the next one is told that it is taken.
  Task<bool> hold_meanwhile(std::string mark) {
    Driver* driver = free_driver(world_);
    Driver* other = nullptr;
    for (Driver& one : world_.community.drivers()) {
      if (!one.busy && &one != driver) other = &one;
    }
    if (!driver || !other) {
      report_.trouble = "no two drivers are free to hold a bay";
      co_return false;
    }
    driver->busy = other->busy = true;  // who holds a bay holds no other
    co_await hold_one(*driver, *other, std::move(mark));
    other->busy = false;
    co_return !run_.failed();
  }
  // Everybody here asks from one address: sometimes that is too often.
  Task<ApiAnswer> ask_for_hold(LanGuest& guest, Json wish) {
    ApiAnswer answer = co_await guest.post("/holds", wish);
    for (int tries = 0; answer.status == 429 && tries < tries_max; ++tries) {
      co_await pause(time(), std::max(Duration{10s}, time().in_real_time(50ms)));
      answer = co_await guest.post("/holds", wish);
    }
    co_return answer;
  }
  Task<> hold_one(Driver& driver, Driver& other, std::string mark) {
    const auto guest = world_.site.new_guest();
    const auto second = world_.site.new_guest();
    report_.trouble = co_await world_.site.log_in(*guest, driver.login.phone);
    if (!run_.failed()) report_.trouble = co_await world_.site.log_in(*second, other.login.phone);
    if (run_.failed()) co_return;
    std::string refused;
    for (OwnBay* bay : world_.field.field().bays()) {
      if (!co_await find_empty_bay(run_, bay->label())) continue;
      const Json wish = object({{"bay", text(run_.place->bay)}});
      const ApiAnswer held = co_await ask_for_hold(*guest, wish);
      if (!held.ok()) {
        refused += " " + bay->label() + ": " + held.why();
        continue;
      }
      report_.trouble.clear();
      holds_.push_back({&driver, run_.place->bay, time().now()});
      const ApiAnswer again = co_await ask_for_hold(*second, wish);
      if (again.status != 409) report_.trouble = "bay " + bay->label() + " was given twice: " + again.why();
      watch_.note(mark, "bay " + bay->label() + " on the local network; the next one is told " + again.why());
      co_return;
    }
    report_.trouble = "no bay could be held while the server was down:" + refused;
  }

  // The last guest's bay gets an emergency stop: the garage hears of it without the server.
  Task<bool> alarm_meanwhile() {
    const Guest& guest = guests_.back();
    watch_.begin(*guest.bay, guest.place->bay);
    world_.field.field().attend(*guest.bay);
    guest.bay->body().faults.emergency_stop = true;
    AlarmWatch& watch = watch_;
    const bool told = co_await run_.wait([&watch] { return watch.everybody_told(); }, 2min,
                                         "the gateways were not told while the server was down");
    guest.bay->body().faults.emergency_stop = false;
    for (int tries = 0; tries < 50 && !guest.bay->agent().safety().latched.empty(); ++tries) {
      co_await pause(time(), std::max(Duration{1s}, time().in_real_time(5ms)));
      guest.bay->agent().clear(bay::safety::Remedy::staff);
    }
    co_return told;
  }

  void leave(Guest& guest) {
    if (guest.place->car.empty()) return;
    guest.bay->unplug(time().now());
    guest.after_mwh = meter_mwh(*guest.bay);
    guest.bay->car_leaves(time().now());
    guest.place->car.clear();
    guest.driver->busy = false;
  }

  Task<bool> come_back() {
    if (const Status started = stage_.restart_server(); !started) {
      report_.trouble = started.error().message;
      co_return false;
    }
    watch_.note("server started again");
    Stage& stage = stage_;
    if (!co_await run_.wait([&stage] { return stage.server_listens(); }, time().in_real_time(listen_patience),
                            "the server did not come back"))
      co_return false;
    watch_.note("server listens");
    co_await pause(time(), time().in_real_time(5s));
    for (Guest& guest : guests_) leave(guest);
    watch_.note("all cars left");
    co_return true;
  }

  Task<> check_books() {
    for (Guest& guest : guests_) {
      const Instant limit = time().now() + time().in_real_time(settle_patience);
      ApiAnswer invoice;  // final when all that the site has kept of this visit has come
      do {
        co_await pause(time(), time().in_real_time(500ms));
        invoice = co_await guest.driver->phone->get("/bookings/" + guest.booking + "/invoice");
      } while (!is_final(invoice) && time().now() < limit);
      if (!compare(guest, invoice)) co_return;
    }
    watch_.note("books agree", std::to_string(guests_.size()) + " invoices, each with its meter's energy, once");
    for (const Held& held : holds_) {
      if (!co_await is_booked_once(held)) co_return;
      held.driver->busy = false;
    }
    watch_.note("holds agree", std::to_string(holds_.size()) + " holds of the local network are in the books, once");
  }

  Task<bool> is_booked_once(const Held& held) {
    size_t found = 0;
    const ApiAnswer bookings = co_await held.driver->phone->get("/me/bookings?limit=100");
    for (const Json& booking : items_of(bookings.body)) {
      const auto start = instant_of(booking, "start");
      const bool then = start && *start <= held.at && held.at < *start + slot;
      found += text_of(booking, "bay") == held.bay && then ? 1 : 0;
    }
    if (found == 1) co_return true;
    report_.trouble = "the hold of " + held.driver->plate + " is " + std::to_string(found) + " times in the books";
    co_return false;
  }

  static bool is_final(const ApiAnswer& invoice) {
    const bool* final = member(invoice.body, "final").as_boolean();
    return invoice.ok() && final != nullptr && *final;
  }

  bool compare(const Guest& guest, const ApiAnswer& invoice) {
    int64_t billed_mwh = 0;
    if (const Json::Array* lines = member(member(invoice.body, "invoice"), "lines").as_array()) {
      for (const Json& line : *lines) {
        if (text_of(line, "kind") == "energy") billed_mwh += integer_of(line, "quantity");
      }
    }
    const int64_t metered_mwh = guest.after_mwh - guest.before_mwh;
    // The register is told in Wh with a few decimals; a session begins and ends with what it showed.
    if (is_final(invoice) && std::abs(billed_mwh - metered_mwh) <= 1000) return true;
    report_.trouble = "bay " + guest.bay->label() + ": the meter gave " + std::to_string(metered_mwh) +
                      " mWh, billed were " + (invoice.ok() ? std::to_string(billed_mwh) + " mWh" : invoice.why()) +
                      (invoice.ok() && !is_final(invoice) ? ", and the bill isn't final" : "");
    return false;
  }

  DrillWorld& world_;
  Stage& stage_;
  Duration outage_;
  DrillRun run_;
  AlarmWatch& watch_;
  DrillReport& report_;
  std::vector<Guest> guests_;
  std::vector<Held> holds_;
  std::string refused_;
};

}  // namespace

Task<DrillReport> run_server_down(DrillWorld& world, Stage& stage, Duration outage, std::function<void()> town_lives) {
  DrillReport report;
  report.name = server_down;
  AlarmWatch watch(world.io, world.time, world.field, world.far_ends,
                   {world.server_port, world.community.operator_desk().token()});
  ServerDown drill(world, stage, outage, watch, report);
  co_await drill.play(std::move(town_lives));
  report.timeline = watch.timeline;
  co_return report;
}

}  // namespace bayward::town
