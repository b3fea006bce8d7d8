// D3-D8: what is dangerous or wrong at a site, who was told, and what people have done about it.
//
// Hits of the watch list are for the police desk alone (B5): here they do not exist.
#include "api/handlers/handlers.h"
#include "api/handlers/lists.h"
#include "api/views/views.h"
#include "base/limits.h"
#include "core/incident/desk.h"

namespace bayward::api {

using namespace core;

namespace {

constexpr IntegerRange seconds_range{0, 7 * 24 * 3600};

std::optional<IncidentKind> kind_in(Fields& in, std::string_view name) {
  const auto word = in.maybe_text(name, 1, 64);
  if (!word) return std::nullopt;
  const auto kind = parse_incident_kind(*word);
  if (!kind) in.refuse(name, "must be a kind of incident, such as smoke", "必须是事件类型，例如smoke");
  return kind;
}

PartySet parties_in(Fields& in, std::string_view name) {
  PartySet set = 0;
  for (const auto& element : in.array(name, parties)) {
    const auto* word = element.if_string();
    const auto party = word ? parse_party({word->data(), word->size()}) : std::nullopt;
    if (!party) {
      in.refuse(name, "must be parties such as property or fire_desk", "必须是通知对象，例如property或fire_desk");
      return set;
    }
    set |= bit(*party);
  }
  return set;
}

void write_parties(JsonOut& out, std::string_view name, PartySet set) {
  out.name(name).array();
  for (size_t i = 0; i < parties; ++i) {
    if ((set & bit(static_cast<Party>(i))) != 0) out.value(to_text(static_cast<Party>(i)));
  }
  out.end();
}

std::optional<int64_t> seconds(Duration duration) {
  if (duration >= far_future - Instant{} - 24h) return std::nullopt;  // never
  return std::chrono::floor<std::chrono::seconds>(duration).count();
}

void write(JsonOut& out, IncidentKind kind, const IncidentPolicy& policy) {
  out.object().field("kind", to_text(kind)).field("severity", to_text(policy.severity));
  write_parties(out, "told", policy.told);
  write_parties(out, "told_later", policy.told_later);
  out.field("escalate_after_s", seconds(policy.escalate_after)).field("quiet_for_s", seconds(policy.quiet_for));
  out.field("needs_person", policy.needs_person).field("all_clear", policy.all_clear).end();
}

struct Story {
  Incident incident;
  std::vector<Delivery> deliveries;
  StandingOrder order;
};

void write(JsonOut& out, const Story& story) {
  const Incident& incident = story.incident;
  out.object().field("incident", incident.id).field("kind", to_text(incident.kind));
  out.field("severity", to_text(incident.severity)).field("bay", incident.bay).field("booking", incident.booking);
  out.field("opened_at", incident.opened_at).field("over", incident.over()).field("suppressed", incident.suppressed);
  out.field("acknowledged_by", incident.acknowledged_by).field("assigned_to", incident.assigned_to);
  out.field("level", incident.level).field("round", incident.round).name("sources").array();
  for (const IncidentSource& source : incident.sources) {
    out.object().field("bay", source.bay).field("kind", to_text(source.kind)).field("active", source.active);
    out.field("since", source.since).field("changes", source.changes).end();
  }
  out.end().name("deliveries").array();
  for (const Delivery& one : story.deliveries) {
    out.object().field("party", to_text(one.to.party)).field("account", one.to.account);
    out.field("step", to_text(one.step)).field("state", to_text(one.state)).field("tries", one.tries);
    out.field("queued_at", one.queued_at).end();
  }
  out.end().name("standing_order");
  story.order.empty() ? void(out.null()) : write(out, story.order);
  out.end();
}

const Incident* visible(const State& state, IncidentId id) {
  const Site* site = state.site(site_of(id));
  const Incident* incident = site ? site->incidents.find(id) : nullptr;
  return incident && incident->kind != IncidentKind::watch_list ? incident : nullptr;
}

}  // namespace

void list_incidents(const CallPtr& call) {
  const auto site = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!site) return;
  list(call, [id = *site](ReadModels& lists, const ListQuery& query) { return lists.incidents(id, query); });
}

