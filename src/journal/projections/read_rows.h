// How a row of the projections' tables becomes a row of ports/read_models.h. Each reader goes with its list of columns.
#pragma once

#include "journal/sqlite/database.h"
#include "ports/read_models.h"

namespace bayward::projections {

// FROM booking LEFT JOIN booking_invoice: what it costs has the currency of the bill, and none without a bill.
inline constexpr const char* booking_columns =
    "booking.position, booking.id, booking.account, booking.vehicle, booking.bay, booking.kind, booking.phase, "
    "booking.ended, booking.start_ms, booking.end_ms, booking.slots_end_ms, booking.made_ms, booking.hold_minor, "
    "booking.currency, booking.energy_estimate_milliwh, booking.visit, booking.charged_minor, booking.tax_minor, "
    "booking.owner_share_minor, booking.compensation_minor, booking.changed_ms, booking_invoice.currency";
BookingRow read_booking(const sqlite::Statement& row);

inline constexpr const char* session_columns =
    "position, id, station, evse, bay, booking, account, started_ms, stopped_ms, start_milliwh, latest_milliwh, "
    "register_defect";
SessionRow read_session(const sqlite::Statement& row);

inline constexpr const char* visit_columns = "id, bay, kind, booking, account, began_ms, ended_ms";
VisitRow read_visit(const sqlite::Statement& row);

// Without the postings, which are in rows of their own.
inline constexpr const char* ledger_columns = "key, at_ms, kind, booking, reference, currency";
LedgerRow read_ledger(const sqlite::Statement& row);

inline constexpr const char* incident_columns =
    "key, id, kind, bay, booking, opened_ms, closed_ms, vehicle, severity, ended, acknowledged_by, acknowledged_ms, "
    "assigned_to, suppressed";
IncidentRow read_incident(const sqlite::Statement& row);

inline constexpr const char* notice_columns =
    "key, at_ms, account, site, kind, booking, bay, other_bay, incident, amount_minor, currency";
NoticeRow read_notice(const sqlite::Statement& row);

}  // namespace bayward::projections
