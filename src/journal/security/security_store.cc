#include "journal/security/security_store.h"

#include "base/limits.h"
#include "journal/sqlite/store.h"

namespace bayward {
namespace {

constexpr sqlite::StoreFormat format{
    .what = "security log",
    .application_id = 0x42415953,  // "BAYS"
    .version = 1,
    .schema =
        "CREATE TABLE security_event(number INTEGER PRIMARY KEY AUTOINCREMENT, station INTEGER NOT NULL, "
        "identity TEXT NOT NULL, origin INTEGER NOT NULL, type TEXT NOT NULL, detail TEXT NOT NULL, "
        "at_ms INTEGER NOT NULL, recorded_ms INTEGER NOT NULL) STRICT;"
        "CREATE INDEX by_station ON security_event(station, number)",
};

// Not in the middle of a character of UTF-8.
std::string_view cut(std::string_view text) {
  if (text.size() <= limits::security_event_chars) return text;
  size_t end = limits::security_event_chars;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

Failure<Error> SecurityStore::failed(const sqlite::SqlError& error, const char* doing) const {
  return fail(sqlite::explain(error, doing, path_).message);
}

Result<std::unique_ptr<SecurityStore>> SecurityStore::open(const std::filesystem::path& directory, const Clock& clock) {
  const std::filesystem::path path = directory / "security.db";
  auto database = sqlite::open_store(path, format, {.mode = sqlite::OpenMode::create});
  if (!database.ok()) return fail(database.error().message);
  return std::unique_ptr<SecurityStore>(new SecurityStore(path, std::move(database).value(), clock));
}

Status SecurityStore::record(const SecurityEvent& event) {
  const std::lock_guard lock(mutex_);
  const auto stored = database_.run(
      "INSERT INTO security_event(station, identity, origin, type, detail, at_ms, recorded_ms) "
      "VALUES (?1,?2,?3,?4,?5,?6,?7)",
      event.station.value, event.identity, event.origin, cut(event.type), cut(event.detail), unix_ms(event.at),
      unix_ms(clock_.now()));
  if (!stored) return failed(stored.error(), "write to the security log");
  const int64_t oldest = database_.last_insert_rowid() - static_cast<int64_t>(limits::security_events_kept);
  const auto forgotten = database_.run("DELETE FROM security_event WHERE number <= ?1", oldest);
  if (!forgotten) return failed(forgotten.error(), "write to the security log");
  return Done{};
}

Result<std::vector<SecurityEvent>> SecurityStore::read(const SecurityQuery& query) {
  const std::lock_guard lock(mutex_);
  const int64_t before = query.before == 0 ? INT64_MAX : static_cast<int64_t>(query.before);
  auto rows = database_.query(
      query.station ? "SELECT number, station, identity, origin, type, detail, at_ms, recorded_ms FROM security_event "
                      "WHERE station=?3 AND number<?1 ORDER BY number DESC LIMIT ?2"
                    : "SELECT number, station, identity, origin, type, detail, at_ms, recorded_ms FROM security_event "
                      "WHERE number<?1 AND ?3=0 ORDER BY number DESC LIMIT ?2",
      before, query.most, query.station.value);
  if (!rows) return failed(rows.error(), "read the security log");
  std::vector<SecurityEvent> out;
  while (true) {
    const auto more = rows->next();
    if (!more) return failed(more.error(), "read the security log");
    if (!*more) return out;
    const sqlite::Statement& row = **rows;
    SecurityEvent& event = out.emplace_back();
    event.number = static_cast<uint64_t>(row.integer(0));
    event.station = StationId{static_cast<uint64_t>(row.integer(1))};
    event.identity = row.text(2);
    event.origin = static_cast<SecurityOrigin>(row.integer(3));
    event.type = row.text(4);
    event.detail = row.text(5);
    event.at = from_unix_ms(row.integer(6));
    event.recorded_at = from_unix_ms(row.integer(7));
  }
}

}  // namespace bayward
