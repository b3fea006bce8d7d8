// Telemetry in a SQLite file of its own (`telemetry.db`), written in batches by a thread of its own. Not synchronous:
// a power cut may cost the last seconds. Samples are kept clustered by station, measure and time, so that a curve is
// one run of pages and a sample sent twice is stored once.
//
// Everything may be called from any thread; open and destruction from one.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "journal/sqlite/database.h"
#include "journal/sqlite/read_pool.h"
#include "ports/clock.h"
#include "ports/telemetry.h"

namespace bayward {

class TelemetryStore final : public TelemetrySink, public TelemetryHistory {
 public:
  struct Options {
    Duration retention = std::chrono::days{90};
  };

  struct Counts {
    uint64_t written = 0;
    uint64_t dropped = 0;  // because the queue was full
    uint64_t refused = 0;  // older than the retention, or more than a day in the future
    size_t waiting = 0;
    std::string trouble;  // why nothing can be written at the moment; empty when all is well
  };

  // Fails when the file can't be opened; a later failure to write is retried, and shown in counts().
  static Result<std::unique_ptr<TelemetryStore>> open(const std::filesystem::path& directory, const Clock& clock,
                                                      Options options);
  // Writes what is waiting if it can.
  ~TelemetryStore() override;

  void record(std::span<const TelemetrySample> samples) override;
  Result<std::vector<TelemetryPoint>> query(const TelemetryQuery& query) override;

  Counts counts() const;
  // Waits until nothing is waiting; false when that took longer than `limit`.
  bool wait_until_written(Duration limit);

 private:
  TelemetryStore(const std::filesystem::path& path, sqlite::Database database, const Clock& clock, Options options);

  void run();
  bool take_batch();
  sqlite::SqlResult<Done> write_batch();
  sqlite::SqlResult<Done> expire();
  sqlite::SqlResult<bool> next_series();
  void report(const sqlite::SqlResult<Done>& outcome);

  const std::filesystem::path path_;
  const Clock& clock_;
  const Options options_;
  sqlite::ReadPool readers_;

  // Writer thread only.
  sqlite::Database database_;
  std::vector<TelemetrySample> batch_;
  Instant expired_at_{};           // when the last round of expiry began
  uint64_t expiring_station_ = 0;  // where the round is: the last series looked at
  int64_t expiring_measure_ = 0;
  bool expiring_ = false;

  mutable std::mutex mutex_;  // of all below
  std::condition_variable wake_;
  std::condition_variable written_;
  std::deque<TelemetrySample> queue_;
  size_t in_work_ = 0;
  Counts counts_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bayward
