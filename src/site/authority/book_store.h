// Where a controller's book is kept: one value, replaced as a whole, durable when save() says Done. One thread.
#pragma once

#include <filesystem>
#include <memory>

#include "site/authority/book.h"
#include "site/uplink/database.h"

namespace bayward::authority {

class BookStore {
 public:
  virtual ~BookStore() = default;
  virtual Result<Book> load() = 0;
  virtual Status save(const Book& book) = 0;
};

// authority.db in the site's data directory.
class SqliteBookStore final : public BookStore {
 public:
  static Result<std::unique_ptr<SqliteBookStore>> open(const std::filesystem::path& directory);
  Result<Book> load() override;
  Status save(const Book& book) override;

 private:
  explicit SqliteBookStore(uplink::Database database) : database_(std::move(database)) {}
  uplink::Database database_;
};

}  // namespace bayward::authority
