#include "stations/field.h"

#include "ports/log.h"
#include "ports/normalise.h"
#include "ports/plate_picture.h"
#include "ports/plate_prints.h"
#include "stations/csms.h"

namespace bayward::stations {
namespace {

// Makes sure that the station's bays are known: a message may come before the first look has come back.
Part<bool> know_bays(SessionPtr session) {
  Csms& csms = session->csms();
  const auto station = csms.find(session->admission().station);
  if (station->bays_known) co_return true;
  std::vector<StationBay> bays;
  const bool looked =
      co_await csms.door().look([&](const core::State& state, Instant) { bays = bays_of(state, station->id); });
  if (looked && !station->bays_known) station->bays = bays;
  co_return looked;
}

}  // namespace

Part<BayId> bay_at(SessionPtr session, int64_t evse) {
  if (!co_await know_bays(session)) co_return BayId{};
  const Station& station = session->station();
  if (evse == 0 && station.bays.size() == 1) co_return station.bays.front().bay;
  co_return station.bay_at(evse);
}

Part<Told> report_status(SessionPtr session, ConnectorReport report) {
  if (!co_await know_bays(session)) co_return Told::busy;
  Csms& csms = session->csms();
  const auto station = csms.find(session->admission().station);
  if (report.evse == 0) {
    const bool down =
        report.status == core::ConnectorStatus::unavailable || report.status == core::ConnectorStatus::faulted;
    station->whole = down ? std::optional(report.status) : std::nullopt;
  } else {
    (void)station->report(report);
    if (report.status == core::ConnectorStatus::available) try_again(station->device, report.evse);
  }
  Told result = Told::done;
  const std::vector<StationBay> bays = station->bays;
  for (const StationBay& place : bays) {
    if (report.evse != 0 && place.evse != report.evse) continue;
    const core::ConnectorStatus status = station->status_of(place.evse);
    if (status == core::ConnectorStatus::unknown) continue;
    if (told(co_await csms.door().submit(core::RecordConnectorStatus{place.bay, status})) == Told::busy) {
      result = Told::busy;
    }
  }
  csms.drive(station->id);
  co_return result;
}

Part<Told> report_occupancy(SessionPtr session, int64_t evse, bool occupied, Instant at) {
  const BayId bay = co_await bay_at(session, evse);
  if (!bay) co_return Told::unknown;
  co_return told(co_await session->csms().door().submit(core::RecordOccupancy{bay, occupied, at}));
}

Part<Told> report_hazard(SessionPtr session, int64_t evse, core::IncidentKind kind, bool active, Instant at) {
  core::ReportHazard report;
  report.bay = co_await bay_at(session, evse);
  report.site = site_of(session->admission().station);
  report.kind = kind;
  report.active = active;
  report.at = at;
  // What concerns a whole station of several bays is the site's.
  co_return told(co_await session->csms().door().submit(report));
}

Part<Told> report_plate(SessionPtr session, int64_t evse, PlateReport report) {
  const BayId bay = co_await bay_at(session, evse);
  const auto normal = normalise_plate(report.plate);
  if (!bay || !normal) {
    log::debug("station.plate_dropped", {{"station", session->admission().identity}, {"bay_known", bool{bay}}});
    co_return Told::unknown;
  }
  core::IdentifyVehicle command;
  command.bay = bay;
  command.via = core::IdentityVia::plate;
  command.identity = session->csms().vault().fingerprint(VaultKind::plate, *normal);
  command.at = report.at;
  Vault& vault = session->csms().vault();
  command.plate = plate_prints(vault, *normal);
  // Before the look-up, so that the police can be told what was read whatever happens in between (B5).
  std::vector<VaultRow> rows{{{{}, VaultKind::plate_read, bay.value}, *normal, command.plate.exact}};
  // A picture that nobody may have is not kept.
  if (!report.picture.empty() && session->csms().options().keep_plate_pictures) {
    rows.push_back(row_of(vault, bay, {*normal, report.at, std::move(report.picture)}));
  }
  Status kept = Done{};
  co_await session->csms().door().background([&] { kept = vault.put_all(rows); });
  if (!kept) {
    log::error("station.plate_not_kept", {{"why", kept.error().message}});
    co_return Told::busy;
  }
  co_return told(co_await session->csms().door().submit(command));
}

}  // namespace bayward::stations
