// Where a controller's book is kept: one value, replaced as a whole, durable when save() says Done. It has the plates
// and phone numbers of who is to come, so it lies sealed. One thread.
#pragma once

#include <filesystem>
#include <memory>

#include "sealing/secret_key.h"
#include "site/authority/book.h"
#include "site/uplink/database.h"

namespace bayward::authority {

class BookStore {
 public:
  virtual ~BookStore() = default;
  virtual Result<Book> load() = 0;
  virtual Status save(const Book& book) = 0;
};

// authority.db in the site's data directory; its key is made when there is nothing yet to be opened with it.
class SqliteBookStore final : public BookStore {
 public:
  static Result<std::unique_ptr<SqliteBookStore>> open(const std::filesystem::path& directory,
                                                       const std::filesystem::path& key_file);
  Result<Book> load() override;
  Status save(const Book& book) override;

 private:
  explicit SqliteBookStore(uplink::Database database) : database_(std::move(database)) {}
  Result<std::string> stored() const;  // empty: nothing
  uplink::Database database_;
  SecretKey key_;
};

}  // namespace bayward::authority
