// A1, A3: when owners share their bays, and who may use shared piles.
#include "api/handlers/handlers.h"
#include "api/handlers/people.h"
#include "api/views/views.h"
#include "base/limits.h"

namespace bayward::api {

using namespace core;

namespace {

struct Dates {
  int32_t first_day = 0;
  int32_t last_day = 0;
};

Dates dates_in(Fields& in) {
  const Date first = in.date("first_date");
  const Date last = in.date("last_date");
  if (last < first) in.refuse("last_date", "must not be before first_date", "不得早于first_date");
  return {to_days(first), to_days(last)};
}

void answer_id(Call& call, std::string_view name, std::string id) {
  JsonOut out;
  call.reply(201, std::move(out.object().field(name, id).end()));
}

// The core refuses with `invalid`; people need to know which rule.
std::optional<Detail> told(std::optional<std::string_view> defect) {
  if (!defect) return std::nullopt;
  return Detail{"The hours can't be: " + std::string(*defect) + ".", "时段不成立：" + std::string(*defect) + "。"};
}

}  // namespace

void publish_window(const CallPtr& call) {
  const auto bay = path_id<BayId>(call, 0, Refusal::unknown_bay);
  if (!bay) return;
  Body body(call->request().body);
  Fields in = body.fields();
  Window window;
  window.bay = *bay;
  window.week = week_in(in, "week");
  const Dates dates = dates_in(in);
  window.first_day = dates.first_day;
  window.last_day = dates.last_day;
  in.finish();
  if (call->refused_by(body)) return;
  // 300 s is the finest unit; the site's own is checked by the core.
  if (const auto wrong = told(defect(window, 300))) return call->refuse(Refusal::invalid, *wrong);
  submit(call, call->actor_at(site_of(*bay)), PublishWindow{window}, [](Call& answer, const Accepted& accepted) {
    answer_id(answer, "window", to_text(WindowId{accepted.subject}));
  });
}

void list_windows(const CallPtr& call) {
  const auto id = path_id<BayId>(call, 0, Refusal::unknown_bay);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<std::vector<Window>> {
        const Site* site = state.site(site_of(id));
        if (!site || !site->bay(id)) return Failure{Refusal::unknown_bay};
        std::vector<Window> windows;
        for (const auto& [key, window] : site->windows) {
          if (window.bay == id) windows.push_back(window);
        }
        return windows;
      },
      [](Call& answer, const std::vector<Window>& windows) {
        JsonOut out;
        out.object().name("items").array();
        for (const Window& window : windows) write(out, window);
        out.end();
        write_next(out, std::nullopt);
        answer.reply(200, std::move(out.end()));
      });
}

void withdraw_window(const CallPtr& call) {
  const auto id = path_id<WindowId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  submit(call, call->actor_at(site_of(*id)), WithdrawWindow{*id},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

void set_window_exception(const CallPtr& call) {
  const auto id = path_id<WindowId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  const auto date = parse_date(call->parameter(1));
  if (!date) {
    return call->refuse(Trouble::bad_field,
                        {"The path must end with a date such as 2026-03-29.", "路径必须以日期结尾，例如2026-03-29。"});
  }
  Body body(call->request().body);
  Fields in = body.fields();
  if (!in.has("ranges")) in.refuse("ranges", "is missing; give [] to close the day", "缺失；如需全天关闭请给出[]");
  const std::vector<MinuteRange> ranges = ranges_in(in, "ranges");
  in.finish();
  if (call->refused_by(body)) return;
  if (const auto wrong = told(defect(ranges, 300))) return call->refuse(Refusal::invalid, *wrong);
  submit(call, call->actor_at(site_of(*id)), SetWindowException{*id, to_days(*date), ranges},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

void grant_permission(const CallPtr& call) {
  const auto site = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!site) return;
  Body body(call->request().body);
  Fields in = body.fields();
  Permission permission;
  permission.account = in.id<AccountId>("account");
  for (const auto& element : in.array("bays", 1000)) {
    const auto* text = element.if_string();
    const auto bay = text ? parse_id<BayId>({text->data(), text->size()}) : std::nullopt;
    if (!bay) in.refuse("bays", "must be a list of ids such as \"bay-1a\"", "必须是编号列表，例如\"bay-1a\"");
    if (bay) permission.bays.push_back(*bay);
  }
  for (const auto& element : in.array("groups", 1000)) {
    const auto* text = element.if_string();
    const bool fits = text && !text->empty() && text->size() <= limits::label_chars;
    if (!fits) in.refuse("groups", "must be a list of names of groups", "必须是分组名称列表");
    if (fits) permission.groups.emplace_back(text->data(), text->size());
  }
  permission.hours = week_in(in, "hours");
  const Dates dates = dates_in(in);
  permission.first_day = dates.first_day;
  permission.last_day = dates.last_day;
  permission.slots_per_day = static_cast<int32_t>(in.maybe_integer("slots_per_day", {0, 288}).value_or(0));
  permission.slots_per_week = static_cast<int32_t>(in.maybe_integer("slots_per_week", {0, 7 * 288}).value_or(0));
  in.finish();
  if (call->refused_by(body)) return;
  if (const auto wrong = told(defect(permission, 300))) return call->refuse(Refusal::invalid, *wrong);
  submit(call, call->actor_at(*site), GrantPermission{*site, permission}, [](Call& answer, const Accepted& accepted) {
    answer_id(answer, "permission", to_text(PermissionId{accepted.subject}));
  });
}

void list_permissions(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  const auto page = id ? page_of(call) : std::nullopt;
  if (!page) return;
  struct Listed {
    std::vector<Permission> items;
    std::optional<uint64_t> next;
  };
  ask(
      call,
      [id = *id, page = *page](const State& state, Instant) -> Seen<Listed> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        Listed listed;
        for (auto it = site->permissions.upper_bound(PermissionId{page.after.value_or(0)});
             it != site->permissions.end(); ++it) {
          if (listed.items.size() == page.limit) {
            listed.next = listed.items.back().id.value;
            break;
          }
          listed.items.push_back(it->second);
        }
        return listed;
      },
      [](Call& answer, const Listed& listed) {
        answer.services().workers.finish([call = answer.shared_from_this(), listed] {
          JsonOut out;
          out.object().name("items").array();
          for (const Permission& permission : listed.items) {
            write(out, permission, personal(call, {permission.account, VaultKind::name, 0}));
          }
          out.end();
          write_next(out, listed.next);
          call->reply(200, std::move(out.end()));
        });
      });
}

void revoke_permission(const CallPtr& call) {
  const auto id = path_id<PermissionId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  submit(call, call->actor_at(site_of(*id)), RevokePermission{*id},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

}  // namespace bayward::api
