// The concrete projections and the lists read from them (read_models.h).
#pragma once

#include <memory>
#include <vector>

#include "journal/projections/follower.h"
#include "journal/projections/projection.h"
#include "journal/projections/read_models.h"

namespace bayward {

// Bookings, visits, sessions, invoices, ledger, incidents and notices; the index of the audit.
std::vector<std::unique_ptr<Projection>> make_projections();

}  // namespace bayward
