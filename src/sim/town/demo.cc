#include "sim/town/demo.h"

#include <algorithm>
#include <cstdio>

#include "base/zone.h"
#include "net/http_server.h"
#include "sim/town/cameras.h"
#include "sim/town/drills/drill_desk.h"
#include "sim/town/drills/server_down.h"
#include "sim/town/garages/garage_file.h"
#include "sim/town/site/site_side.h"
#include "sim/town/stage.h"
#include "sim/town/summary.h"
#include "sim/town/trip.h"

namespace bayward::town {
namespace {

constexpr Duration day_begins{5h};    // local time; the night's last cars have left by then
constexpr Duration drills_begin{4h};  // after the day: every owner shares by then
constexpr Duration missed_after{30min};
constexpr Duration setup_time{10s};  // of the machine: accounts cost a password hash each
constexpr Duration horizon_spare{30min};
constexpr Duration horizon_max{24h};
constexpr const char* police_door = "police.listening";
constexpr double trips_per_bay = 2.2;  // more than find a place: pooled bays are in demand
constexpr Duration refresh_in_place{1s};
constexpr Duration refresh_lines{10s};
constexpr Duration settle_patience{60s};  // of the machine

// 05:00 of today in Berlin is 04:00 or 03:00 in UTC; the hour in between is no matter for a town.
Instant first_morning(Instant real_now) {
  return std::chrono::floor<std::chrono::days>(real_now) + day_begins - 1h;
}

class Demo {
 public:
  Demo(const DemoOptions& options, Stage& stage, Instant morning)
      : options_(options),
        stage_(stage),
        morning_(morning),
        out_(options.headless || !options.drill.empty() ? stderr : stdout),
        summary_(out_),
        garage_(two_floors(options.bays)),
        field_(stage.io(), stage.time(), garage_.levels.size(), Community::own_bays(garage_), options.speed,
               stage.door(), options.seed + 2),
        street_(stage.io(), stage.time(), stage.door()),
        community_(stage.io(), stage.time(), street_, field_, garage_, "127.0.0.1", stage.port(), options.seed),
        site_side_(stage.io(), stage.time(), street_, garage_, cameras()),
        world_{stage.time(), street_, Prng(options.seed + 1), {}, 0, false, {}, {}},
        drills_{stage.io(), stage.time(), field_,           community_,   world_,
                scope_,     site_side_,   stage.far_ends(), stage.port(), stage.server_door(police_door)},
        desk_(
            scope_, [this](DrillOrder order) { return run_drill(drills_, std::move(order)); }, cameras()) {
    street_.clock_told = [this](Instant now) { time().synchronise(now); };
    world_.at_entrance = [this](const std::string& plate, const Place& place) {
      site_side_.send_car(plate, place.label);
    };
  }

