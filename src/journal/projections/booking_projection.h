// Bookings and what belongs to them: visits, invoices, and who was told what. Tables: booking, booking_visit,
// booking_invoice, booking_notice, booking_bay.
#pragma once

#include "journal/projections/projection.h"

namespace bayward {

class BookingProjection final : public Projection {
 public:
  std::string_view name() const override { return "booking"; }
  int version() const override { return 3; }
  const char* schema() const override;
  sqlite::SqlResult<Done> apply(sqlite::Database& database, const CommittedRecord& record) override;
};

}  // namespace bayward
