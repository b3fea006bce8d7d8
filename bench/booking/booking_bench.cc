// Durable bookings per second through engine and journal: `booking_bench DIRECTORY SECONDS CLIENTS`.
//
// Each client waits for the durable answer to its booking before it asks for the next, as a pgbench client does. One
// booking is the whole saga: slots taken, money held, confirmed.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "common/city.h"
#include "engine/runner.h"
#include "journal/sqlite/sqlite_journal.h"

namespace bayward::bench {
namespace {

class BenchClock : public Clock {
 public:
  explicit BenchClock(Instant at) : at_(at) {}
  Instant now() const override { return at_; }

 private:
  Instant at_;
};

struct Load {
  Engine& engine;
  const City& city;
  const CityPlan& plan;
  Prng prng{42};  // touched by the committing thread only, once running
  std::atomic<bool> running{true};
  std::atomic<int64_t> booked{0};
  std::atomic<int64_t> refused{0};
  std::atomic<int64_t> outstanding{0};

  void next() {
    engine.submit({core::Actor{}, random_booking(city, plan, prng), std::nullopt}, [this](const Outcome& outcome) {
      (outcome ? booked : refused).fetch_add(1, std::memory_order_relaxed);
      if (running.load(std::memory_order_relaxed)) {
        next();
      } else {
        outstanding.fetch_sub(1);
      }
    });
  }
};

int run(const char* directory, int seconds, int clients) {
  auto journal = sqlite::SqliteJournal::open(directory);
  if (!journal) {
    std::fprintf(stderr, "%s\n", journal.error().message.c_str());
    return 1;
  }
  Engine engine(**journal);
  if (!engine.recover()) return 1;
  CityPlan plan;
  const City city = build_city(engine, **journal, plan);
  std::fprintf(stderr, "city of %zu bays ready\n", city.bays.size());

  BenchClock clock(plan.start);
  EngineRunner::Options options;
  options.snapshot_every_records = ~0ULL;
  EngineRunner runner(engine, **journal, clock, options);
  Load load{engine, city, plan};
  load.outstanding = clients;
  for (int i = 0; i < clients; ++i) load.next();
  runner.start();
  const auto begun = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::seconds(seconds));
  const int64_t booked = load.booked.load();
  const int64_t refused = load.refused.load();
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  load.running = false;
  while (load.outstanding.load() > 0) std::this_thread::yield();
  std::fprintf(stderr, "%lld booked, %lld refused, %llu commits in %.1f s\n", static_cast<long long>(booked),
               static_cast<long long>(refused), static_cast<unsigned long long>(runner.commits()), took);
  std::printf("%.0f\n", static_cast<double>(booked) / took);
  std::fflush(stdout);
  std::_Exit(0);  // the state is big and the bench is over
}

}  // namespace
}  // namespace bayward::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: booking_bench DIRECTORY SECONDS CLIENTS\n");
    return 2;
  }
  return bayward::bench::run(argv[1], std::atoi(argv[2]), std::atoi(argv[3]));
}
