#include "sim/town/replay.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/zone.h"
#include "sim/town/replay_report.h"
#include "sim/town/stage.h"

namespace bayward::town {
namespace {

constexpr Duration setup_time{20s};  // of the machine
constexpr Duration slot{5min};       // the site's unit: the finest, so that cars may follow each other closely
constexpr Duration booked_before{45min};
constexpr Duration booked_at_least{2h};  // nobody drives out for a minute; leaving early gives the rest back
constexpr Duration patience{20s};        // of the machine, for one step of a row
constexpr size_t connectors_per_driver = 8;

Instant slot_floor(Instant at) {
  return Instant{std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()) / slot * slot};
}
Instant slot_ceil(Instant at) {
  const Instant floor = slot_floor(at);
  return floor < at ? floor + slot : floor;
}

struct ReplayDriver {
  Login login;
  std::unique_ptr<ApiClient> phone;
  std::string account;
};

// One connector with the bay in front of it and the car that comes there again and again.
struct Connector {
  std::string charger;
  int32_t number = 1;
  std::vector<Row*> rows;  // by start
  Place* place = nullptr;
  ReplayDriver* driver = nullptr;
  std::string vehicle;
  std::string plate;
  std::string card;
};

class Replay {
 public:
  Replay(Stage& stage, const Recording& recording, std::vector<Row>& rows, Interval days)
      : stage_(stage),
        recording_(recording),
        rows_(rows),
        days_(days),
        street_(stage.io(), stage.time(), "127.0.0.1", stage.port()) {
    street_.clock_told = [this](Instant now) { time().synchronise(now); };
    for (Row& row : rows_) {
      if (!row.recorded->defect.empty()) {
        reject(row, row.recorded->defect);
        continue;
      }
      Connector& connector = connectors_[{row.recorded->charger, row.recorded->connector}];
      connector.charger = row.recorded->charger;
      connector.number = row.recorded->connector;
      connector.rows.push_back(&row);
    }
  }

  Task<> play() {
    if (!co_await build()) co_return;
    for (auto& [key, connector] : connectors_) scope_.start(live(connector));
    scope_.start(tell());
    while (scope_.running() > 1 && !stop_) co_await pause(time(), time().in_real_time(200ms));
    stop_ = true;
    // Days have passed on the server's clock: the first session is over.
    const Login& login = stage_.operator_login();
    (void)co_await operator_->log_in(login.phone, login.password);
    const Instant limit = time().now() + time().in_real_time(patience);
    while (time().now() < limit) {
      const ApiAnswer stats = co_await operator_->get("/stats");
      stats_ = stats.body;
      if (street_.idle() && integer_of(stats_, "projection_lag") == 0) break;
      co_await pause(time(), time().in_real_time(200ms));
    }
    street_.hang_up();
  }
  void give_up() { stop_ = true; }
  const std::string& trouble() const { return trouble_; }
  const Json& stats() const { return stats_; }

 private:
  RealTownTime& time() { return stage_.time(); }

  static void reject(Row& row, std::string reason) {
    row.outcome = Row::Outcome::rejected;
    row.reason = std::move(reason);
  }
  static void mismatch(Row& row, std::string reason) {
    row.outcome = Row::Outcome::mismatched;
    row.reason = std::move(reason);
  }

  bool check(const ApiAnswer& answer, const std::string& what) {
    if (!answer.ok() && trouble_.empty()) trouble_ = what + ": " + answer.why() + " " + text_of(answer.body, "detail");
    return answer.ok();
  }

  std::unique_ptr<ApiClient> new_phone() {
    return std::make_unique<ApiClient>(stage_.io(), "127.0.0.1", stage_.port(), counters_);
  }

  Task<bool> build();
  Task<bool> found_site();
  Task<bool> build_chargers();
  Task<bool> build_bay(Connector* connector, Post* post);
  Task<bool> welcome_drivers();
  Task<bool> equip(Connector* connector);

  Task<> live(Connector& connector);
  Task<> replay_row(Connector& connector, Row& row);
  Task<bool> book(Connector& connector, Row& row, Instant* booked_end);
  Task<bool> start_charging(Connector& connector, Row& row);
  Task<> declare_again(Connector& connector, const Row& row, Instant booked_end);
  Task<> compare(Connector& connector, Row& row);
  Task<bool> settled(Connector& connector, Row& row);
  Task<> tell();

