// D3, D4: the dangers that a person has been told of, as they are now: what an alarm on the screen is made of. Which
// danger it is and whether it lasts is for everybody to whom a message is owed; the rest of the incident is the
// staff's.
#include "api/handlers/handlers.h"
#include "core/account/account.h"
#include "core/incident/incident.h"
#include "ports/duty_board.h"
#include "ports/log.h"

namespace bayward::api {

using namespace core;

namespace {

struct Alarm {
  SiteId site;
  std::string label;
  Delivery told;  // the latest message but the all-clear
  Instant opened_at{};
  bool over = false;
  int32_t round = 1;
  SessionId session;  // one's own at that bay, still open
};

// The latest alarm or reminder to this account; null: none is owed.
const Delivery* told_to(const Site& site, IncidentId incident, AccountId account) {
  const Delivery* latest = nullptr;
  for (const DeliveryId id : site.deliveries_of(incident)) {
    const Delivery& one = site.deliveries.get(id);
    if (one.to.account == account && one.step != DeliveryStep::all_clear) latest = &one;
  }
  return latest;
}

Alarm alarm_of(const Site& site, const Incident& incident, const Delivery& told, AccountId account) {
  Alarm alarm{site.id, {}, told, incident.opened_at, incident.over(), incident.round, {}};
  const Bay* bay = told.bay ? site.bay(told.bay) : nullptr;
  if (!bay) return alarm;
  alarm.label = bay->info.label;
  const Session* session = bay->session ? site.sessions.find(bay->session) : nullptr;
  if (session && session->open && session->account == account) alarm.session = session->id;
  return alarm;
}

void write(JsonOut& out, const Alarm& alarm) {
  out.object().field("incident", alarm.told.incident).field("site", alarm.site).field("bay", alarm.told.bay);
  out.field("bay_label", alarm.label).field("kind", to_text(alarm.told.kind));
  out.field("severity", to_text(alarm.told.severity)).field("opened_at", alarm.opened_at).field("over", alarm.over);
  out.field("round", alarm.round).field("session", alarm.session).end();
}

}  // namespace

void list_my_alarms(const CallPtr& call) {
  ask(
      call,
      [me = call->account()](const State& state, Instant) -> Seen<std::vector<Alarm>> {
        std::vector<Alarm> mine;
        for (uint64_t number = 1; number <= state.site_count(); ++number) {
          const Site& site = *state.site(SiteId{number});
          site.incidents.for_each([&](const Incident& incident) {
            if (incident.kind < IncidentKind::thermal_warning || incident.kind == IncidentKind::watch_list) return;
            const Delivery* told = told_to(site, incident.id, me);
            if (told) mine.push_back(alarm_of(site, incident, *told, me));
          });
        }
        return mine;
      },
      [](Call& answer, const std::vector<Alarm>& mine) {
        JsonOut out;
        out.object().name("items").array();
        for (const Alarm& alarm : mine) write(out, alarm);
        out.end();
        write_next(out, std::nullopt);
        answer.reply(200, std::move(out.end()));
      });
}

// Roll calls of fire centres: only a person may say that a person is on duty.
void list_duty_calls(const CallPtr& call) {
  const DutyBoard* board = call->services().duty;
  JsonOut out;
  out.object().name("items").array();
  for (const auto& question : board ? board->open() : std::vector<DutyBoard::Question>{}) {
    out.object().field("desk", question.desk).field("asked_at", question.asked_at).field("until", question.until).end();
  }
  out.end();
  write_next(out, std::nullopt);
  call->reply(200, std::move(out.end()));
}

void answer_duty_call(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const int64_t number = in.integer("operator_number", {0, 255});
  in.finish();
  if (call->refused_by(body)) return;
  DutyBoard* board = call->services().duty;
  const std::string desk(call->parameter(0));
  if (!board || !board->answer(desk, static_cast<uint8_t>(number))) return call->refuse(Refusal::unknown_thing);
  log::info("alarm.roll_call_answered", {{"desk", desk}, {"account", to_text(call->account())}, {"number", number}});
  call->no_content();
}

}  // namespace bayward::api
