#include "journal/projections/tables.h"

#include "journal/projections/audit_projection.h"
#include "journal/projections/booking_projection.h"
#include "journal/projections/charging_projection.h"
#include "journal/projections/field_projection.h"
#include "journal/projections/ledger_projection.h"

namespace bayward {

std::vector<std::unique_ptr<Projection>> make_projections() {
  std::vector<std::unique_ptr<Projection>> projections;
  projections.push_back(std::make_unique<BookingProjection>());
  projections.push_back(std::make_unique<ChargingProjection>());
  projections.push_back(std::make_unique<LedgerProjection>());
  projections.push_back(std::make_unique<FieldProjection>());
  projections.push_back(std::make_unique<AuditProjection>());
  return projections;
}

}  // namespace bayward