  Task<> play() {
    CommunityPlan plan;
    plan.drivers = options_.bays * 6 / 5;
    plan.controller = true;
    plan.handover_horizon = horizon(plan.handover_horizon);
    trouble_ = co_await community_.build(plan, stage_.operator_login());
    if (trouble_.empty()) trouble_ = co_await open_site();
    if (trouble_.empty()) co_await wake_up();
    if (!trouble_.empty()) co_return;
    say_welcome();
    if (!options_.drill.empty()) {
      co_await drill();
      co_await close();
      co_return;
    }
    scope_.start(live());
    scope_.start(show_summary());
    const Instant end = options_.minutes
                            ? std::max(morning_, time().now()) +
                                  time().in_real_time(Duration{static_cast<int64_t>(*options_.minutes * 60'000)})
                            : far_future;
    (void)co_await wait_until(world_, end);
    co_await close();
  }
  void close_early() { shut(); }

  DrillDesk& desk() { return desk_; }
  void set_drill_port(uint16_t port) { drill_port_ = port; }
  const DrillReport& drill_report() const { return report_; }
  const std::string& trouble() const { return trouble_; }
  const Json& final_stats() const { return stats_; }
  void print_trips() const;

 private:
  RealTownTime& time() { return stage_.time(); }
  FieldDoor::Look cameras() {
    return [this](std::string_view label) { return look_at(street_, field_.field(), label, time().now()); };
  }

  // A site that shall stand so long an outage has its slots so long before.
  Duration horizon(Duration usual) const {
    if (options_.drill != server_down) return usual;
    const Duration outage{static_cast<int64_t>(options_.outage_s * 1000 * options_.speed)};
    return std::clamp(std::chrono::ceil<std::chrono::minutes>(outage) + horizon_spare, usual, horizon_max);
  }

  Task<std::string> open_site() {
    const auto config = site_side_.prepare(stage_.data_directory(), stage_.port(), community_);
    if (!config) co_return config.error().message;
    if (const Status started = stage_.start_site(*config); !started) co_return started.error().message;
    site_side_.connect(stage_.door().port);
    co_return co_await site_side_.wait_until_in_charge();
  }

  void shut() {
    desk_.close();
    world_.closing = true;
    world_.closing_changed.announce();
  }

  Task<> drill() {
    if (options_.drill == server_down) {
      const Duration outage{static_cast<int64_t>(options_.outage_s * 1000)};
      report_ = co_await run_server_down(drills_, stage_, outage, [this] { scope_.start(live()); });
      co_return;
    }
    scope_.start(live());
    report_ = co_await run_drill(drills_, {options_.drill, options_.drill_bay});
  }

  Task<> wake_up() {
    street_.switch_on();
    field_.field().start();
    const auto up = [this] { return street_.all_accepted() && field_.field().all_online(); };
    const Instant limit = time().now() + time().in_real_time(30s);
    while (!up() && time().now() < limit) co_await pause(time(), time().in_real_time(100ms));
    if (!up()) trouble_ = "not all stations were accepted by the server";
  }

  void say_welcome() {
    std::fprintf(out_, "Bayward demo: %zu bays, %zu stations, %zu drivers at %s\n", options_.bays, stations(),
                 community_.drivers().size(), stage_.address().c_str());
    for (const Login& login : community_.logins()) {
      std::fprintf(out_, "  %-9s %-16s %s  password %s\n", login.role.c_str(), login.name.c_str(), login.phone.c_str(),
                   login.password.c_str());
    }
    std::fprintf(out_, "  API pages %s/docs, data in %s%s\n", stage_.address().c_str(), stage_.data_directory().c_str(),
                 options_.minutes || !options_.drill.empty() ? "" : "; stop with Ctrl-C");
    if (drill_port_ != 0)
      std::fprintf(out_, "  drills: bayward-sim drill overheat --drill-port %u (and `bayward-sim drill --help`)\n",
                   unsigned{drill_port_});
    std::fflush(out_);
  }

  size_t stations() const { return street_.posts() + field_.field().size(); }

  struct Departure {
    Instant at{};  // when the driver begins to look for a bay
    Instant arrival{};
    Trip trip;
  };
  // Who would have looked before the day began does so in its first hours, before coming.
  std::vector<Departure> departures(Instant day) {
    const Instant begin = day + day_begins;
    std::vector<Departure> out;
    for (const Trip& trip :
         plan_day(world_.random, static_cast<size_t>(static_cast<double>(options_.bays) * trips_per_bay))) {
      const Instant arrival = day + trip.arrival + (trip.arrival < day_begins ? 24h : 0h);
      Instant at = arrival - trip.lead;
      if (at < begin)
        at = begin + Duration{static_cast<int64_t>(
                         world_.random.below(static_cast<uint64_t>((arrival - begin).count()) / 2 + 1))};
      out.push_back({at, arrival, trip});
    }
    std::stable_sort(out.begin(), out.end(), [](const Departure& a, const Departure& b) { return a.at < b.at; });
    return out;
  }

  // Day after day: who sets out when, with whichever driver is free then.
  Task<> live() {
    const Instant first = std::chrono::floor<std::chrono::days>(morning_ + 1h) - 1h;
    for (Instant day = first; !world_.closing; day += 24h) {
      for (const Departure& departure : departures(day)) {
        if (departure.arrival + missed_after < time().now()) continue;  // the town began later in the day
        if (!co_await wait_until(world_, departure.at)) co_return;
        if (Driver* driver = some_free_driver()) {
          scope_.start(take_trip(world_, *driver, departure.trip, departure.arrival));
        }
      }
      if (!co_await wait_until(world_, day + day_begins + 24h)) co_return;
    }
  }

  Driver* some_free_driver() {
    std::vector<Driver*> free;
    for (Driver& driver : community_.drivers()) {
      if (!driver.busy) free.push_back(&driver);
    }
    return free.empty() ? nullptr : free[world_.random.below(free.size())];
  }

  Task<> look() {
    ApiClient& desk = community_.operator_desk();
    ApiAnswer stats = co_await desk.get("/stats");
    if (stats.ok()) stats_ = std::move(stats.body);
    ApiAnswer site = co_await desk.get("/sites/" + community_.site());
    if (site.ok()) site_ = std::move(site.body);
    const ApiAnswer incidents = co_await desk.get("/sites/" + community_.site() + "/incidents?limit=200");
    const auto& items = items_of(incidents.body);
    incidents_ = static_cast<size_t>(std::count_if(items.begin(), items.end(), [](const Json& incident) {
      return member(incident, "closed_at").kind() == Json::Kind::null;
    }));
  }

  Task<> show_summary() {
    const Duration pace = summary_.in_place() ? refresh_in_place : refresh_lines;
    while (!world_.closing) {
      co_await look();
      draw();
      (void)co_await wait_until(world_, time().now() + time().in_real_time(pace));
    }
  }

  void draw() {
    const auto counters = street_.counters();
    SummaryInput input{time().now(), time().speed(), site_, stats_};
    input.incidents = incidents_;
    for (const Place& place : street_.places()) input.cars += place.car.empty() ? 0 : 1;
    input.stations = stations();
    input.stations_online = street_.online() + field_.field().online();
    input.station_calls = counters.calls + field_.field().calls();
    input.errors = counters.errors + counters.timeouts + community_.counters().failed;
    input.gate = site_side_.gate();
    input.lamps_lit = site_side_.lamps().lit().size();
    summary_.show(input);
  }

  bool nobody_there() const {
    const Json& bays = member(site_, "bays");
    return integer_of(bays, "held") + integer_of(bays, "taken") + integer_of(bays, "charging") == 0;
  }

  // No new demand; everybody drives away; then what is still being settled is waited for.
  Task<> close() {
    shut();
    const Instant limit = time().now() + time().in_real_time(settle_patience);
    co_await world_.closing_changed.until(
        time(), [this] { return world_.under_way == 0; }, limit);
    int64_t position = -1;
    for (int calm = 0; calm < 3 && time().now() < limit;) {
      co_await pause(time(), time().in_real_time(200ms));
      co_await look();
      const int64_t now_at = integer_of(stats_, "journal_position");
      const bool still =
          now_at == position && integer_of(stats_, "projection_lag") == 0 && street_.idle() && field_.field().idle();
      calm = still && nobody_there() ? calm + 1 : 0;
      position = now_at;
    }
    draw();
    street_.hang_up();
    field_.field().stop();
  }

  const DemoOptions& options_;
  Stage& stage_;
  Instant morning_;
  std::FILE* out_;
  Summary summary_;
  Garage garage_;
  GarageField field_;
  Street street_;  // its places hold the field's bays
  Community community_;
  SiteSide site_side_;
  TripWorld world_;
  Json stats_;
  Json site_;
  size_t incidents_ = 0;
  std::string trouble_;
  DrillReport report_;
  uint16_t drill_port_ = 0;
  DrillWorld drills_;
  DrillDesk desk_;
  TaskScope scope_;  // last: its tasks use all of the above
};

void Demo::print_trips() const {
  const TripCounters& trips = world_.counters;
  const auto counters = street_.counters();
  std::fprintf(
      stderr,
      "trips: %llu begun, %llu booked, %llu found nothing, %llu parked, %llu charged, %llu without power, %llu "
      "in a wrong bay first, %llu found the bay taken\n",
      static_cast<unsigned long long>(trips.started), static_cast<unsigned long long>(trips.booked),
      static_cast<unsigned long long>(trips.nothing_found), static_cast<unsigned long long>(trips.parked),
      static_cast<unsigned long long>(trips.charged), static_cast<unsigned long long>(trips.power_refused),
      static_cast<unsigned long long>(trips.wrong_bays), static_cast<unsigned long long>(trips.bay_was_taken));
  const GateCounters& gate = site_side_.gate();
  std::fprintf(stderr, "entrance: %llu cars, %llu guided, %llu without a booking\n",
               static_cast<unsigned long long>(gate.cars), static_cast<unsigned long long>(gate.guided),
               static_cast<unsigned long long>(gate.no_booking));
  std::fprintf(stderr, "stations: %llu calls, %llu errors, %llu without answer, %llu connects; refusals:",
               static_cast<unsigned long long>(counters.calls), static_cast<unsigned long long>(counters.errors),
               static_cast<unsigned long long>(counters.timeouts), static_cast<unsigned long long>(counters.connects));
  for (const auto& [word, times] : trips.refusals) {
    std::fprintf(stderr, " %s %llu", word.c_str(), static_cast<unsigned long long>(times));
  }
  std::fprintf(stderr, "\n");
}

Json figures(const Json& stats) {
  Json::Object line;
  for (const char* name : {"bookings", "visits", "charging_sessions", "energy_wh", "billed_minor", "ledger_sum",
                           "overlaps", "unanswered_calls"}) {
    line.push_back({name, member(stats, name)});
  }
  return object(std::move(line));
}

// A script has no use for it, and two of them may run side by side.
std::unique_ptr<net::HttpServer> open_desk(const DemoOptions& options, Stage& stage, Demo& demo) {
  if (options.headless || !options.drill.empty()) return nullptr;
  net::HttpServerConfig config;
  config.port = options.drill_port;
  auto listening = net::HttpServer::listen({&stage.io()}, config, demo.desk(), nullptr);
  if (!listening) {
    std::fprintf(stderr, "bayward-sim: no drills in this demo: %s; choose another with --drill-port\n",
                 listening.error().message.c_str());
    return nullptr;
  }
  demo.set_drill_port((*listening)->port());
  return *std::move(listening);
}

bool sound(const Json& stats) {
  const auto zero = [&](const char* name) {
    return member(stats, name).as_number() != nullptr && member(stats, name).as_number()->is_zero();
  };
  return integer_of(stats, "bookings") > 0 && zero("ledger_sum") && zero("overlaps") && zero("unanswered_calls");
}

// With the server down the books are the point.
int print_drill(const DemoOptions& options, DrillReport report, const Json& stats) {
  if (report.name == server_down) {
    report.books = figures(stats);
    if (report.trouble.empty() && !sound(stats)) report.trouble = "the books: " + to_text(report.books);
  }
  if (options.headless) {
    std::printf("%s\n", to_text(report.to_json()).c_str());
  } else {
    std::fputs(report.for_people().c_str(), stdout);
  }
  return report.trouble.empty() ? 0 : 1;
}

}  // namespace

int run_demo(const DemoOptions& options) {
  const Instant real_now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const Instant morning = first_morning(real_now) + (options.drill.empty() ? Duration{0} : drills_begin);
  StageOptions stage_options;
  stage_options.site_program = options.site_program;
  stage_options.server_program = options.server_program;
  stage_options.data_directory = options.data_directory;
  stage_options.far_ends = options.far_ends;
  stage_options.port = options.port;
  stage_options.speed = options.speed;
  stage_options.clock_start =
      morning - Duration{static_cast<int64_t>(static_cast<double>(setup_time.count()) * options.speed)};
  auto stage = Stage::set_up(stage_options);
  if (!stage) {
    std::fprintf(stderr, "bayward-sim: %s\n", stage.error().message.c_str());
    return 1;
  }
  Demo demo(options, **stage, morning);
  const auto desk = open_desk(options, **stage, demo);
  const bool completed = (*stage)->run(demo.play(), [&] {
    if (!options.drill.empty()) return (*stage)->io().stop();  // there is nothing to see through
    demo.close_early();
  });
  const bool stopped_cleanly = (*stage)->stop_server();
  if (!demo.trouble().empty()) std::fprintf(stderr, "bayward-sim: %s\n", demo.trouble().c_str());
  if (!stopped_cleanly) std::fprintf(stderr, "bayward-sim: the server did not stop by itself\n");
  if (!completed && (*stage)->was_interrupted()) return 130;
  if (!completed || !demo.trouble().empty() || !stopped_cleanly) return 1;
  demo.print_trips();
  if (!options.drill.empty()) return print_drill(options, demo.drill_report(), demo.final_stats());
  if (!options.minutes) return 0;
  if ((*stage)->was_interrupted()) return 130;
  if (options.headless) std::printf("%s\n", to_text(figures(demo.final_stats())).c_str());
  return sound(demo.final_stats()) ? 0 : 1;
}

}  // namespace bayward::town
