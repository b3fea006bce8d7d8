// Every entry of every account's double-entry ledger (C4). Tables: ledger, ledger_posting.
#pragma once

#include "journal/projections/projection.h"

namespace bayward {

class LedgerProjection final : public Projection {
 public:
  std::string_view name() const override { return "ledger"; }
  int version() const override { return 1; }
  const char* schema() const override;
  sqlite::SqlResult<Done> apply(sqlite::Database& database, const CommittedRecord& record) override;
};

}  // namespace bayward
