#include "sim/det/simulation.h"

#include <memory>

#include "sim/det/alarms.h"
#include "sim/det/town.h"

namespace bayward::sim {
namespace {

// A while before a clock change somewhere, or an ordinary day.
Instant any_start(Prng& prng) {
  static constexpr const char* starts[] = {"2026-03-28T14:00:00Z", "2026-10-24T14:00:00Z", "2026-04-04T06:00:00Z",
                                           "2026-10-03T06:00:00Z", "2026-03-07T20:00:00Z", "2026-10-31T20:00:00Z",
                                           "2026-06-01T05:00:00Z", "2026-12-31T12:00:00Z"};
  return *parse_rfc3339(starts[prng.below(std::size(starts))]) + std::chrono::seconds{prng.between(0, 3600)};
}

uint64_t mixed(uint64_t hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3ULL;
  return hash;
}

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options) : options_(options), prng_(options.seed) {
    profile_ = draw_profile(prng_);
    scheduler_ = std::make_unique<Scheduler>(any_start(prng_));
  }

  SimulationReport run() {
    found();
    if (!report_.problems.any()) live();
    if (!report_.problems.any()) rest();
    if (options_.trace) tell_records();
    report_.seed = options_.seed;
    report_.steps = scheduler_->steps();
    report_.records = machine_->journal().last_position();
    report_.bookings = checkers_->model().bookings.size();
    report_.sessions = checkers_->model().sessions.size();
    report_.town = std::to_string(profile_.sites * profile_.bays_per_site) + " bays, " +
                   std::to_string(profile_.drivers) + " drivers, sagas " +
                   (profile_.engine.chain_sagas ? "in one record" : "step by step");
    return std::move(report_);
  }

 private:
  // The town is founded in peace.
  void found() {
    checkers_ = std::make_unique<Checkers>(report_.problems, report_.marks);
    machine_ = std::make_unique<Machine>(*scheduler_, prng_, profile_, *checkers_, report_.problems, report_.marks);
    clients_ = std::make_unique<Clients>(*scheduler_, prng_, profile_, *machine_);
    controllers_ =
        std::make_unique<Controllers>(*scheduler_, prng_, profile_, *machine_, checkers_->near(), report_.marks);
    town_ = std::make_unique<Town>(*scheduler_, prng_, profile_, *machine_, *checkers_, *clients_, *controllers_);
    alarms_ = std::make_unique<Alarms>(*scheduler_, prng_, *clients_, checkers_->alarms());
    const FaultPlan trouble = std::exchange(profile_.disk, FaultPlan{});
    const uint32_t kills = std::exchange(profile_.kill_after_commit, 0);
    machine_->boot();
    town_->build();
    machine_->committed = [this] {
      town_->obey_stops();
      alarms_->send_due();
    };
    profile_.disk = trouble;
    profile_.kill_after_commit = kills;
  }

  void live() {
    town_->open();
    alarms_->open(town_->bay_ids(), town_->community());
    machine_->start_troubles();
    const uint64_t until = scheduler_->steps() + options_.steps_max;
    const uint64_t look_every = options_.steps_max / 4 + 1;
    uint64_t next_look = scheduler_->steps() + look_every;
    while (scheduler_->steps() < until && !report_.problems.any()) {
      scheduler_->run_one(scheduler_->now() + 24h);
      if (scheduler_->steps() >= next_look && machine_->quiet()) {
        machine_->compare("while running");
        next_look += look_every;
      }
    }
  }

  void tell_records() {
    FaultyJournal& journal = machine_->journal();
    journal.reopen();
    (void)journal.read(0, [&](const JournalRecord& record) {
      if (const auto body = decode(record.body)) options_.trace(to_json_line(record, *body));
      return true;
    });
  }

  void run_for(Duration length) {
    const Instant until = scheduler_->now() + length;
    while (!report_.problems.any() && scheduler_->run_one(until)) {
    }
  }

  // No more troubles, nobody comes: in a few days everything must have ended.
  void rest() {
    machine_->calm();
    profile_.lost = profile_.doubled = profile_.delayed = 0;
    controllers_->calm();
    town_->close();
    alarms_->calm();
    run_for(7 * 24h);
    if (report_.problems.any()) return;
    // A deadline may be passing at this very moment.
    const auto resting = [this] { return machine_->quiet() && town_->stations_told_all() && controllers_->told_all(); };
    for (int seconds = 0; seconds < 60 && !resting(); ++seconds) run_for(1s);
    if (report_.problems.any()) return;
    if (!resting()) {
      report_.problems.report("stuck", "the system doesn't come to rest");
      return;
    }
    machine_->compare("at the end");
    checkers_->at_rest(machine_->engine().state());
    if (profile_.clock_step_every == Duration{0} && profile_.stations_keep_order)
      town_->compare_meters(report_.problems);
    report_.hash = mixed(0xcbf29ce484222325ULL, machine_->engine().snapshot().body);
    const ChainHash chain = machine_->journal_hash();
    report_.hash = mixed(report_.hash, {reinterpret_cast<const char*>(chain.data()), chain.size()});
  }

  const SimulationOptions options_;
  Prng prng_;
  Profile profile_;
  SimulationReport report_;
  std::unique_ptr<Scheduler> scheduler_;
  std::unique_ptr<Checkers> checkers_;
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<Clients> clients_;
  std::unique_ptr<Controllers> controllers_;
  std::unique_ptr<Town> town_;
  std::unique_ptr<Alarms> alarms_;
};

}  // namespace

SimulationReport simulate(const SimulationOptions& options) {
  return Simulation(options).run();
}

}  // namespace bayward::sim
