#include "journal/projections/ledger_projection.h"

#include "journal/projections/ids.h"
#include "ports/engine.h"

namespace bayward {
namespace {

using namespace core;
using namespace projections;
using sqlite::Database;
using sqlite::SqlResult;

const LedgerEntry* entry_of(const Event& event) {
  return std::visit(
      [](const auto& e) -> const LedgerEntry* {
        if constexpr (requires { e.entry.postings; }) return &e.entry;
        return nullptr;
      },
      event);
}

SqlResult<Done> store(Database& database, int64_t entry_key, const CommittedRecord& record, AccountId account,
                      const LedgerEntry& entry) {
  auto done = database.run("INSERT INTO ledger VALUES (?1,?2,?3,?4,?5,?6,?7)", entry_key, ms(record.at), key(account),
                           entry.kind, key(entry.booking), entry.reference, entry.currency.text());
  for (size_t i = 0; done.ok() && i < entry.postings.size(); ++i) {
    done = database.run("INSERT INTO ledger_posting VALUES (?1,?2,?3,?4)", entry_key, i, entry.postings[i].account,
                        entry.postings[i].minor);
  }
  return done;
}

}  // namespace

const char* LedgerProjection::schema() const {
  return R"(
CREATE TABLE ledger(
  key INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, account INTEGER NOT NULL, kind INTEGER NOT NULL,
  booking INTEGER NOT NULL, reference TEXT NOT NULL, currency TEXT NOT NULL) STRICT;
CREATE INDEX ledger_by_account ON ledger(account, key);
CREATE TABLE ledger_posting(
  entry INTEGER NOT NULL, line INTEGER NOT NULL, account INTEGER NOT NULL, minor INTEGER NOT NULL,
  PRIMARY KEY(entry, line)) STRICT, WITHOUT ROWID;
)";
}

SqlResult<Done> LedgerProjection::apply(Database& database, const CommittedRecord& record) {
  uint32_t index = 0;
  for (const StreamEvent& event : record.events) {
    const LedgerEntry* entry = entry_of(event.event);
    if (!entry) continue;
    auto done = store(database, key_in_record(record.position, index++), record, event.stream.account(), *entry);
    if (!done.ok()) return done;
  }
  return Done{};
}

}  // namespace bayward
