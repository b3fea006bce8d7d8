#include "site/authority/book_store.h"

#include "base/binary.h"

namespace bayward::authority {
namespace {

constexpr const char* schema =
    "CREATE TABLE IF NOT EXISTS book (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB NOT NULL)";

}  // namespace

Result<std::unique_ptr<SqliteBookStore>> SqliteBookStore::open(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(directory.string() + ": " + error.message());
  auto database = uplink::Database::open(directory / "authority.db", schema);
  if (!database) return fail(database.error().message);
  return std::unique_ptr<SqliteBookStore>(new SqliteBookStore(*std::move(database)));
}

Result<Book> SqliteBookStore::load() {
  uplink::Query query = database_.query("SELECT body FROM book");
  const auto row = query.step();
  if (!row) return fail(row.error().message);
  if (!*row) return Book{};
  auto book = from_binary<Book>(query.blob(0));
  if (!book) return fail("authority.db: its content is damaged; move it away and register the controller anew");
  return *std::move(book);
}

Status SqliteBookStore::save(const Book& book) {
  const std::string body = to_binary(book);
  return database_.query("INSERT OR REPLACE INTO book (one, body) VALUES (1, ?1)").with_blob(body).run();
}

}  // namespace bayward::authority
