#include "journal/projections/field_projection.h"

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
  uint32_t incidents = 0;

  SqlResult<Done> operator()(const IncidentOpened& event) {
    const Incident& incident = event.incident;
    return database.run("INSERT INTO field_incident VALUES (?1,?2,?3,?4,?5,?6,?7,?8,NULL,?9,0,0,NULL,0,?10)",
                        key_in_record(record.position, incidents++), key(incident.id), key(site_of(incident.id)),
                        incident.kind, key(incident.bay), key(incident.booking), sqlite::Blob(incident.vehicle.bytes),
                        ms(incident.opened_at), incident.severity, incident.suppressed);
  }
  SqlResult<Done> operator()(const IncidentReported& event) {
    if (!event.active) return Done{};
    return database.run(
        "UPDATE field_incident SET kind=iif(?3>severity OR (?3=severity AND ?2>kind), ?2, kind), "
        "severity=max(severity,?3), suppressed=?4, acknowledged_ms=iif(?5, NULL, acknowledged_ms), "
        "acknowledged_by=iif(?5, 0, acknowledged_by) WHERE id=?1",
        key(event.incident), event.kind, event.severity, event.suppressed, event.escalate_at.has_value());
  }
  SqlResult<Done> operator()(const IncidentReraised& event) {
    return database.run(
        "UPDATE field_incident SET closed_ms=NULL, ended=0, acknowledged_ms=NULL, acknowledged_by=0, suppressed=?2 "
        "WHERE id=?1",
        key(event.incident), event.suppressed);
  }
  SqlResult<Done> operator()(const IncidentAcknowledged& event) {
    return database.run("UPDATE field_incident SET acknowledged_ms=?2, acknowledged_by=?3 WHERE id=?1",
                        key(event.incident), ms(record.at), key(event.by));
  }
  SqlResult<Done> operator()(const IncidentAssigned& event) {
    return database.run("UPDATE field_incident SET assigned_to=?2 WHERE id=?1", key(event.incident), key(event.to));
  }
  SqlResult<Done> operator()(const IncidentClosed& event) {
    return database.run(
        "UPDATE field_incident SET closed_ms=?2, ended=?3, "
        "acknowledged_ms=iif(?4=0, acknowledged_ms, coalesce(acknowledged_ms,?2)), "
        "acknowledged_by=iif(acknowledged_by=0, ?4, acknowledged_by) WHERE id=?1",
        key(event.incident), ms(record.at), event.end, key(event.by));
  }
  SqlResult<Done> operator()(const StationRegistered& event) {
    return database.run("INSERT INTO field_station VALUES (?1,?2,?3,0,?4,0)", key(event.station),
                        key(site_of(event.station)), event.identity, ms(record.at));
  }
  SqlResult<Done> operator()(const StationLinkChanged& event) {
    return database.run("UPDATE field_station SET online=?2, changed_ms=?3, links=links+?2 WHERE id=?1",
                        key(event.station), event.online, ms(record.at));
  }
  template <class Other>
  SqlResult<Done> operator()(const Other&) {
    return Done{};
  }
};

}  // namespace

const char* FieldProjection::schema() const {
  return R"(
CREATE TABLE field_incident(
  key INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, site INTEGER NOT NULL, kind INTEGER NOT NULL,
  bay INTEGER NOT NULL, booking INTEGER NOT NULL, vehicle BLOB NOT NULL, opened_ms INTEGER NOT NULL,
  closed_ms INTEGER, severity INTEGER NOT NULL, ended INTEGER NOT NULL, acknowledged_by INTEGER NOT NULL,
  acknowledged_ms INTEGER, assigned_to INTEGER NOT NULL, suppressed INTEGER NOT NULL) STRICT;
CREATE INDEX field_incident_by_site ON field_incident(site, key);
CREATE TABLE field_station(
  id INTEGER PRIMARY KEY, site INTEGER NOT NULL, identity TEXT NOT NULL, online INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL, links INTEGER NOT NULL) STRICT;
)";
}

SqlResult<Done> FieldProjection::apply(Database& database, const CommittedRecord& record) {
  Writer writer{database, record};
  for (const StreamEvent& event : record.events) {
    auto done = std::visit(writer, event.event);
    if (!done.ok()) return done;
  }
  return Done{};
}

}  // namespace bayward
