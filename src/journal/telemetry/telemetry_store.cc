#include "journal/telemetry/telemetry_store.h"

#include <algorithm>

#include "journal/sqlite/store.h"
#include "ports/log.h"

namespace bayward {

namespace {

using sqlite::SqlResult;

constexpr Duration latest_future = 24h;  // device clocks are wrong by zones, not by years
constexpr Duration gather = 200ms;       // small batches wait for company
constexpr Duration retry_after = 1s;
constexpr Duration expiry_every = 1h;
constexpr int series_per_step = 64;  // expired between two batches

constexpr sqlite::StoreFormat format{
    .what = "telemetry",
    .application_id = 0x42415954,  // "BAYT"
    .version = 1,
    .schema =
        "CREATE TABLE sample(station INTEGER NOT NULL, measure INTEGER NOT NULL, at INTEGER NOT NULL, "
        "connector INTEGER NOT NULL, phase INTEGER NOT NULL, session INTEGER NOT NULL, value INTEGER NOT NULL, "
        "PRIMARY KEY(station, measure, at, connector, phase)) STRICT, WITHOUT ROWID",
    .wal_autocheckpoint_pages = 4000,
    .durable = false,
};

// Samples in order of time, folded into points.
class Folder {
 public:
  Folder(const Interval& during, size_t points) : start_(unix_ms(during.start)) {
    const int64_t length = during.length().count();
    width_ = std::max<int64_t>(1, (length + static_cast<int64_t>(points) - 1) / static_cast<int64_t>(points));
  }

  void add(int64_t at, int64_t value) {
    const int64_t part = (at - start_) / width_;
    if (points_.empty() || part != part_) {
      finish();
      part_ = part;
      points_.push_back({from_unix_ms(start_ + part * width_), value, 0, value, value, 0});
    }
    TelemetryPoint& point = points_.back();
    point.low = std::min(point.low, value);
    point.high = std::max(point.high, value);
    point.last = value;
    ++point.samples;
    sum_ += value;
  }

  std::vector<TelemetryPoint> take() {
    finish();
    return std::move(points_);
  }

 private:
  void finish() {
    if (!points_.empty()) points_.back().mean = static_cast<int64_t>(sum_ / points_.back().samples);
    sum_ = 0;
  }

