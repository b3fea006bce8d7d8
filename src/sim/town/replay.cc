#include "sim/town/replay.h"

#include <algorithm>
#include <cstdio>

#include "base/zone.h"
#include "sim/town/replay_run.h"

namespace bayward::town {
namespace {

constexpr Duration setup_time{20s};  // of the machine
constexpr Duration slot = replay_slot;
constexpr Duration booked_before{45min};
constexpr Duration booked_at_least{2h};  // nobody drives out for a minute; leaving early gives the rest back

Instant slot_floor(Instant at) {
  return Instant{std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()) / slot * slot};
}
Instant slot_ceil(Instant at) {
  const Instant floor = slot_floor(at);
  return floor < at ? floor + slot : floor;
}

}  // namespace

Task<> Replay::live(Connector& connector) {
  for (Row* row : connector.rows) {
    if (stop_) co_return;
    co_await replay_row(connector, *row);
  }
}

Task<> Replay::replay_row(Connector& connector, Row& row) {
  const RecordedSession& recorded = *row.recorded;
  ChargePoint& point = *connector.post->point;
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
        object({{"bay", text(connector.bay)},
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
  ChargePoint& point = *connector.post->point;
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
  const Instant limit = time().now() + time().in_real_time(replay_patience);
  std::string phase;
  while (time().now() < limit && !stop_) {
    const ApiAnswer answer = co_await connector.driver->phone->get("/bookings/" + row.booking);
    phase = text_of(answer.body, "phase");
    if (phase == "closed" && connector.post->point->link().idle()) {
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
  const Instant limit = time().now() + time().in_real_time(replay_patience);
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

namespace {

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
