#include "journal/projections/charging_projection.h"

#include <algorithm>

#include "journal/projections/ids.h"
#include "ports/engine.h"

namespace bayward {
namespace {

using namespace core;
using namespace projections;
using sqlite::Database;
using sqlite::SqlResult;

struct Writer {
  Database& database;
  const CommittedRecord& record;

  SqlResult<Done> operator()(const SessionStarted& event) {
    return database.run(
        "INSERT INTO charging(position, id, station, evse, bay, site, booking, account, started_ms, start_milliwh, "
        "latest_milliwh) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?10)",
        record.position, key(event.session), key(event.station), event.evse, key(event.bay),
        key(site_of(event.session)), key(event.booking), key(event.account), ms(event.start.at),
        event.start.register_milliwh);
  }
  SqlResult<Done> operator()(const SessionMetered& event) {
    int64_t highest = 0;
    for (const MeterPoint& reading : event.readings) highest = std::max(highest, reading.register_milliwh);
    return database.run("UPDATE charging SET latest_milliwh=max(latest_milliwh, ?2) WHERE id=?1 AND stopped_ms IS NULL",
                        key(event.session), highest);
  }
  SqlResult<Done> operator()(const SessionStopped& event) {
    return database.run("UPDATE charging SET stopped_ms=?2, latest_milliwh=?3, register_defect=?4 WHERE id=?1",
                        key(event.session), ms(event.stop.at), event.stop.register_milliwh, event.register_defect);
  }
  template <class Other>
  SqlResult<Done> operator()(const Other&) {
    return Done{};
  }
};

}  // namespace

const char* ChargingProjection::schema() const {
  return R"(
CREATE TABLE charging(
  position INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, station INTEGER NOT NULL, evse INTEGER NOT NULL,
  bay INTEGER NOT NULL, site INTEGER NOT NULL, booking INTEGER NOT NULL, account INTEGER NOT NULL,
  started_ms INTEGER NOT NULL, stopped_ms INTEGER, start_milliwh INTEGER NOT NULL, latest_milliwh INTEGER NOT NULL,
  register_defect INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX charging_by_site ON charging(site, position);
CREATE INDEX charging_by_booking ON charging(booking);
)";
}

SqlResult<Done> ChargingProjection::apply(Database& database, const CommittedRecord& record) {
  for (const StreamEvent& event : record.events) {
    auto done = std::visit(Writer{database, record}, event.event);
    if (!done.ok()) return done;
  }
  return Done{};
}

}  // namespace bayward