void show_incident(const CallPtr& call) {
  const auto id = path_id<IncidentId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<Story> {
        const Incident* incident = visible(state, id);
        if (!incident) return Failure{Refusal::unknown_thing};
        Story story{*incident, {}, {}};
        const Site& site = *state.site(site_of(id));
        const auto order = site.standing_orders.find(incident->kind);
        if (order != site.standing_orders.end()) story.order = order->second;
        for (DeliveryId one : site.deliveries_of(id)) story.deliveries.push_back(site.deliveries.get(one));
        return story;
      },
      [](Call& answer, const Story& story) {
        JsonOut out;
        write(out, story);
        answer.reply(200, std::move(out));
      });
}

void acknowledge_incident(const CallPtr& call) {
  const auto id = path_id<IncidentId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  submit(call, call->actor_at(site_of(*id)), AcknowledgeIncident{*id},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

void assign_incident(const CallPtr& call) {
  const auto id = path_id<IncidentId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const auto to = in.id<AccountId>("account");
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at(site_of(*id)), AssignIncident{*id, to},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

void close_incident(const CallPtr& call) {
  const auto id = path_id<IncidentId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  bool false_alarm = false;
  if (!call->request().body.empty()) {
    Body body(call->request().body);
    Fields in = body.fields();
    false_alarm = in.maybe_flag("false_alarm").value_or(false);
    in.finish();
    if (call->refused_by(body)) return;
  }
  submit(call, call->actor_at(site_of(*id)), CloseIncident{*id, false_alarm},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

// D6, from the phone: for whoever has the bay now.
void call_for_help(const CallPtr& call) {
  const auto id = path_id<BayId>(call, 0, Refusal::unknown_bay);
  if (!id) return;
  ask(
      call,
      [id = *id, account = call->account()](const State& state, Instant now) -> Seen<bool> {
        const Site* site = state.site(site_of(id));
        const Bay* bay = site ? site->bay(id) : nullptr;
        if (!bay) return Failure{Refusal::unknown_bay};
        const Booking* booking = site->booking_at(id, now, site->rules.early_arrival);
        const Visit* visit = site->visits.find(bay->visit);
        const bool here = (booking && booking->account == account) || (visit && visit->account == account);
        if (!here && bay->info.owner != account) return Failure{Refusal::unknown_booking};
        return true;
      },
      [call, id = *id](Call&, bool) {
        ReportHazard report;
        report.site = site_of(id);
        report.bay = id;
        report.kind = IncidentKind::panic_button;
        report.at = call->services().clock.now();
        submit(call, call->person(), report, [](Call& answer, const Accepted&) { answer.no_content(); });
      });
}

void list_suppressions(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant now) -> Seen<std::vector<Suppression>> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        std::vector<Suppression> open = site->suppressions;
        std::erase_if(open, [&](const Suppression& one) { return one.until <= now; });
        return open;
      },
      [](Call& answer, const std::vector<Suppression>& open) {
        JsonOut out;
        out.object().name("items").array();
        for (const Suppression& one : open) {
          out.object().field("number", int64_t{one.number}).field("bay", one.bay).name("kind");
          one.kind ? out.value(to_text(*one.kind)) : out.null();
          out.field("until", one.until).field("by", one.by).field("reason", one.reason).end();
        }
        out.end();
        write_next(out, std::nullopt);
        answer.reply(200, std::move(out.end()));
      });
}

void suppress_alarms(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  Suppression suppression;
  suppression.bay = in.maybe_id<BayId>("bay").value_or(BayId{});
  suppression.kind = kind_in(in, "kind");
  suppression.until = in.time("until");
  suppression.reason = in.text("reason", 1, limits::label_chars);
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at(*id), SuppressAlarms{*id, suppression}, [](Call& answer, const Accepted& accepted) {
    JsonOut out;
    answer.reply(201, std::move(out.object().field("number", static_cast<int64_t>(accepted.subject)).end()));
  });
}

void lift_suppression(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  uint32_t number = 0;
  const std::string_view text = call->parameter(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return call->refuse(Refusal::unknown_thing);
  submit(call, call->actor_at(*id), LiftSuppression{*id, number},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

void list_incident_policies(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  using Policies = std::vector<IncidentPolicy>;
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<Policies> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        Policies all;
        for (size_t i = 0; i < incident_kinds; ++i) all.push_back(policy_of(*site, static_cast<IncidentKind>(i)));
        return all;
      },
      [](Call& answer, const Policies& all) {
        JsonOut out;
        out.object().name("items").array();
        for (size_t i = 0; i < all.size(); ++i) write(out, static_cast<IncidentKind>(i), all[i]);
        out.end();
        write_next(out, std::nullopt);
        answer.reply(200, std::move(out.end()));
      });
}

void set_incident_policy(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  const auto kind = parse_incident_kind(call->parameter(1));
  if (!kind) return call->refuse(Refusal::unknown_thing);
  static const std::array<Word<Severity>, 3> severities = {{{to_text(Severity::notice), Severity::notice},
                                                            {to_text(Severity::warning), Severity::warning},
                                                            {to_text(Severity::danger), Severity::danger}}};
  Body body(call->request().body);
  Fields in = body.fields();
  IncidentPolicy policy = default_policy(*kind);
  policy.severity = in.maybe_word("severity", severities).value_or(policy.severity);
  if (in.has("told")) policy.told = parties_in(in, "told");
  if (in.has("told_later")) policy.told_later = parties_in(in, "told_later");
  if (const auto s = in.maybe_integer("escalate_after_s", seconds_range))
    policy.escalate_after = std::chrono::seconds{*s};
  if (const auto s = in.maybe_integer("quiet_for_s", seconds_range)) policy.quiet_for = std::chrono::seconds{*s};
  policy.needs_person = in.maybe_flag("needs_person").value_or(policy.needs_person);
  policy.all_clear = in.maybe_flag("all_clear").value_or(policy.all_clear);
  in.finish();
  if (call->refused_by(body)) return;
  if (const auto wrong = defect(*kind, policy)) {
    return call->refuse(Refusal::invalid, {"The policy can't be: " + std::string(*wrong) + ".",
                                           "规则不成立：" + std::string(*wrong) + "。"});
  }
  submit(call, call->actor_at(*id), SetIncidentPolicy{*id, *kind, policy},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

// D8: bays whose devices have to be looked at before they are believed again.
void list_inspections(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  struct Due {
    BayId bay;
    std::string label;
    Instant since;
    int32_t reports;
  };
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<std::vector<Due>> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        std::vector<Due> due;
        for (const Bay& bay : site->bays) {
          if (bay.inspection_since == Instant{}) continue;
          due.push_back({bay.id, bay.info.label, bay.inspection_since, bay.hazard_reports});
        }
        return due;
      },
      [](Call& answer, const std::vector<Due>& due) {
        JsonOut out;
        out.object().name("items").array();
        for (const Due& one : due) {
          out.object().field("bay", one.bay).field("label", one.label).field("since", one.since);
          out.field("reports_today", one.reports).end();
        }
        out.end();
        write_next(out, std::nullopt);
        answer.reply(200, std::move(out.end()));
      });
}

void record_inspection(const CallPtr& call) {
  const auto id = path_id<BayId>(call, 0, Refusal::unknown_bay);
  if (!id) return;
  submit(call, call->actor_at(site_of(*id)), RecordInspection{*id},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

}  // namespace bayward::api
