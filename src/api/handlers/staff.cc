// What a property office does for its site: bays, rules, prices, and what happened there.
#include "api/handlers/handlers.h"
#include "api/handlers/lists.h"
#include "api/views/views.h"
#include "base/limits.h"

namespace bayward::api {

using namespace core;

namespace {

void answer_bay(const CallPtr& call, BayId id, int status) {
  ask(
      call,
      [id](const State& state, Instant now) -> Seen<BayView> {
        const Site* site = state.site(site_of(id));
        const Bay* bay = site ? site->bay(id) : nullptr;
        if (!bay) return Failure{Refusal::unknown_bay};
        return view_of(*site, *bay, now);
      },
      [status](Call& answer, const BayView& view) {
        JsonOut out;
        write(out, view, true);
        answer.reply(status, std::move(out));
      });
}

}  // namespace

void define_bay(const CallPtr& call) {
  const auto site = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!site) return;
  Body body(call->request().body);
  Fields in = body.fields();
  BayInfo info;
  bay_info_in(in, info, true);
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at(*site), DefineBay{*site, info}, [](Call& answer, const Accepted& accepted) {
    answer_bay(answer.shared_from_this(), BayId{accepted.subject}, 201);
  });
}

// What is given replaces what is; "charger": null takes the charger away.
void change_bay(const CallPtr& call) {
  const auto id = path_id<BayId>(call, 0, Refusal::unknown_bay);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<BayInfo> {
        const Site* site = state.site(site_of(id));
        const Bay* bay = site ? site->bay(id) : nullptr;
        if (!bay) return Failure{Refusal::unknown_bay};
        return bay->info;
      },
      [id = *id](Call& answer, BayInfo info) {
        Body body(answer.request().body);
        Fields in = body.fields();
        if (in.given_null("charger")) info.charger.reset();
        bay_info_in(in, info, false);
        in.finish();
        if (answer.refused_by(body)) return;
        submit(answer.shared_from_this(), answer.actor_at(site_of(id)), ChangeBay{id, info},
               [id](Call& changed, const Accepted&) { answer_bay(changed.shared_from_this(), id, 200); });
      });
}

void set_bay_service(const CallPtr& call) {
  const auto id = path_id<BayId>(call, 0, Refusal::unknown_bay);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const bool in_service = in.flag("in_service");
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at(site_of(*id)), SetBayService{*id, in_service},
         [id = *id](Call& answer, const Accepted&) { answer_bay(answer.shared_from_this(), id, 200); });
}

void show_site_rules(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<SiteRules> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        return site->rules;
      },
      [](Call& answer, const SiteRules& rules) {
        JsonOut out;
        write(out, rules);
        answer.reply(200, std::move(out));
      });
}

void set_site_rules(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const SiteRules rules = rules_in(in);
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at(*id), SetSiteRules{*id, rules}, [rules](Call& answer, const Accepted&) {
    JsonOut out;
    write(out, rules);
    answer.reply(200, std::move(out));
  });
}

void publish_tariff(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const Tariff tariff = tariff_in(in);
  const bool for_site = in.maybe_flag("for_site").value_or(true);
  in.finish();
  if (call->refused_by(body)) return;
  if (const Status checked = validate(tariff); !checked) {
    return call->refuse(Trouble::bad_field, {checked.error().message, "资费不成立：" + checked.error().message});
  }
  submit(call, call->actor_at(*id), PublishTariff{*id, tariff, for_site}, [](Call& answer, const Accepted& accepted) {
    JsonOut out;
    answer.reply(201, std::move(out.object().field("tariff", TariffId{accepted.subject}).end()));
  });
}

// What a stay would cost by a tariff that need not be published, by the pricing function of the invoice.
void preview_tariff(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  Fields given = in.object("tariff");
  const Tariff tariff = tariff_in(given);
  given.finish();
  const Instant start = in.time("start");
  const Interval span{start, in.time("end")};
  const int64_t energy_milliwh = in.maybe_energy("energy_wh").value_or(0);
  const Instant left_at = in.maybe_time("left_at").value_or(span.end);
  in.finish();
  if (call->refused_by(body)) return;
  if (const Status checked = validate(tariff); !checked) {
    return call->refuse(Trouble::bad_field, {checked.error().message, "资费不成立：" + checked.error().message});
  }
  constexpr Duration longest{limits::calendar_days * 24h};
  if (span.empty() || span.length() > longest || left_at > span.end + longest) {
    return call->refuse(Refusal::bad_interval);
  }
  ask(
      call,
      [=, id = *id](const State& state, Instant) -> Seen<Invoice> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        Usage usage;
        usage.parking = span;
        usage.visit_made = true;
        if (energy_milliwh > 0) usage.estimate = EnergyEstimate{energy_milliwh, span};
        if (left_at > span.end) usage.overstay = Interval{span.end, left_at};
        return price(tariff, site->zone, usage);
      },
      [](Call& answer, const Invoice& invoice) {
        JsonOut out;
        out.object().name("invoice");
        write(out, invoice);
        answer.reply(200, std::move(out.end()));
      });
}

void list_tariffs(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  struct Listed {
    std::vector<Tariff> tariffs;
    TariffId in_force;
  };
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<Listed> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        return Listed{site->tariffs, site->tariff};
      },
      [](Call& answer, const Listed& listed) {
        JsonOut out;
        out.object().field("in_force", listed.in_force).name("items").array();
        for (const Tariff& tariff : listed.tariffs) write(out, tariff);
        out.end();
        write_next(out, std::nullopt);
        answer.reply(200, std::move(out.end()));
      });
}

void list_site_bookings(const CallPtr& call) {
  const auto site = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!site) return;
  ReadModels::BookingFilter filter;
  filter.site = *site;
  list_bookings(call, filter);
}

void list_site_sessions(const CallPtr& call) {
  const auto site = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!site) return;
  list(call, [id = *site](ReadModels& lists, const ListQuery& query) { return lists.sessions(id, query); });
}

void list_site_visits(const CallPtr& call) {
  const auto site = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!site) return;
  list(call, [id = *site](ReadModels& lists, const ListQuery& query) { return lists.visits(id, query); });
}

void list_stations(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  const auto page = id ? page_of(call) : std::nullopt;
  if (!page) return;
  struct Listed {
    std::vector<Station> items;
    std::optional<uint64_t> next;
  };
  ask(
      call,
      [id = *id, page = *page](const State& state, Instant) -> Seen<Listed> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        Listed listed;
        size_t index = page.after.value_or(0);
        for (; index < site->stations.size() && listed.items.size() < page.limit; ++index) {
          listed.items.push_back(site->stations[index]);
        }
        if (index < site->stations.size()) listed.next = index;
        return listed;
      },
      [](Call& answer, const Listed& listed) {
        JsonOut out;
        out.object().name("items").array();
        for (const Station& station : listed.items) {
          out.object().field("station", station.id).field("identity", station.identity);
          out.field("online", station.online).name("link_since");
          station.link_since == Instant{} ? out.null() : out.value(station.link_since);
          out.end();
        }
        out.end();
        write_next(out, listed.next);
        answer.reply(200, std::move(out.end()));
      });
}

}  // namespace bayward::api
