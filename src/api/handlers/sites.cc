// Sites and bays, for everybody: where they are, whether they are free.
#include "api/handlers/handlers.h"
#include "api/views/views.h"
#include "core/permission/day_schedule.h"

namespace bayward::api {

using namespace core;

namespace {

template <class View>
struct Listed {
  std::vector<View> items;
  std::optional<uint64_t> next;
};

}  // namespace

void list_sites(const CallPtr& call) {
  const auto page = page_of(call);
  if (!page) return;
  ask(
      call,
      [page = *page](const State& state, Instant now) -> Seen<Listed<SiteView>> {
        Listed<SiteView> listed;
        uint64_t number = page.after.value_or(0) + 1;
        for (; number <= state.site_count() && listed.items.size() < page.limit; ++number) {
          listed.items.push_back(view_of(*state.site(SiteId{number}), now));
        }
        if (number <= state.site_count()) listed.next = number - 1;
        return listed;
      },
      [](Call& answer, const Listed<SiteView>& listed) {
        JsonOut out;
        out.object().name("items").array();
        for (const SiteView& view : listed.items) write(out, view);
        out.end();
        write_next(out, listed.next);
        answer.reply(200, std::move(out.end()));
      });
}

void show_site(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant now) -> Seen<SiteView> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        return view_of(*site, now);
      },
      [](Call& answer, const SiteView& view) {
        JsonOut out;
        write(out, view);
        answer.reply(200, std::move(out));
      });
}

void list_bays(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  const auto page = id ? page_of(call) : std::nullopt;
  if (!page) return;
  ask(
      call,
      [id = *id, page = *page](const State& state, Instant now) -> Seen<Listed<BayView>> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        Listed<BayView> listed;
        uint64_t index = page.after.value_or(0);
        for (; index < site->bays.size() && listed.items.size() < page.limit; ++index) {
          listed.items.push_back(view_of(*site, site->bays[index], now));
        }
        if (index < site->bays.size()) listed.next = index;
        return listed;
      },
      [id = *id](Call& answer, const Listed<BayView>& listed) {
        JsonOut out;
        out.object().field("at", answer.services().clock.now()).name("items").array();
        const bool staff = answer.staff_of(id);
        for (const BayView& view : listed.items) {
          write(out, view, staff || (answer.account() && view.info.owner == answer.account()));
        }
        out.end();
        write_next(out, listed.next);
        answer.reply(200, std::move(out.end()));
      });
}

void show_bay(const CallPtr& call) {
  const auto id = path_id<BayId>(call, 0, Refusal::unknown_bay);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant now) -> Seen<BayView> {
        const Site* site = state.site(site_of(id));
        const Bay* bay = site ? site->bay(id) : nullptr;
        if (!bay) return Failure{Refusal::unknown_bay};
        return view_of(*site, *bay, now);
      },
      [id = *id](Call& answer, const BayView& view) {
        JsonOut out;
        write(out, view, answer.staff_of(site_of(id)) || (answer.account() && view.info.owner == answer.account()));
        answer.reply(200, std::move(out));
      });
}

// A4. Whose booking it is: for its holder, the bay's owner and staff.
void show_schedule(const CallPtr& call) {
  const auto id = path_id<BayId>(call, 0, Refusal::unknown_bay);
  if (!id) return;
  const auto date = parse_date(call->request().parameter("date").value_or(""));
  if (!date) {
    return call->refuse(Trouble::bad_field, {"Say which day: ?date=2026-03-29.", "请指定日期：?date=2026-03-29。"});
  }
  struct Day {
    std::vector<ScheduleEntry> entries;
    AccountId owner;
  };
  ask(
      call,
      [id = *id, day = to_days(*date)](const State& state, Instant) -> Seen<Day> {
        const Site* site = state.site(site_of(id));
        const Bay* bay = site ? site->bay(id) : nullptr;
        if (!bay) return Failure{Refusal::unknown_bay};
        Day seen{day_schedule(*site, *bay, day), bay->info.owner};
        if (seen.entries.empty()) return Failure{Refusal::beyond_horizon};
        return seen;
      },
      [id = *id, date = *date](Call& answer, const Day& day) {
        const bool sees_all = answer.staff_of(site_of(id)) || day.owner == answer.account();
        JsonOut out;
        out.object().field("bay", id).field("date", date).name("items").array();
        for (const ScheduleEntry& entry : day.entries) {
          out.object().field("start", entry.span.start).field("end", entry.span.end).field("use", entry.use);
          if (entry.booking && (sees_all || entry.account == answer.account())) out.field("booking", entry.booking);
          out.end();
        }
        answer.reply(200, std::move(out.end().end()));
      });
}

}  // namespace bayward::api
