// Lists of the API page by page, read from the projections (sqlite/read_pool.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "journal/sqlite/database.h"

namespace bayward {

// Lists go on behind the key of the last item shown, so that they neither skip nor repeat while rows are added.
struct PageRequest {
  std::optional<int64_t> after;  // the previous page's `next`; none: from the beginning
  size_t items_max = limits::page_items;
};

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<int64_t> next;  // none: that was the last page
};

// `sql` gives rows in the order of their first column, an integer key, and uses ?1 for the key to begin behind and ?2
// for LIMIT; `args` are bound from ?3 on. `begin` is a key before all others in that order: INT64_MIN for ascending
// lists (`key > ?1 ORDER BY key`), INT64_MAX for descending ones (`key < ?1 ORDER BY key DESC`).
template <class T, class ReadRow, class... Args>
sqlite::SqlResult<Page<T>> read_page(sqlite::Database& database, const PageRequest& request, int64_t begin,
                                     std::string_view sql, ReadRow read_row, const Args&... args) {
  Page<T> page;
  const size_t items_max = std::clamp<size_t>(request.items_max, 1, limits::page_items);
  auto rows = database.query(sql, request.after.value_or(begin), items_max + 1, args...);
  if (!rows.ok()) return Failure{rows.error()};
  int64_t key = 0;
  while (true) {
    auto more = rows->next();
    if (!more.ok()) return Failure{more.error()};
    if (!*more) return page;
    if (page.items.size() == items_max) {
      page.next = key;
      return page;
    }
    const sqlite::Statement& row = **rows;
    key = row.integer(0);
    page.items.push_back(read_row(row));
  }
}

}  // namespace bayward
