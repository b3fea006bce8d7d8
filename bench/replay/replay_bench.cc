// Cold start against reading: `replay_bench DIRECTORY`. Makes a journal of bookings, then rebuilds the state from its
// first record, and reads the same rows with SQLite alone. Prints "ours peer rows": our events per second, the rows per
// second of SQLite, and our rows (records) per second.
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "common/city.h"
#include "journal/sqlite/sqlite_journal.h"

namespace bayward::bench {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

// Drops the file's pages from the cache, so that both readers begin from the disk.
void make_cold(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY);
  if (fd < 0) return;
  ::fdatasync(fd);
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  ::close(fd);
}

void fill(const char* directory) {
  auto journal = sqlite::SqliteJournal::open(directory);
  if (!journal) std::exit(1);
  Engine engine(**journal);
  if (!engine.recover()) std::exit(1);
  CityPlan plan;
  plan.bays = 20'000;
  const City city = build_city(engine, **journal, plan);
  Prng prng(3);
  for (int i = 0; i < 600'000; i += 1000) {
    for (int j = 0; j < 1000; ++j) {
      engine.submit({core::Actor{}, random_booking(city, plan, prng), std::nullopt}, nullptr);
    }
    pump(engine, **journal, plan.start);
  }
}

double read_rows(const std::filesystem::path& file) {
  make_cold(file);
  sqlite3* database = nullptr;
  sqlite3_stmt* rows = nullptr;
  const auto begun = std::chrono::steady_clock::now();
  if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) std::exit(1);
  sqlite3_prepare_v2(database, "SELECT position, at, body, hash FROM record ORDER BY position", -1, &rows, nullptr);
  int64_t count = 0;
  uint64_t sum = 0;
  while (sqlite3_step(rows) == SQLITE_ROW) {
    sum += static_cast<uint64_t>(sqlite3_column_int64(rows, 0)) + static_cast<uint64_t>(sqlite3_column_int64(rows, 1));
    const auto* body = static_cast<const uint8_t*>(sqlite3_column_blob(rows, 2));
    sum += body[static_cast<size_t>(sqlite3_column_bytes(rows, 2)) - 1];
    sum += static_cast<const uint8_t*>(sqlite3_column_blob(rows, 3))[0];
    ++count;
  }
  const double took = seconds_since(begun);
  sqlite3_finalize(rows);
  sqlite3_close(database);
  std::fprintf(stderr, "sqlite3 reads %lld rows in %.2f s (%llu)\n", static_cast<long long>(count), took,
               static_cast<unsigned long long>(sum));
  return static_cast<double>(count) / took;
}

struct ColdStart {
  double events_per_s = 0;
  double records_per_s = 0;
};

ColdStart cold_start(const std::filesystem::path& directory) {
  make_cold(directory / "journal.db");
  const auto begun = std::chrono::steady_clock::now();
  auto journal = sqlite::SqliteJournal::open(directory);
  if (!journal) std::exit(1);
  Engine engine(**journal);
  const auto report = engine.recover();
  const double took = seconds_since(begun);
  if (!report) std::exit(1);
  std::fprintf(stderr, "cold start: %llu records, %llu events in %.2f s, %.0f events/s\n",
               static_cast<unsigned long long>(report->last), static_cast<unsigned long long>(report->events), took,
               static_cast<double>(report->events) / took);
  return {static_cast<double>(report->events) / took, static_cast<double>(report->last) / took};
}

}  // namespace
}  // namespace bayward::bench

int main(int argc, char** argv) {
  using namespace bayward::bench;
  if (argc != 2) return 2;
  fill(argv[1]);
  const double peer = read_rows(std::filesystem::path(argv[1]) / "journal.db");
  const ColdStart ours = cold_start(argv[1]);
  std::printf("%.0f %.0f %.0f\n", ours.events_per_s, peer, ours.records_per_s);
  return 0;
}
