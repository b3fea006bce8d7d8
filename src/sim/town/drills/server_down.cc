#include "sim/town/drills/server_down.h"

#include <algorithm>
#include <list>

#include "sim/town/drills/drill_steps.h"

namespace bayward::town {
namespace {

constexpr size_t cars_wanted = 4;
constexpr Duration slot{15min};
constexpr Duration settle_patience{60s};

// A car of this drill: who, where, and what the bay's own meter said before and after.
struct Guest {
  Driver* driver = nullptr;
  OwnBay* bay = nullptr;
  Place* place = nullptr;
  std::string booking;
  int64_t before_mwh = 0;
  int64_t after_mwh = 0;
};

int64_t meter_mwh(const OwnBay& bay) {
  return bay.body().meter().import_mwh;
}

class ServerDown {
 public:
  ServerDown(DrillWorld& world, Stage& stage, Duration outage, AlarmWatch& watch, DrillReport& report)
      : world_(world), stage_(stage), outage_(outage), run_{world, watch, report}, watch_(watch), report_(report) {}

  Task<> play() {
    if (!co_await send_guests() || !co_await be_down() || !co_await come_back()) co_return;
    co_await check_books();
  }

 private:
  RealTownTime& time() { return stage_.time(); }

  Task<bool> send_guests() {
    for (OwnBay* bay : world_.field.field().bays()) {
      if (guests_.size() >= cars_wanted) break;
      if (co_await find_empty_bay(run_, bay->label())) (void)co_await send_guest();
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

  Task<bool> send_guest() {
    Guest guest{free_driver(world_), run_.bay, run_.place, {}, meter_mwh(*run_.bay), 0};
    if (!guest.driver) co_return false;
    const Instant end{(time().now().time_since_epoch() / slot + 12) * slot};
    const ApiAnswer held =
        co_await guest.driver->phone->post("/bookings", object({{"bay", text(guest.place->bay)},
                                                                {"vehicle", text(guest.driver->vehicle)},
                                                                {"end", text(end)},
                                                                {"energy_wh", number(30'000)},
                                                                {"kind", text("walk_up")}}));
    if (!held.ok()) {
      refused_ = held.why();
      co_return false;
    }
    guest.booking = text_of(held.body, "booking");
    guest.driver->busy = true;
    guest.place->car = guest.driver->plate;
    guest.bay->car_enters(guest.driver->plate, time().now());
    const Battery battery{60'000, 15'000, 11'000};
    guest.bay->plug_in(battery, time().now());
    co_await pause(time(), 1s);
    (void)co_await guest.driver->phone->post("/bookings/" + guest.booking + "/charge");
    OwnBay* bay = guest.bay;
    if (!co_await run_.wait([bay] { return bay->body().current_a() > 1; }, 20s, "no power at " + bay->label()))
      co_return false;
    guests_.push_back(guest);
    co_return true;
  }

  Task<bool> be_down() {
    stage_.kill_server();
    watch_.answered_by = "site controller";
    watch_.note("server killed", "SIGKILL, for " + std::to_string(outage_ / 1s) + " s");
    std::vector<int64_t> at_kill;
    at_kill.reserve(guests_.size());
    for (const Guest& guest : guests_) at_kill.push_back(meter_mwh(*guest.bay));
    const Instant up_again = time().now() + outage_;
    co_await pause(time(), outage_ / 3);
    if (!co_await alarm_meanwhile()) co_return false;
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

  // The last guest's bay gets an emergency stop: the garage hears of it without the server.
  Task<bool> alarm_meanwhile() {
    const Guest& guest = guests_.back();
    watch_.begin(*guest.bay, guest.place->bay);
    world_.field.field().attend(*guest.bay);
    guest.bay->body().faults.emergency_stop = true;
    AlarmWatch& watch = watch_;
    const bool told = co_await run_.wait([&watch] { return watch.everybody_told(); }, 10s,
                                         "the gateways were not told while the server was down");
    guest.bay->body().faults.emergency_stop = false;
    co_await pause(time(), 1s);
    guest.bay->agent().clear(bay::safety::Remedy::staff);
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
    if (!co_await run_.wait([&stage] { return stage.server_listens(); }, settle_patience,
                            "the server did not come back"))
      co_return false;
    watch_.note("server listens");
    co_await pause(time(), 5s);
    for (Guest& guest : guests_) leave(guest);
    watch_.note("all cars left");
    co_return true;
  }

  Task<> check_books() {
    for (Guest& guest : guests_) {
      const Instant limit = time().now() + settle_patience;
      ApiAnswer invoice;
      do {
        co_await pause(time(), 500ms);
        invoice = co_await guest.driver->phone->get("/bookings/" + guest.booking + "/invoice");
      } while (!invoice.ok() && time().now() < limit);
      if (!compare(guest, invoice)) co_return;
    }
    watch_.note("books agree", std::to_string(guests_.size()) + " invoices, each with its meter's energy, once");
    const ApiAnswer stats = co_await world_.community.operator_desk().get("/stats");
    if (integer_of(stats.body, "ledger_sum") != 0 || integer_of(stats.body, "overlaps") != 0)
      report_.trouble = "the books: " + to_text(stats.body);
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
    if (invoice.ok() && std::abs(billed_mwh - metered_mwh) <= 1000) return true;
    report_.trouble = "bay " + guest.bay->label() + ": the meter gave " + std::to_string(metered_mwh) +
                      " mWh, billed were " + (invoice.ok() ? std::to_string(billed_mwh) + " mWh" : invoice.why());
    return false;
  }

  DrillWorld& world_;
  Stage& stage_;
  Duration outage_;
  DrillRun run_;
  AlarmWatch& watch_;
  DrillReport& report_;
  std::vector<Guest> guests_;
  std::string refused_;
};

}  // namespace

Task<DrillReport> run_server_down(DrillWorld& world, Stage& stage, Duration outage) {
  DrillReport report;
  report.name = server_down;
  AlarmWatch watch(world.io, world.time, world.field, {world.server_port, world.community.operator_desk().token()});
  ServerDown drill(world, stage, outage, watch, report);
  co_await drill.play();
  report.timeline = watch.timeline;
  co_return report;
}

}  // namespace bayward::town
