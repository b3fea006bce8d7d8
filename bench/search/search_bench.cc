// Searches per second on one thread: `search_bench SECONDS`. 100,000 bays, 500,000 bookings; each search asks for the
// 20 nearest free bays with a charger for a random two-hour window at a random place in the city.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "common/city.h"
#include "core/recommend/search.h"

namespace bayward::bench {
namespace {

// Keeps nothing: the state is what is measured.
class NoJournal final : public Journal {
 public:
  Position last_position() const override { return last_; }
  JournalResult<Done> append(Position, const std::vector<JournalRecord>& records) override {
    last_ += records.size();
    return Done{};
  }
  JournalResult<Done> read(Position, const std::function<bool(const JournalRecord&)>&) override { return Done{}; }
  JournalResult<Snapshot> newest_snapshot() override { return Snapshot{}; }
  JournalResult<Done> save_snapshot(const Snapshot&) override { return Done{}; }

 private:
  Position last_ = 0;
};

int run(double seconds) {
  NoJournal journal;
  Engine engine(journal);
  CityPlan plan;
  const City city = build_city(engine, journal, plan);
  Prng prng(7);
  int64_t booked = 0;
  while (booked < 500'000) {
    for (int i = 0; i < 1000; ++i) {
      engine.submit({core::Actor{}, random_booking(city, plan, prng), std::nullopt},
                    [&](const Outcome& outcome) { booked += outcome.ok() ? 1 : 0; });
    }
    pump(engine, journal, plan.start);
  }
  std::fprintf(stderr, "%lld bookings made\n", static_cast<long long>(booked));

  int64_t searches = 0;
  int64_t found = 0;
  const auto begun = std::chrono::steady_clock::now();
  double took = 0;
  while (took < seconds) {
    for (int i = 0; i < 256; ++i) {
      core::SearchRequest request;
      request.destination = {city.south_west.latitude_e6 + static_cast<int32_t>(prng.below(300'000)),
                             city.south_west.longitude_e6 + static_cast<int32_t>(prng.below(300'000))};
      request.wish.span.start = plan.start + std::chrono::minutes{15 * static_cast<int64_t>(4 + prng.below(30 * 96))};
      request.wish.span.end = request.wish.span.start + 2h;
      request.radius_m = 50'000;
      request.charger_needed = true;
      request.with_price = false;
      found += static_cast<int64_t>(core::search(engine.state(), request, plan.start).size());
    }
    searches += 256;
    took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }
  std::fprintf(stderr, "%lld searches, %.2f bays each\n", static_cast<long long>(searches),
               static_cast<double>(found) / static_cast<double>(searches));
  std::printf("%.0f\n", static_cast<double>(searches) / took);
  std::fflush(stdout);
  std::_Exit(0);
}

}  // namespace
}  // namespace bayward::bench

int main(int argc, char** argv) {
  return bayward::bench::run(argc > 1 ? std::atof(argv[1]) : 5);
}
