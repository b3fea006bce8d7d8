#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "journal/telemetry/telemetry_store.h"
#include "journal/testing.h"

namespace bayward {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::TemporaryDirectory;

constexpr Duration patience = 30s;
constexpr StationId station{0x100000007};
constexpr SessionId session{0x100000009};
constexpr Instant start = from_unix_s(1'700'000'000);

struct Fixture {
  Fixture() { reopen(); }
  void reopen(TelemetryStore::Options options = {}) {
    store.reset();
    auto opened = TelemetryStore::open(directory.path(), clock, options);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    store = std::move(opened).value();
  }
  void record(Instant at, int64_t value, SessionId in = {}, uint8_t phase = 0, int32_t connector = 1) {
    const TelemetrySample sample{at, station, connector, in, Measure::power_import_w, phase, value};
    store->record({&sample, 1});
  }
  std::vector<TelemetryPoint> ask(TelemetryQuery query) {
    EXPECT_TRUE(store->wait_until_written(patience));
    query.station = station;
    query.measure = Measure::power_import_w;
    auto points = store->query(query);
    EXPECT_TRUE(points.ok()) << points.error().message;
    return std::move(points).value();
  }
  size_t samples() {
    size_t count = 0;
    for (const TelemetryPoint& point :
         ask({.during = {start - std::chrono::days{400}, start + std::chrono::days{400}}})) {
      count += point.samples;
    }
    return count;
  }

  TemporaryDirectory directory;
  FakeClock clock{start};
  std::unique_ptr<TelemetryStore> store;
};

TEST(Telemetry, CurveIsDownsampledToAtMostThePointsAskedFor) {
  Fixture fixture;
  for (int i = 0; i < 1000; ++i) fixture.record(start + i * 1s, i);
  const auto points = fixture.ask({.during = {start, start + 1000s}, .points_max = 10});
  ASSERT_EQ(points.size(), 10u);
  EXPECT_EQ(points[3].start, start + 300s);
  EXPECT_EQ(points[3].low, 300);
  EXPECT_EQ(points[3].high, 399);
  EXPECT_EQ(points[3].last, 399);
  EXPECT_EQ(points[3].mean, 349);
  EXPECT_EQ(points[3].samples, 100u);
  EXPECT_EQ(fixture.ask({.during = {start, start + 1000s}, .points_max = 1}).size(), 1u);
  EXPECT_EQ(fixture.ask({.during = {start + 10s, start + 13s}}).size(), 3u);
  EXPECT_LE(fixture.ask({.during = {start, start + 999s}, .points_max = 7}).size(), 7u);
}

TEST(Telemetry, QueriesNarrowBySessionConnectorAndPhase) {
  Fixture fixture;
  fixture.record(start, 1);
  fixture.record(start + 1s, 2, session);
  fixture.record(start + 2s, 3, session, 1);
  fixture.record(start + 3s, 4, session, 0, 2);
  const Interval all{start, start + 10s};
  EXPECT_EQ(fixture.ask({.during = all}).size(), 3u);
  EXPECT_EQ(fixture.ask({.during = all, .session = session}).size(), 2u);
  EXPECT_EQ(fixture.ask({.during = all, .session = session, .connector = 2}).size(), 1u);
  EXPECT_EQ(fixture.ask({.during = all, .phase = 1}).size(), 1u);
  EXPECT_THAT(fixture.ask({.during = {start - 10s, start}}), IsEmpty());
}

TEST(Telemetry, SampleSentTwiceIsStoredOnce) {
  Fixture fixture;
  for (int i = 0; i < 5; ++i) fixture.record(start, 7);
  EXPECT_EQ(fixture.samples(), 1u);
}

TEST(Telemetry, SurvivesReopening) {
  Fixture fixture;
  for (int i = 0; i < 100; ++i) fixture.record(start + i * 1s, i);
  fixture.reopen();
  EXPECT_EQ(fixture.samples(), 100u);
}

TEST(Telemetry, OldSamplesExpire) {
  Fixture fixture;
  fixture.reopen({.retention = 10h});
  for (int i = 0; i < 10; ++i) fixture.record(start + i * 1h, i);
  EXPECT_EQ(fixture.samples(), 10u);
  fixture.clock.set(start + 15h);
  fixture.record(start + 15h, 15);
  EXPECT_EQ(fixture.samples(), 6u);  // 5h..9h and 15h
}

TEST(Telemetry, SamplesOfAbsurdTimesAreRefusedAndCounted) {
  Fixture fixture;
  fixture.record(start + std::chrono::days{2}, 1);
  fixture.record(start - std::chrono::days{91}, 1);
  fixture.record(from_unix_ms(INT64_MIN), 1);
  fixture.record(from_unix_ms(INT64_MAX), 1);
  fixture.record(start, 1);
  EXPECT_EQ(fixture.samples(), 1u);
  EXPECT_EQ(fixture.store->counts().refused, 4u);
}

TEST(Telemetry, FullQueueDropsTheOldestAndCounts) {
  Fixture fixture;
  // A reader of the file that doesn't let go keeps the writer waiting.
  auto blocker = sqlite::Database::open(fixture.directory / "telemetry.db", {.mode = sqlite::OpenMode::read_write});
  auto held = std::make_optional(std::move(sqlite::Transaction::begin(*blocker)).value());
  std::vector<TelemetrySample> samples;
  constexpr size_t total = limits::telemetry_samples + limits::telemetry_batch + 1000;
  for (size_t i = 0; i < total; ++i) {
    samples.push_back({start + static_cast<int64_t>(i) * 1ms, station, 1, {}, Measure::power_import_w, 0, 1});
  }
  fixture.store->record(samples);
  const auto counts = fixture.store->counts();
  EXPECT_GE(counts.dropped, 1000u);
  EXPECT_EQ(counts.dropped + counts.waiting, total);
  held.reset();
  ASSERT_TRUE(fixture.store->wait_until_written(patience));
  EXPECT_EQ(fixture.store->counts().written + fixture.store->counts().dropped, total);
  EXPECT_EQ(fixture.ask({.during = {start + 1s * (total / 1000) - 1ms, start + 1h}, .points_max = 1}).size(), 1u)
      << "the newest is kept";
}

TEST(Telemetry, QueryWithoutStationOrWithAbsurdPointsIsRefused) {
  Fixture fixture;
  EXPECT_FALSE(fixture.store->query({.during = {start, start + 1s}}).ok());
  for (const size_t points : {size_t{0}, limits::telemetry_points + 1}) {
    auto refused = fixture.store->query({.during = {start, start + 1s}, .station = station, .points_max = points});
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message, HasSubstr("points must be 1 to"));
  }
}

TEST(Telemetry, IsRecordedAndAskedForFromManyThreads) {
  Fixture fixture;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&fixture, t] {
      for (int i = 0; i < 500; ++i) {
        fixture.record(start + i * 1s, i, {}, 0, t);
        if (i % 100 == 0) EXPECT_TRUE(fixture.store->query({.during = {start, start + 1h}, .station = station}).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fixture.samples(), 2000u);
}

}  // namespace
}  // namespace bayward