  const int64_t start_;
  int64_t width_ = 1;
  int64_t part_ = 0;
  __int128 sum_ = 0;
  std::vector<TelemetryPoint> points_;
};

}  // namespace

TelemetryStore::TelemetryStore(const std::filesystem::path& path, sqlite::Database database, const Clock& clock,
                               Options options)
    : path_(path),
      clock_(clock),
      options_(options),
      readers_(path, "read the telemetry"),
      database_(std::move(database)),
      thread_([this] { run(); }) {}

Result<std::unique_ptr<TelemetryStore>> TelemetryStore::open(const std::filesystem::path& directory, const Clock& clock,
                                                             Options options) {
  const std::filesystem::path path = directory / "telemetry.db";
  auto database = sqlite::open_store(path, format, {.mode = sqlite::OpenMode::create});
  if (!database.ok()) return fail(database.error().message);
  return std::unique_ptr<TelemetryStore>(new TelemetryStore(path, std::move(database).value(), clock, options));
}

TelemetryStore::~TelemetryStore() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void TelemetryStore::record(std::span<const TelemetrySample> samples) {
  const Instant now = clock_.now();
  bool first = false;  // the writer sleeps only while the queue is empty; then it gathers for a while
  {
    const std::lock_guard lock(mutex_);
    first = queue_.empty();
    for (const TelemetrySample& sample : samples) {
      if (sample.at < now - options_.retention || sample.at > now + latest_future) {
        ++counts_.refused;
        continue;
      }
      if (queue_.size() == limits::telemetry_samples) {
        queue_.pop_front();
        ++counts_.dropped;
      }
      queue_.push_back(sample);
    }
    first = first && !queue_.empty();
  }
  if (first) wake_.notify_one();
}

TelemetryStore::Counts TelemetryStore::counts() const {
  const std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.waiting = queue_.size() + in_work_;
  return counts;
}

bool TelemetryStore::wait_until_written(Duration limit) {
  std::unique_lock lock(mutex_);
  return written_.wait_for(lock, limit, [this] { return queue_.empty() && in_work_ == 0; });
}

void TelemetryStore::run() {
  while (take_batch()) {
    auto outcome = batch_.empty() ? SqlResult<Done>(Done{}) : write_batch();
    if (outcome.ok()) outcome = expire();
    report(outcome);
  }
}

// Waits for samples, a step of expiry, or the end; false at the end. A batch that could not be written stays for the
// next attempt, of which there is one more at the end.
bool TelemetryStore::take_batch() {
  std::unique_lock lock(mutex_);
  const bool retry = !batch_.empty();
  if (retry && stopping_) return false;
  if (retry) {
    wake_.wait_for(lock, retry_after, [this] { return stopping_; });
    return true;
  }
  if (!expiring_) wake_.wait_for(lock, expiry_every, [this] { return stopping_ || !queue_.empty(); });
  if (!stopping_ && queue_.size() < limits::telemetry_batch) wake_.wait_for(lock, gather, [this] { return stopping_; });
  if (stopping_ && queue_.empty()) return false;

  const size_t count = std::min(queue_.size(), limits::telemetry_batch);
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
  batch_.assign(queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
  in_work_ = count;
  return true;
}

SqlResult<Done> TelemetryStore::write_batch() {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction.ok()) return Failure{transaction.error()};
  for (const TelemetrySample& sample : batch_) {
    auto stored = database_.run("INSERT OR REPLACE INTO sample VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                                sample.station.value, sample.measure, unix_ms(sample.at), sample.connector,
                                sample.phase, sample.session.value, sample.value);
    if (!stored.ok()) return stored;
  }
  return transaction->commit();
}

// The series after the one looked at last; false when there is none.
SqlResult<bool> TelemetryStore::next_series() {
  auto rows = database_.query(
      "SELECT station, measure FROM sample WHERE (station, measure) > (?1, ?2) ORDER BY station, measure LIMIT 1",
      expiring_station_, expiring_measure_);
  if (!rows.ok()) return Failure{rows.error()};
  auto more = rows->next();
  if (!more.ok() || !*more) return more;
  expiring_station_ = static_cast<uint64_t>((*rows)->integer(0));
  expiring_measure_ = (*rows)->integer(1);
  return true;
}

// A few series at a time, so that a round never keeps samples waiting.
SqlResult<Done> TelemetryStore::expire() {
  const Instant now = clock_.now();
  if (!expiring_) {
    if (now - expired_at_ < expiry_every) return Done{};
    expired_at_ = now;
    expiring_ = true;
    expiring_station_ = 0;
    expiring_measure_ = 0;
  }
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction.ok()) return Failure{transaction.error()};
  for (int i = 0; i < series_per_step && expiring_; ++i) {
    auto more = next_series();
    if (!more.ok()) return Failure{more.error()};
    expiring_ = *more;
    if (!expiring_) break;
    auto deleted = database_.run("DELETE FROM sample WHERE station=?1 AND measure=?2 AND at < ?3", expiring_station_,
                                 expiring_measure_, unix_ms(now - options_.retention));
    if (!deleted.ok()) return deleted;
  }
  return transaction->commit();
}

void TelemetryStore::report(const SqlResult<Done>& outcome) {
  std::string trouble =
      outcome.ok() ? std::string() : sqlite::explain(outcome.error(), "write telemetry", path_).message;
  {
    const std::lock_guard lock(mutex_);
    if (!trouble.empty() && trouble != counts_.trouble) log::warn("telemetry.trouble", {{"what", trouble}});
    counts_.trouble = std::move(trouble);
    if (!outcome.ok()) return;
    counts_.written += in_work_;
    in_work_ = 0;
  }
  batch_.clear();
  written_.notify_all();
}

Result<std::vector<TelemetryPoint>> TelemetryStore::query(const TelemetryQuery& query) {
  if (!query.station) return fail("telemetry is asked for by station");
  if (query.points_max == 0 || query.points_max > limits::telemetry_points) {
    return fail("points must be 1 to " + std::to_string(limits::telemetry_points));
  }
  return readers_.read<std::vector<TelemetryPoint>>(
      [&query](sqlite::Database& database) -> SqlResult<std::vector<TelemetryPoint>> {
        const std::optional<uint64_t> session =
            query.session ? std::optional(query.session.value) : std::optional<uint64_t>{};
        auto rows = database.query(
            "SELECT at, value FROM sample WHERE station=?1 AND measure=?2 AND at >= ?3 AND at < ?4 AND phase=?5 "
            "AND (?6 IS NULL OR connector=?6) AND (?7 IS NULL OR session=?7) ORDER BY at",
            query.station.value, query.measure, unix_ms(query.during.start), unix_ms(query.during.end), query.phase,
            query.connector, session);
        if (!rows.ok()) return Failure{rows.error()};
        Folder folder(query.during, query.points_max);
        while (true) {
          auto more = rows->next();
          if (!more.ok()) return Failure{more.error()};
          if (!*more) return folder.take();
          folder.add((*rows)->integer(0), (*rows)->integer(1));
        }
      });
}

}  // namespace bayward
