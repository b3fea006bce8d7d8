#include "journal/projections/audit_search.h"

#include <algorithm>

#include "base/limits.h"
#include "journal/projections/audit_projection.h"
#include "journal/projections/ids.h"

namespace bayward {

using sqlite::Database;
using sqlite::SqlResult;

namespace {

// Positions from `low` to `high`, both included.
struct Bounds {
  int64_t low = 1;
  int64_t high = 0;
};

SqlResult<Bounds> bounds_of(Database& database, const AuditFilter& filter, const ListQuery& query) {
  auto newest = database.query_integer(audit_sql::newest);
  if (!newest.ok()) return Failure{newest.error()};
  Bounds bounds{1, newest->value_or(0)};
  if (query.before)
    bounds.high = std::min(bounds.high, static_cast<int64_t>(std::min<uint64_t>(*query.before, INT64_MAX)) - 1);
  if (filter.from) {
    auto first = database.query_integer(audit_sql::first_at, projections::ms(*filter.from));
    if (!first.ok()) return Failure{first.error()};
    bounds.low = first->value_or(INT64_MAX);
  }
  if (filter.to) {
    auto first_beyond = database.query_integer(audit_sql::first_at, projections::ms(*filter.to));
    if (!first_beyond.ok()) return Failure{first_beyond.error()};
    auto late = database.query_integer(audit_sql::last_late, projections::ms(*filter.to));
    if (!late.ok()) return Failure{late.error()};
    if (*first_beyond) bounds.high = std::min(bounds.high, std::max(**first_beyond - 1, late->value_or(0)));
  }
  return bounds;
}

class Search {
 public:
  Search(Database& database, const AuditFilter& filter, Bounds bounds, size_t items_max)
      : database_(database), filter_(filter), at_(bounds.high), low_(bounds.low), items_max_(items_max) {}

  // False: one of the words was never said, so nothing is found.
  SqlResult<bool> look_up_words() {
    for (const std::string& word : audit_words(filter_)) {
      auto id = database_.query_integer(audit_sql::word_id, word);
      if (!id.ok()) return Failure{id.error()};
      if (!*id) return false;
      words_.push_back(**id);
    }
    return true;
  }

  // The lists take turns: each goes on from where the one before it stands. When all stand at one position, it is
  // found.
  SqlResult<ListPage<Position>> run() {
    size_t agreed = 0;
    for (size_t turn = 0; at_ >= low_; ++turn) {
      if (turn == limits::audit_scan_records) {
        page_.next = static_cast<Position>(at_) + 1;
        break;
      }
      if (!words_.empty()) {
        auto stands = database_.query_integer(audit_sql::seek, words_[turn % words_.size()], at_);
        if (!stands.ok()) return Failure{stands.error()};
        if (!*stands || **stands < low_) break;
        agreed = **stands == at_ ? agreed + 1 : 1;
        at_ = **stands;
      }
      if (agreed < words_.size()) continue;
      auto full = take();
      if (!full.ok()) return Failure{full.error()};
      if (*full) break;
      --at_;
      agreed = 0;
    }
    return std::move(page_);
  }

 private:
  // Keeps the record that was found when its time fits; true when the page was full before it.
  SqlResult<bool> take() {
    if (filter_.from || filter_.to) {
      auto time = database_.query_integer(audit_sql::time_of, at_);
      if (!time.ok()) return Failure{time.error()};
      const Instant at = from_unix_ms(time->value_or(0));
      if ((filter_.from && at < *filter_.from) || (filter_.to && at >= *filter_.to)) return false;
    }
    if (page_.items.size() == items_max_) {
      page_.next = page_.items.back();
      return true;
    }
    page_.items.push_back(static_cast<Position>(at_));
    return false;
  }

  Database& database_;
  const AuditFilter& filter_;
  std::vector<int64_t> words_;
  int64_t at_;
  const int64_t low_;
  const size_t items_max_;
  ListPage<Position> page_;
};

}  // namespace

SqlResult<ListPage<Position>> search_audit(Database& database, const AuditFilter& filter, const ListQuery& query) {
  auto bounds = bounds_of(database, filter, query);
  if (!bounds.ok()) return Failure{bounds.error()};
  Search search(database, filter, *bounds, std::clamp<size_t>(query.items_max, 1, limits::page_items));
  auto known = search.look_up_words();
  if (!known.ok()) return Failure{known.error()};
  if (!*known) return ListPage<Position>{};
  return search.run();
}

}  // namespace bayward
