// Sets of settings: what an operator wants of a group of stations, and how each of them stands to it.
#include "api/handlers/fleet_path.h"
#include "base/limits.h"

namespace bayward::api {
namespace {

SettingSet set_in(const CallPtr& call, Fields& in) {
  SettingSet out;
  out.name = in.text("name", 1, 100);
  out.group = group_in(in, "group");
  size_t index = 0;
  for (const auto& element : in.array("settings", limits::settings_of_set)) {
    Fields one = in.object_in("settings", index++, element);
    SetSetting& setting = out.settings.emplace_back();
    setting.variable = one.maybe_text("variable", 1, 200).value_or("");
    setting.key = one.maybe_text("key", 1, 50).value_or("");
    setting.value = one.text("value", 0, 1000);
    one.finish();
  }
  out.changed_by = call->account();
  return out;
}

void write_head(JsonOut& out, const SettingSet& set) {
  out.object().field("set", set.number).field("name", set.name).name("group");
  write(out, set.group);
  out.name("settings").array();
  for (const SetSetting& one : set.settings) {
    out.object().field("variable", one.variable).field("key", one.key).field("value", one.value).end();
  }
  out.end().field("changed_by", set.changed_by).field("changed_at", set.changed_at);
}

std::string_view state_of(const StationStanding& station) {
  if (!station.trouble.empty()) return "unknown";
  if (station.checked_at == Instant{}) return "not_compared";
  for (const SettingStanding& one : station.settings) {
    if (one.status != "InStep" && one.status != "Accepted") return "differs";
  }
  return "in_step";
}

void write(JsonOut& out, const StationStanding& station) {
  out.object().field("station", station.station).field("identity", station.identity).field("state", state_of(station));
  write_time(out, "compared_at", station.checked_at);
  out.field("trouble", station.trouble).name("settings").array();
  for (const SettingStanding& one : station.settings) {
    out.object().field("name", one.name).field("wanted", one.wanted).field("reported", one.reported);
    out.field("status", one.status).end();
  }
  out.end().end();
}

void put_set(const CallPtr& call, uint64_t number) {
  FleetDesk* fleet = fleet_of(call);
  if (!fleet) return;
  Body body(call->request().body);
  Fields in = body.fields();
  SettingSet set = set_in(call, in);
  in.finish();
  if (call->refused_by(body)) return;
  set.number = number;
  fleet->put_setting_set(std::move(set), [call, number](const Result<std::optional<SettingSet>>& kept) {
    if (!kept) return refuse_words(call, kept.error());
    if (!*kept) return call->refuse(Trouble::not_found);
    JsonOut out;
    write_head(out, **kept);
    call->reply(number == 0 ? 201 : 200, std::move(out.end()));
  });
}

}  // namespace

void list_setting_sets(const CallPtr& call) {
  FleetDesk* fleet = fleet_of(call);
  if (!fleet) return;
  fleet->setting_sets([call](const std::vector<SettingSet>& sets) {
    JsonOut out;
    out.object().name("items").array();
    for (const SettingSet& set : sets) {
      write_head(out, set);
      out.end();
    }
    out.end();
    call->reply(200, std::move(out.end()));
  });
}

void add_setting_set(const CallPtr& call) {
  put_set(call, 0);
}

void change_setting_set(const CallPtr& call) {
  if (const auto number = path_number(call)) put_set(call, *number);
}

void show_setting_set(const CallPtr& call) {
  FleetDesk* fleet = fleet_of(call);
  const auto number = fleet ? path_number(call) : std::nullopt;
  if (!number) return;
  fleet->standing(*number, [call](const std::optional<std::vector<StationStanding>>& stations) {
    if (!stations) return call->refuse(Trouble::not_found);
    JsonOut out;
    out.object().name("stations").array();
    for (const StationStanding& station : *stations) write(out, station);
    out.end();
    call->reply(200, std::move(out.end()));
  });
}

void remove_setting_set(const CallPtr& call) {
  FleetDesk* fleet = fleet_of(call);
  const auto number = fleet ? path_number(call) : std::nullopt;
  if (!number) return;
  fleet->remove_setting_set(*number, call->account(), [call](const Result<bool>& removed) {
    if (!removed) return refuse_words(call, removed.error());
    if (!*removed) return call->refuse(Trouble::not_found);
    call->no_content();
  });
}

void compare_setting_set(const CallPtr& call) {
  FleetDesk* fleet = fleet_of(call);
  const auto number = fleet ? path_number(call) : std::nullopt;
  if (!number) return;
  fleet->compare_now(*number, call->account(), [call](const std::optional<size_t>& connected) {
    if (!connected) return call->refuse(Trouble::not_found);
    JsonOut out;
    call->reply(202, std::move(out.object().field("connected", *connected).end()));
  });
}

}  // namespace bayward::api
