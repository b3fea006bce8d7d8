// Finds records of the journal by the index of the audit (audit_projection.h). The lists of all that is asked for are
// walked together from the newest on, each jumping to where the others are, so that the work is that of the rarest.
#pragma once

#include <array>

#include "journal/sqlite/database.h"
#include "ports/read_models.h"

namespace bayward::audit_sql {

inline constexpr const char* word_id = "SELECT id FROM audit_word WHERE word=?1";
inline constexpr const char* newest = "SELECT position FROM audit_record ORDER BY position DESC LIMIT 1";
inline constexpr const char* time_of = "SELECT at_ms FROM audit_record WHERE position=?1";
// The first record at or after a time; none before it can be.
inline constexpr const char* first_at =
    "SELECT position FROM audit_record WHERE latest_ms>=?1 ORDER BY latest_ms, position LIMIT 1";
// The last record before a time among those made after the clock was set back.
inline constexpr const char* last_late = "SELECT max(position) FROM audit_record WHERE at_ms<?1 AND at_ms<latest_ms";
// The newest record of a word up to a position.
inline constexpr const char* seek =
    "SELECT position FROM audit_entry WHERE word=?1 AND position<=?2 ORDER BY position DESC LIMIT 1";

inline constexpr std::array all = {word_id, newest, time_of, first_at, last_late, seek};

}  // namespace bayward::audit_sql

namespace bayward {

sqlite::SqlResult<ListPage<Position>> search_audit(sqlite::Database& database, const AuditFilter& filter,
                                                   const ListQuery& query);

}  // namespace bayward
