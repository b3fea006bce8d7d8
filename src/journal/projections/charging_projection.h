// Charging sessions, as they are billed. Table: charging.
#pragma once

#include "journal/projections/projection.h"

namespace bayward {

class ChargingProjection final : public Projection {
 public:
  std::string_view name() const override { return "charging"; }
  int version() const override { return 1; }
  const char* schema() const override;
  sqlite::SqlResult<Done> apply(sqlite::Database& database, const CommittedRecord& record) override;
};

}  // namespace bayward