  Stage& stage_;
  const Recording& recording_;
  std::vector<Row>& rows_;
  Interval days_;
  ApiCounters counters_;
  Street street_;
  std::unique_ptr<ApiClient> operator_;
  std::string owner_;
  std::string site_;
  std::list<ReplayDriver> drivers_;
  std::map<std::pair<std::string, int32_t>, Connector> connectors_;
  std::string trouble_;
  Json stats_;
  bool stop_ = false;
  TaskScope scope_;  // last: its tasks use all of the above
};

// ---- the place that was recorded ----

Task<bool> Replay::build() {
  operator_ = new_phone();
  const Login& login = stage_.operator_login();
  if (!check(co_await operator_->log_in(login.phone, login.password), "operator's login")) co_return false;
  const ApiAnswer owner = co_await operator_->post("/accounts", object({{"phone", text("+491713920001")},
                                                                        {"name", text("Owner of the site")},
                                                                        {"password", text(new_password())},
                                                                        {"roles", Json::array({text("owner")})}}));
  owner_ = text_of(owner.body, "account");
  if (!check(owner, "the owner's account") || !co_await found_site() || !co_await build_chargers() ||
      !co_await welcome_drivers()) {
    co_return false;
  }
  street_.switch_on();
  const Instant limit = time().now() + time().in_real_time(patience);
  while (!street_.all_accepted() && time().now() < limit) co_await pause(time(), time().in_real_time(50ms));
  if (!street_.all_accepted()) trouble_ = "not all stations were accepted by the server";
  co_return trouble_.empty();
}

// The site's rules are as patient as rules can be: a machine that is busy for a second is late by an hour here, and
// what is tested is the bill. Messages carry the recorded times.
Task<bool> Replay::found_site() {
  const Json place = object({{"latitude", number(43)}, {"longitude", number(7)}});
  const int64_t day_s = 86'400;
  const Json rules = object({{"slot_unit_s", number(slot / 1s)},
                             {"early_arrival_s", number(day_s)},
                             {"no_show_grace_s", number(day_s)},
                             {"reallocation_lead_s", number(day_s)}});
  ApiAnswer answer = co_await operator_->post("/sites", object({{"name", text("Recorded")},
                                                                {"place", place},
                                                                {"currency", text("EUR")},
                                                                {"time_zone", text(recording_.time_zone)},
                                                                {"rules", rules},
                                                                {"community", text(owner_)}}));
  site_ = text_of(answer.body, "site");
  if (!check(answer, "the site")) co_return false;
  const auto rates = [](int64_t valley, int64_t flat, int64_t peak) {
    return object({{"valley", number(valley)}, {"flat", number(flat)}, {"peak", number(peak)}});
  };
  const auto rule = [](int64_t from, int64_t to, const char* period) {
    return object({{"start_minute", number(from)}, {"end_minute", number(to)}, {"period", text(period)}});
  };
  answer = co_await operator_->post(
      "/sites/" + site_ + "/tariffs",
      object({{"name", text("Time of use")},
              {"currency", text("EUR")},
              {"energy_rates", rates(140'000, 160'000, 240'000)},
              {"parking_rates", rates(10'000, 20'000, 30'000)},
              {"rules", Json::array({rule(22 * 60, 6 * 60, "valley"), rule(17 * 60, 20 * 60, "peak")})},
              {"overstay_rate_e4", number(100'000)}}));
  co_return check(answer, "the tariff");
}

Task<bool> Replay::build_chargers() {
  std::map<std::string, int32_t> evses;
  for (const auto& [key, connector] : connectors_) evses[key.first] = std::max(evses[key.first], key.second);
  size_t index = 0;
  for (const auto& [charger, count] : evses) {
    const std::string identity = "REC-" + charger;
    const ApiAnswer answer =
        co_await operator_->post("/sites/" + site_ + "/stations", object({{"identity", text(identity)}}));
    if (!check(answer, "station " + identity)) co_return false;
    ChargePointConfig config;
    config.identity = identity;
    config.evse_power_w = std::vector<int64_t>(static_cast<size_t>(count), 22'000);
    config.first_register_wh = 1'000'000 + static_cast<int64_t>(index) * 7'919;
    config.sample_s = 0;  // clock-aligned readings only: those are what a bill by time of use needs
    Post& post = street_.add_post(index++ % 2 == 0 ? OcppVersion::v16 : OcppVersion::v201, std::move(config),
                                  text_of(answer.body, "password"));
    post.identity = text_of(answer.body, "station");
    for (auto& [key, connector] : connectors_) {
      if (key.first == charger && !co_await build_bay(&connector, &post)) co_return false;
    }
  }
  co_return true;
}

Task<bool> Replay::build_bay(Connector* connector, Post* post) {
  Place place;
  place.label = connector->charger + "/" + std::to_string(connector->number);
  place.post = post;
  place.evse = connector->number;
  const Json charger = object({{"station", text(post->identity)},
                               {"evse", number(place.evse)},
                               {"connector", text("iec_62196_t2")},
                               {"power_max_w", number(22'000)}});
  ApiAnswer answer =
      co_await operator_->post("/sites/" + site_ + "/bays",
                               object({{"label", text(place.label)}, {"owner", text(owner_)}, {"charger", charger}}));
  if (!check(answer, "bay " + place.label)) co_return false;
  place.bay = text_of(answer.body, "bay");
  Json::Object week;
  for (const char* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}) {
    week.push_back({day, Json::array({Json::array({text("00:00"), text("24:00")})})});
  }
  const Date first{std::chrono::floor<std::chrono::days>(days_.start)};
  const Date last{std::chrono::floor<std::chrono::days>(days_.end)};
  answer = co_await operator_->post("/bays/" + place.bay + "/windows",
                                    object({{"week", object(std::move(week))},
                                            {"first_date", text(to_text(next_day(first, -7)))},
                                            {"last_date", text(to_text(next_day(last, 30)))}}));
  if (!check(answer, "the window of bay " + place.label)) co_return false;
  connector->place = &street_.add_place(std::move(place));
  co_return true;
}

Task<bool> Replay::welcome_drivers() {
  size_t index = 0;
  for (auto& [key, connector] : connectors_) {
    if (index++ % connectors_per_driver == 0) {
      ReplayDriver& driver = drivers_.emplace_back();
      driver.login = {"driver", "Driver", "+49171392000" + std::to_string(1 + drivers_.size()), new_password()};
      if (drivers_.size() > 8) driver.login.phone = "+4917139200" + std::to_string(1 + drivers_.size());
      driver.phone = new_phone();
      ApiAnswer answer = co_await driver.phone->post("/register", object({{"phone", text(driver.login.phone)},
                                                                          {"password", text(driver.login.password)},
                                                                          {"name", text(driver.login.name)}}));
      driver.account = text_of(answer.body, "account");
      if (!check(answer, "a driver's registration")) co_return false;
      answer = co_await driver.phone->log_in(driver.login.phone, driver.login.password);
      if (!check(answer, "a driver's login")) co_return false;
      answer = co_await operator_->post(
          "/accounts/" + driver.account + "/credits",
          object({{"amount", money(100'000'000, "EUR")}, {"reference", text("opening-" + driver.account)}}));
      if (!check(answer, "a driver's credit")) co_return false;
    }
    connector.driver = &drivers_.back();
    connector.plate = "REC" + std::to_string(1000 + index);
    connector.card = "RECCARD" + std::to_string(1000 + index);
    if (!co_await equip(&connector)) co_return false;
  }
  co_return true;
}

Task<bool> Replay::equip(Connector* connector) {
  ApiClient& phone = *connector->driver->phone;
  ApiAnswer answer = co_await phone.post(
      "/me/vehicles", object({{"plate", text(connector->plate)}, {"connector", text("iec_62196_t2")}}));
  connector->vehicle = text_of(answer.body, "vehicle");
  if (!check(answer, "a vehicle")) co_return false;
  answer = co_await phone.post("/me/tokens", object({{"token", text(connector->card)}}));
  co_return check(answer, "a card");
}

// ---- what happened there ----

Task<> Replay::live(Connector& connector) {
  for (Row* row : connector.rows) {
    if (stop_) co_return;
    co_await replay_row(connector, *row);
  }
}

Task<> Replay::replay_row(Connector& connector, Row& row) {
  const RecordedSession& recorded = *row.recorded;
  ChargePoint& point = *connector.place->post->point;
  const int32_t evse = connector.number;
  co_await until(time(), recorded.start - booked_before);
  Instant booked_end{};
  if (!co_await book(connector, row, &booked_end)) co_return;
  co_await until(time(), recorded.start);
  point.car_enters(evse, connector.plate, recorded.start);
  point.plug_in(evse, recorded_draw(recorded.energy_wh, recorded.charging), recorded.start);
  const bool powered = co_await start_charging(connector, row);
  if (powered) {
    co_await declare_again(connector, row, booked_end);
    co_await until(time(), recorded.end);
    point.stop(evse, StopReason::local, recorded.end);
  }
  point.unplug(evse, recorded.end);
  point.car_leaves(evse, recorded.end);
  co_await compare(connector, row);
}

// As declared when the car was plugged in, or as long as it was. The slot of the car before may reach into ours: then
// from the next one, and the car comes early.
Task<bool> Replay::book(Connector& connector, Row& row, Instant* booked_end) {
  const RecordedSession& recorded = *row.recorded;
  const Instant wanted_end = recorded.declarations.empty() ? recorded.end : recorded.declarations.front().departure;
  for (int tries = 0; tries < 24 && !stop_; ++tries) {
    const Instant start = slot_floor(std::max(recorded.start, time().now())) + tries * slot;
    *booked_end = std::max(slot_ceil(wanted_end), start + booked_at_least);
    const ApiAnswer answer = co_await connector.driver->phone->post_once(
        "/bookings",
        object({{"bay", text(connector.place->bay)},
                {"vehicle", text(connector.vehicle)},
                {"start", text(start)},
                {"end", text(*booked_end)},
                {"energy_wh", number(recorded.energy_wh)}}),
        "row-" + std::to_string(recorded.row) + "-" + std::to_string(tries));
    if (answer.ok()) {
      row.booking = text_of(answer.body, "booking");
      co_return true;
    }
    row.reason = "booking refused: " + answer.why();
    if (answer.code != "slot_taken" && answer.code != "in_the_past") break;
  }
  reject(row, row.reason.empty() ? "stopped" : row.reason);
  co_return false;
}

Task<bool> Replay::start_charging(Connector& connector, Row& row) {
  ChargePoint& point = *connector.place->post->point;
  const auto running = [&point, evse = connector.number] { return point.evse(evse).transaction != nullptr; };
  for (int tries = 0; tries < 10; ++tries) {
    co_await Callback<CardResult>([&](std::function<void(CardResult)> done) {
      point.present_card(connector.number, connector.card, row.recorded->start, std::move(done));
    });
    if (running()) co_return true;
    co_await pause(time(), time().in_real_time(300ms));
  }
  mismatch(row, "the charger gave no power");
  co_return false;
}

// Users change their declaration midway: they ask for more time. What can't be had is overstayed.
Task<> Replay::declare_again(Connector& connector, const Row& row, Instant booked_end) {
  for (const Declaration& declaration : row.recorded->declarations) {
    if (declaration.departure <= booked_end || declaration.said_at >= row.recorded->end) continue;
    co_await until(time(), declaration.said_at);
    booked_end = slot_ceil(declaration.departure);
    (void)co_await connector.driver->phone->post("/bookings/" + row.booking + "/extend",
                                                 object({{"end", text(booked_end)}}));
  }
}

Task<bool> Replay::settled(Connector& connector, Row& row) {
  const Instant limit = time().now() + time().in_real_time(patience);
  std::string phase;
  while (time().now() < limit && !stop_) {
    const ApiAnswer answer = co_await connector.driver->phone->get("/bookings/" + row.booking);
    phase = text_of(answer.body, "phase");
    if (phase == "closed" && connector.place->post->point->link().idle()) {
      const std::string end = text_of(answer.body, "end_reason");
      if (end != "completed") mismatch(row, "the booking ended as " + end);
      co_return end == "completed";
    }
    co_await pause(time(), time().in_real_time(50ms));
  }
  mismatch(row, "the booking was not settled, its phase is " + phase);
  co_return false;
}

Task<> Replay::compare(Connector& connector, Row& row) {
  if (!co_await settled(connector, row)) co_return;
  const Instant limit = time().now() + time().in_real_time(patience);
  ApiAnswer answer;
  do {
    answer = co_await connector.driver->phone->get("/bookings/" + row.booking + "/invoice");
    if (answer.ok()) break;
    co_await pause(time(), time().in_real_time(50ms));  // it is being filed
  } while (time().now() < limit);
  if (!answer.ok()) co_return mismatch(row, "no invoice: " + answer.why());
  const Json& invoice = member(answer.body, "invoice");
  if (const Json::Array* lines = member(invoice, "lines").as_array()) {
    for (const Json& line : *lines) {
      if (text_of(line, "kind") == "energy") row.billed_milliwh += integer_of(line, "quantity");
    }
  }
  if (row.outcome != Row::Outcome::waiting) co_return;
  if (row.billed_milliwh == row.recorded->energy_wh * 1000) {
    row.outcome = Row::Outcome::replayed;
    row.reason.clear();
  } else {
    mismatch(row, "billed " + std::to_string(row.billed_milliwh) + " mWh");
  }
}

Task<> Replay::tell() {
  while (!stop_) {
    co_await pause(time(), time().in_real_time(5s));
    const auto done =
        std::count_if(rows_.begin(), rows_.end(), [](const Row& row) { return row.outcome != Row::Outcome::waiting; });
    std::fprintf(stderr, "%s  %td of %zu rows, %zu of %zu stations online\n", to_rfc3339(time().now()).c_str(), done,
                 rows_.size(), street_.online(), street_.posts());
  }
}

bool balanced(const Json& stats) {
  return member(stats, "ledger_sum").as_number() && integer_of(stats, "ledger_sum") == 0 &&
         integer_of(stats, "overlaps") == 0 && integer_of(stats, "unanswered_calls") == 0;
}

int refuse(const std::string& message) {
  std::fprintf(stderr, "bayward-sim: %s\n", message.c_str());
  return 1;
}

}  // namespace

int run_replay(const ReplayOptions& options) {
  const auto recording = read_recording(options.file);
  if (!recording) return refuse(recording.error().message);
  Interval days{busiest_week(recording->sessions), {}};
  if (!options.from.empty()) {
    const auto date = parse_date(options.from);
    if (!date) return refuse("--from must be a date such as 2019-12-09");
    days.start = std::chrono::sys_days{*date};
  }
  days.end = days.start + options.days * 24h;
  std::vector<Row> rows;
  for (const RecordedSession& session : recording->sessions) {
    if (!days.contains(session.start)) continue;
    Row row;
    row.recorded = &session;
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return refuse("no session of the file starts in these days");

  StageOptions stage_options;
  stage_options.server_program = options.server_program;
  stage_options.data_directory = options.data_directory;
  stage_options.speed = options.speed;
  stage_options.clock_start =
      days.start - Duration{static_cast<int64_t>(static_cast<double>(setup_time.count()) * options.speed)};
  auto stage = Stage::set_up(stage_options);
  if (!stage) return refuse(stage.error().message);
  std::fprintf(stderr, "replaying %zu rows from %s on, %g times as fast, at %s\n", rows.size(),
               to_rfc3339(days.start).c_str(), options.speed, (*stage)->address().c_str());

  Replay replay(**stage, *recording, rows, days);
  const bool completed = (*stage)->run(replay.play(), [&replay] { replay.give_up(); });
  if (!replay.trouble().empty()) return refuse(replay.trouble());
  const Counts counts = report(rows);
  if (!options.report.empty()) {
    if (const Status written = write_report(options.report, rows); !written) return refuse(written.error().message);
  }
  std::printf("rows=%zu replayed=%zu rejected=%zu mismatched=%zu\n", rows.size(), counts.replayed, counts.rejected,
              counts.mismatched);
  const bool clean = (*stage)->stop_server();
  if (!balanced(replay.stats())) return refuse("the books: " + to_text(replay.stats()));
  return completed && clean && counts.mismatched == 0 ? 0 : 1;
}

}  // namespace bayward::town
