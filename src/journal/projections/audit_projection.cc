#include "journal/projections/audit_projection.h"

#include "core/event.h"
#include "journal/projections/ids.h"
#include "ports/engine.h"

namespace bayward {

using namespace projections;
using sqlite::Database;
using sqlite::SqlResult;

namespace {

std::string stream_word(const std::string& stream) {
  return "stream " + stream;
}
std::string actor_word(AccountId account) {
  return "by " + to_text(account);
}
std::string kind_word(core::Actor::Kind kind) {
  return "kind " + std::to_string(static_cast<int>(kind));
}
std::string name_word(std::string_view name) {
  return "name " + std::string(name);
}

SqlResult<Done> enter(Database& database, const std::string& word, Position position) {
  constexpr std::string_view insert = "INSERT INTO audit_entry SELECT id, ?2 FROM audit_word WHERE word=?1";
  auto entered = database.run(insert, word, position);
  if (!entered.ok() || database.changes() > 0) return entered;
  auto made = database.run("INSERT INTO audit_word(word) VALUES (?1)", word);
  if (!made.ok()) return made;
  return database.run(insert, word, position);
}

}  // namespace

std::set<std::string> audit_words(const CommittedRecord& record) {
  std::set<std::string> words{name_word(record.command), kind_word(record.actor.kind)};
  if (record.actor.account) words.insert(actor_word(record.actor.account));
  for (const StreamEvent& event : record.events) {
    words.insert(stream_word(core::to_text(event.stream)));
    words.insert(name_word(core::event_name(event.event)));
  }
  return words;
}

std::set<std::string> audit_words(const AuditFilter& filter) {
  std::set<std::string> words;
  if (!filter.stream.empty()) words.insert(stream_word(filter.stream));
  if (filter.actor) words.insert(actor_word(filter.actor));
  if (filter.kind) words.insert(kind_word(*filter.kind));
  if (!filter.word.empty()) words.insert(name_word(filter.word));
  return words;
}

// `latest_ms` is the latest time of this record and all before it: it never falls, so that a time leads to a position.
// Only where the clock was set back is a record's own time before it; those are found by audit_record_late.
const char* AuditProjection::schema() const {
  return R"(
CREATE TABLE audit_record(position INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, latest_ms INTEGER NOT NULL) STRICT;
CREATE INDEX audit_record_latest ON audit_record(latest_ms);
CREATE INDEX audit_record_late ON audit_record(at_ms) WHERE at_ms<latest_ms;
CREATE TABLE audit_word(id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE audit_entry(word INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(word, position))
  STRICT, WITHOUT ROWID;
)";
}

SqlResult<Done> AuditProjection::apply(Database& database, const CommittedRecord& record) {
  auto kept = database.run(
      "INSERT INTO audit_record VALUES (?1, ?2, "
      "max(?2, coalesce((SELECT latest_ms FROM audit_record WHERE position=?1-1), ?2)))",
      record.position, ms(record.at));
  if (!kept.ok()) return kept;
  for (const std::string& word : audit_words(record)) {
    auto entered = enter(database, word, record.position);
    if (!entered.ok()) return entered;
  }
  return Done{};
}

}  // namespace bayward
