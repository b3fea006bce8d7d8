// The inside of a replay, for replay.cc and replay_build.cc: one recorded place built anew, its cars, and what is
// compared. The town's thread.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/town/replay_report.h"
#include "sim/town/stage.h"
#include "sim/town/street.h"

namespace bayward::town {

inline constexpr Duration replay_slot{5min};  // the site's unit: the finest, so that cars may follow each other closely
inline constexpr Duration replay_patience{20s};  // of the machine, for one step of a row

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
  Post* post = nullptr;
  std::string bay;  // the platform's id
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
        street_(stage.io(), stage.time(), stage.door()) {
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
    const Instant limit = time().now() + time().in_real_time(replay_patience);
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

}  // namespace bayward::town
