#include "journal/fleet/fleet_store.h"

#include "journal/sqlite/store.h"

namespace bayward {
namespace {

constexpr sqlite::StoreFormat format{
    .what = "fleet records",
    .application_id = 0x42415946,  // "BAYF"
    .version = 1,
    .schema =
        "CREATE TABLE document(kind INTEGER NOT NULL, number INTEGER NOT NULL, item INTEGER NOT NULL, "
        "body BLOB NOT NULL, PRIMARY KEY(kind, number, item)) STRICT, WITHOUT ROWID",
};

sqlite::Blob blob_of(const std::string& body) {
  return {reinterpret_cast<const uint8_t*>(body.data()), body.size()};
}

}  // namespace

Failure<Error> FleetStore::failed(const sqlite::SqlError& error, const char* doing) const {
  return fail(sqlite::explain(error, doing, path_).message);
}

Result<std::unique_ptr<FleetStore>> FleetStore::open(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "fleet.db";
  auto database = sqlite::open_store(path, format, {.mode = sqlite::OpenMode::create});
  if (!database.ok()) return fail(database.error().message);
  return std::unique_ptr<FleetStore>(new FleetStore(path, std::move(database).value()));
}

sqlite::SqlResult<Done> FleetStore::put(const FleetDocument& document) {
  if (!document.body) {
    return database_.run("DELETE FROM document WHERE kind=?1 AND number=?2 AND item=?3", document.kind, document.number,
                         document.item);
  }
  return database_.run(
      "INSERT INTO document(kind, number, item, body) VALUES (?1,?2,?3,?4) "
      "ON CONFLICT(kind, number, item) DO UPDATE SET body=excluded.body",
      document.kind, document.number, document.item, blob_of(*document.body));
}

Status FleetStore::put_all(const std::vector<FleetDocument>& documents) {
  const std::lock_guard lock(mutex_);
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return failed(transaction.error(), "write to the fleet records");
  for (const FleetDocument& document : documents) {
    if (const auto stored = put(document); !stored) return failed(stored.error(), "write to the fleet records");
  }
  if (const auto committed = transaction->commit(); !committed) {
    return failed(committed.error(), "write to the fleet records");
  }
  return Done{};
}

Result<std::vector<FleetDocument>> FleetStore::read(FleetKind kind) {
  const std::lock_guard lock(mutex_);
  auto rows = database_.query("SELECT number, item, body FROM document WHERE kind=?1 ORDER BY number, item", kind);
  if (!rows) return failed(rows.error(), "read the fleet records");
  std::vector<FleetDocument> out;
  while (true) {
    const auto more = rows->next();
    if (!more) return failed(more.error(), "read the fleet records");
    if (!*more) return out;
    const sqlite::Statement& row = **rows;
    const sqlite::Blob body = row.blob(2);
    out.push_back({kind, static_cast<uint64_t>(row.integer(0)), static_cast<uint64_t>(row.integer(1)),
                   std::string(reinterpret_cast<const char*>(body.data()), body.size())});
  }
}

}  // namespace bayward
