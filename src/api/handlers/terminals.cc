// What the terminals need beside the plain resources: a site's people opened by its own office, what the stations told
// of themselves, and the course of a charging session.
#include <algorithm>

#include "api/handlers/handlers.h"
#include "api/handlers/people.h"
#include "api/views/views.h"
#include "core/account/account.h"

namespace bayward::api {

using namespace core;

namespace {

constexpr size_t course_points = 120;

void write_device(JsonOut& out, const StationStatus& station) {
  out.object().field("station", station.station).field("identity", station.identity);
  out.field("protocol", station.protocol).field("address", station.peer);
  out.field("online_since", station.online_since).field("last_message_at", station.last_message_at);
  out.field("booted", station.booted).field("vendor", station.vendor).field("model", station.model);
  out.field("serial_number", station.serial_number).field("firmware", station.firmware);
  out.field("calls_waiting", station.calls_waiting).field("reservations_held", station.reservations_held);
  out.field("reservations_refused", station.reservations_refused.size()).end();
}

TelemetryQuery course_of(const SessionRow& session, Measure measure, Instant now) {
  TelemetryQuery query;
  query.measure = measure;
  query.during = {session.started_at, session.stopped_at.value_or(now) + 1s};
  query.station = session.station;
  query.session = session.session;
  query.points_max = course_points;
  return query;
}

void write_course(const CallPtr& call, const SessionRow& session) {
  std::vector<TelemetryPoint> power;
  std::vector<TelemetryPoint> energy;
  if (TelemetryHistory* history = call->services().telemetry) {
    const Instant now = call->begun();
    auto found = history->query(course_of(session, Measure::power_import_w, now));
    if (!found) return call->unavailable("telemetry", found.error());
    auto registers = history->query(course_of(session, Measure::energy_import_wh, now));
    if (!registers) return call->unavailable("telemetry", registers.error());
    power = *std::move(found);
    energy = *std::move(registers);
  }
  JsonOut out;
  out.object().field("session", session.session).name("power_w");
  power.empty() ? out.null() : out.value(power.back().last);
  out.name("energy_wh");
  energy.empty() ? out.null() : out.value(energy.back().last - energy.front().low);
  out.name("items").array();
  for (const TelemetryPoint& point : power) {
    out.object().field("at", point.start).field("power_w", point.mean).field("power_max_w", point.high).end();
  }
  call->reply(200, std::move(out.end().end()));
}

}  // namespace

// The account is a driver's, and an owner's if so said; other roles are the operator's to give.
void open_resident(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  NewPerson person = person_in(in);
  NewRoles roles;
  roles.roles = role_driver;
  if (in.maybe_flag("owner").value_or(false)) roles.roles |= role_owner;
  in.finish();
  if (call->refused_by(body)) return;
  open_person(call, std::move(person), std::move(roles), [](Call& answer, AccountId account) {
    JsonOut out;
    answer.reply(201, std::move(out.object().field("account", account).end()));
  });
}

void list_devices(const CallPtr& call) {
  const auto site = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!site) return;
  call->services().stations.list([call, id = *site](const std::vector<StationStatus>& stations) {
    JsonOut out;
    out.object().name("items").array();
    for (const StationStatus& station : stations) {
      if (site_of(station.station) == id) write_device(out, station);
    }
    out.end();
    write_next(out, std::nullopt);
    call->reply(200, std::move(out.end()));
  });
}

void show_session_course(const CallPtr& call) {
  const auto id = path_id<SessionId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  call->on_worker([call, id = *id] {
    auto row = call->services().lists.session(id);
    if (!row) return call->unavailable("session", row.error());
    if (!*row) return call->refuse(Refusal::unknown_thing);
    const bool may_see = (*row)->account == call->account() || call->staff_of(site_of(id));
    if (!may_see) return call->refuse(Refusal::not_yours);
    write_course(call, **row);
  });
}

}  // namespace bayward::api
