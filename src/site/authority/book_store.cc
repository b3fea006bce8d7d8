#include "site/authority/book_store.h"

#include <array>
#include <span>

#include "base/binary.h"
#include "sealing/key_file.h"
#include "sealing/seal.h"

namespace bayward::authority {
namespace {

constexpr const char* schema =
    "CREATE TABLE IF NOT EXISTS book (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB NOT NULL)";
constexpr std::array<uint8_t, 4> place = {'b', 'o', 'o', 'k'};
constexpr const char* anew = "move authority.db away and register the controller anew";

std::span<const uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<std::unique_ptr<SqliteBookStore>> SqliteBookStore::open(const std::filesystem::path& directory,
                                                               const std::filesystem::path& key_file) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(directory.string() + ": " + error.message());
  auto database = uplink::Database::open(directory / "authority.db", schema);
  if (!database) return fail(database.error().message);
  std::unique_ptr<SqliteBookStore> out(new SqliteBookStore(*std::move(database)));
  const auto sealed = out->stored();
  if (!sealed) return fail("authority.db: " + sealed.error().message);
  const auto key =
      load_key({key_file, "bayward-authority-key-1", "the key file of authority.db", anew}, sealed->empty());
  if (!key) return Failure{key.error()};
  out->key_ = *key;
  return out;
}

Result<std::string> SqliteBookStore::stored() const {
  uplink::Query query = database_.query("SELECT body FROM book");
  const auto row = query.step();
  if (!row) return fail(row.error().message);
  return *row ? query.blob(0) : std::string{};
}

Result<Book> SqliteBookStore::load() {
  const auto sealed = stored();
  if (!sealed) return Failure{sealed.error()};
  if (sealed->empty()) return Book{};
  const auto body = unseal(key_, place, bytes_of(*sealed));
  if (!body)
    return fail(std::string("authority.db was sealed with another key, or is damaged: restore both from one "
                            "backup, or ") +
                anew);
  auto book = from_binary<Book>(*body);
  if (!book) return fail(std::string("authority.db: its content is damaged; ") + anew);
  return *std::move(book);
}

Status SqliteBookStore::save(const Book& book) {
  const std::string body = seal(key_, place, to_binary(book));
  return database_.query("INSERT OR REPLACE INTO book (one, body) VALUES (1, ?1)").with_blob(body).run();
}

}  // namespace bayward::authority
