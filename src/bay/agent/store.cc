#include "bay/agent/store.h"

#include <sqlite3.h>

#include <filesystem>

namespace bayward::bay {
namespace {

constexpr const char* tables = R"(
CREATE TABLE IF NOT EXISTS value(name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message(
  number INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT NOT NULL, payload TEXT NOT NULL, droppable INTEGER NOT NULL,
  unsure_boot INTEGER NOT NULL);
)";
// Small caches: hundreds of bays may run in one process, and a real one has little memory.
constexpr const char* settings =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-128; PRAGMA wal_autocheckpoint=64;"
    "PRAGMA journal_size_limit=262144;";

}  // namespace

class Store::Statement {
 public:
  Statement(Store& store, const char* sql) { sqlite3_prepare_v2(store.database_, sql, -1, &statement_, nullptr); }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int index, std::string_view text) {
    sqlite3_bind_text(statement_, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(int index, int64_t number) {
    sqlite3_bind_int64(statement_, index, number);
    return *this;
  }
  int step() { return statement_ ? sqlite3_step(statement_) : SQLITE_ERROR; }
  int64_t number(int column) { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return bytes ? std::string(bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

Error Store::error(const char* doing) const {
  return {std::string("the bay's store: ") + doing + ": " + sqlite3_errmsg(database_)};
}

Status Store::run(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return Failure{error("writing")};
  return Done{};
}

Status Store::prepare_tables() {
  if (auto set = run(settings); !set) return set;
  if (auto made = run(tables); !made) return made;
  Statement check(*this, "PRAGMA quick_check(1)");
  if (check.step() != SQLITE_ROW || check.text(0) != "ok") return fail("the bay's store is damaged");
  return Done{};
}

Result<std::unique_ptr<Store>> Store::open(const std::string& path, std::string& notice) {
  for (const bool again : {false, true}) {
    sqlite3* database = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &database,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<Store> store(new Store(database));
    if (opened != SQLITE_OK) {
      return fail("cannot open " + path + ": " + sqlite3_errmsg(database) + "; is its directory there and writable?");
    }
    sqlite3_extended_result_codes(database, 1);
    const Status ready = store->prepare_tables();
    if (ready) return store;
    const int code = sqlite3_errcode(database) & 0xff;
    const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ROW;
    if (again || !damaged) return Failure{ready.error()};
    store.reset();
    std::error_code ignored;
    std::filesystem::rename(path, path + ".damaged", ignored);
    std::filesystem::remove(path + "-wal", ignored);
    std::filesystem::remove(path + "-shm", ignored);
    notice = path + " was damaged; it is now " + path + ".damaged, and the bay begins with an empty store";
  }
  return fail("cannot open " + path);
}

Store::~Store() {
  sqlite3_close(database_);
}

std::optional<std::string> Store::value(std::string_view name) {
  Statement read(*this, "SELECT text FROM value WHERE name = ?1");
  if (read.bind(1, name).step() != SQLITE_ROW) return std::nullopt;
  return read.text(0);
}

Status Store::commit(Change& change) {
  if (auto begun = run("BEGIN IMMEDIATE"); !begun) return begun;
  bool good = true;
  for (const Change::Value& value : change.values) {
    Statement write(*this, value.text ? "INSERT INTO value(name, text) VALUES(?1, ?2) "
                                        "ON CONFLICT(name) DO UPDATE SET text = excluded.text"
                                      : "DELETE FROM value WHERE name = ?1");
    write.bind(1, value.name);
    if (value.text) write.bind(2, *value.text);
    good = good && write.step() == SQLITE_DONE;
  }
  std::vector<int64_t> numbers;
  for (const StoredMessage& message : change.messages) {
    Statement write(*this, "INSERT INTO message(action, payload, droppable, unsure_boot) VALUES(?1, ?2, ?3, ?4)");
    write.bind(1, message.action).bind(2, message.payload).bind(3, int64_t{message.droppable});
    good = good && write.bind(4, message.unsure_boot).step() == SQLITE_DONE;
    numbers.push_back(sqlite3_last_insert_rowid(database_));
  }
  if (good) {
    if (auto done = run("COMMIT"); done) {
      for (size_t i = 0; i < numbers.size(); ++i) change.messages[i].number = numbers[i];
      return done;
    }
  }
  const Error why = error("writing");
  if (sqlite3_get_autocommit(database_) == 0) static_cast<void>(run("ROLLBACK"));
  return Failure{why};
}

Status Store::remove_message(int64_t number) {
  Statement remove(*this, "DELETE FROM message WHERE number = ?1");
  if (remove.bind(1, number).step() != SQLITE_DONE) return Failure{error("removing a message")};
  return Done{};
}

std::optional<StoredMessage> Store::next_message(int64_t after) {
  Statement read(*this,
                 "SELECT number, action, payload, droppable, unsure_boot FROM message WHERE number > ?1 "
                 "ORDER BY number LIMIT 1");
  if (read.bind(1, after).step() != SQLITE_ROW) return std::nullopt;
  return StoredMessage{read.number(0), read.text(1), read.text(2), read.number(3) != 0, read.number(4)};
}

size_t Store::message_count() {
  Statement read(*this, "SELECT count(*) FROM message");
  return read.step() == SQLITE_ROW ? static_cast<size_t>(read.number(0)) : 0;
}

bool Store::drop_oldest_droppable() {
  Statement remove(*this, "DELETE FROM message WHERE number = (SELECT min(number) FROM message WHERE droppable = 1)");
  return remove.step() == SQLITE_DONE && sqlite3_changes(database_) > 0;
}

Status Store::replace_payload(int64_t number, const std::string& payload) {
  Statement write(*this, "UPDATE message SET payload = ?2, unsure_boot = 0 WHERE number = ?1");
  if (write.bind(1, number).bind(2, payload).step() != SQLITE_DONE) return Failure{error("correcting a message")};
  return Done{};
}

}  // namespace bayward::bay
