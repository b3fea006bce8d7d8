#include "site/uplink/sqlite_outbox.h"

#include <algorithm>

#include "base/binary.h"

namespace bayward::uplink {
namespace {

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS message (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  station TEXT NOT NULL,
  id TEXT NOT NULL,
  action TEXT NOT NULL,
  payload TEXT NOT NULL,
  keep INTEGER NOT NULL,
  at INTEGER NOT NULL,
  set_aside TEXT);
CREATE INDEX IF NOT EXISTS message_by_station ON message(station, number);
CREATE TABLE IF NOT EXISTS station (
  identity TEXT PRIMARY KEY,
  memory BLOB NOT NULL) WITHOUT ROWID;
)";

// Every second sample goes, so that what stays still covers the whole time.
constexpr const char* thin_samples =
    "DELETE FROM message WHERE number IN (SELECT number FROM (SELECT number, row_number() OVER (ORDER BY number) AS "
    "place FROM message WHERE station = ?1 AND keep = 2 AND set_aside IS NULL) WHERE place % 2 = 1)";
constexpr const char* drop_statuses = "DELETE FROM message WHERE station = ?1 AND keep = 1 AND set_aside IS NULL";

}  // namespace

Result<std::unique_ptr<SqliteOutbox>> SqliteOutbox::open(const std::filesystem::path& directory, Bounds bounds) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(directory.string() + ": " + error.message());
  auto database = Database::open(directory / "uplink.db", schema);
  if (!database) return fail(database.error().message);
  auto outbox = std::unique_ptr<SqliteOutbox>(new SqliteOutbox(*std::move(database), bounds));
  if (const Status read = outbox->read_rooms(); !read) return fail(read.error().message);
  return outbox;
}

Status SqliteOutbox::read_rooms() {
  Query query = database_.query("SELECT DISTINCT station FROM message");
  for (;;) {
    const auto more = query.step();
    if (!more) return fail(more.error().message);
    if (!*more) return Done{};
    const std::string station = query.text(0);
    const auto room = room_of(station);
    if (!room) return fail(room.error().message);
    rooms_[station] = *room;
  }
}

Result<SqliteOutbox::Room> SqliteOutbox::room_of(std::string_view station) const {
  Query query = database_.query("SELECT count(*), coalesce(sum(length(payload)), 0) FROM message WHERE station = ?1");
  const auto row = query.with(station).step();
  if (!row) return fail(row.error().message);
  return Room{static_cast<size_t>(query.integer(0)), static_cast<size_t>(query.integer(1))};
}

bool SqliteOutbox::full(const Room& room, size_t further_bytes) const {
  return room.messages + 1 > bounds_.messages || room.bytes + further_bytes > bounds_.bytes;
}

Status SqliteOutbox::make_room(std::string_view station, size_t further_bytes) {
  for (const char* sql : {thin_samples, thin_samples, drop_statuses}) {
    const auto room = room_of(station);
    if (!room) return fail(room.error().message);
    if (!full(*room, further_bytes)) return Done{};
    if (Status done = database_.query(sql).with(station).run(); !done) return done;
    shed_[std::string(station)] += static_cast<uint64_t>(database_.changes());
  }
  const auto room = room_of(station);
  if (!room) return fail(room.error().message);
  if (full(*room, further_bytes)) return fail("no room: too many messages wait for the platform");
  return Done{};
}

Status SqliteOutbox::append(std::string_view station, const KeptMessage& message) const {
  return database_.query("INSERT INTO message (station, id, action, payload, keep, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .with(station)
      .with(message.id)
      .with(message.action)
      .with(message.payload)
      .with(static_cast<int64_t>(message.keep))
      .with(unix_ms(message.at))
      .run();
}

Status SqliteOutbox::change(std::string_view station, const OutboxChange& change) {
  const auto known = rooms_.find(station);
  const bool must_shed = change.append && known != rooms_.end() && full(known->second, change.append->payload.size());
  Room room = known == rooms_.end() ? Room{} : known->second;
  Status done = database_.transaction([&]() -> Status {
    if (must_shed) {
      if (Status made = make_room(station, change.append->payload.size()); !made) return made;
      const auto counted = room_of(station);
      if (!counted) return fail(counted.error().message);
      room = *counted;
    }
    return write(station, change, room);
  });
  if (done) rooms_.insert_or_assign(std::string(station), room);
  return done;
}

Status SqliteOutbox::write(std::string_view station, const OutboxChange& change, Room& room) const {
  Status step = Done{};
  if (change.append) {
    step = append(station, *change.append);
    room.messages += 1;
    room.bytes += change.append->payload.size();
  }
  if (step && change.remove) {
    Query gone = database_.query("DELETE FROM message WHERE number = ?1 RETURNING length(payload)");
    const auto row = gone.with(*change.remove).step();
    if (!row) return fail(row.error().message);
    if (*row) room.messages -= 1;
    if (*row) room.bytes -= std::min(room.bytes, static_cast<size_t>(gone.integer(0)));
    // An unfinished RETURNING would keep the transaction open.
    step = gone.run();
  }
  if (step && change.set_aside) {
    step = database_.query("UPDATE message SET set_aside = ?1 WHERE number = ?2")
               .with(change.why)
               .with(*change.set_aside)
               .run();
  }
  if (!step || !change.memory) return step;
  const std::string bytes = to_binary(*change.memory);
  return database_.query("INSERT OR REPLACE INTO station (identity, memory) VALUES (?1, ?2)")
      .with(station)
      .with_blob(bytes)
      .run();
}

Result<std::optional<KeptMessage>> SqliteOutbox::first(std::string_view station) {
  Query query = database_.query(
      "SELECT number, id, action, payload, keep, at FROM message WHERE station = ?1 AND set_aside IS NULL "
      "ORDER BY number LIMIT 1");
  const auto row = query.with(station).step();
  if (!row) return fail(row.error().message);
  if (!*row) return std::optional<KeptMessage>{};
  return std::optional(KeptMessage{query.integer(0), query.text(1), query.text(2), query.text(3),
                                   static_cast<Keep>(query.integer(4)), from_unix_ms(query.integer(5))});
}

Result<StationMemory> SqliteOutbox::memory(std::string_view station) {
  Query query = database_.query("SELECT memory FROM station WHERE identity = ?1");
  const auto row = query.with(station).step();
  if (!row) return fail(row.error().message);
  if (!*row) return StationMemory{};
  auto memory = from_binary<StationMemory>(query.blob(0));
  if (!memory) return fail("uplink.db: what was kept of station " + std::string(station) + " is damaged");
  return *std::move(memory);
}

Backlog SqliteOutbox::backlog(std::string_view station) {
  Backlog out;
  const auto shed = shed_.find(station);
  if (shed != shed_.end()) out.shed = shed->second;
  Query query = database_.query(
      "SELECT count(*) FILTER (WHERE set_aside IS NULL), count(*) FILTER (WHERE set_aside IS NOT NULL), "
      "min(at) FILTER (WHERE set_aside IS NULL) FROM message WHERE station = ?1");
  const auto row = query.with(station).step();
  if (!row || !*row) return out;
  out.messages = static_cast<size_t>(query.integer(0));
  out.set_aside = static_cast<size_t>(query.integer(1));
  if (out.messages > 0) out.oldest = from_unix_ms(query.integer(2));
  return out;
}

}  // namespace bayward::uplink
