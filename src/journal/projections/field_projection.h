// What the field reports: incidents at bays, stations and their links. Tables: field_incident, field_station.
#pragma once

#include "journal/projections/projection.h"

namespace bayward {

class FieldProjection final : public Projection {
 public:
  std::string_view name() const override { return "field"; }
  int version() const override { return 4; }
  const char* schema() const override;
  sqlite::SqlResult<Done> apply(sqlite::Database& database, const CommittedRecord& record) override;
};

}  // namespace bayward
