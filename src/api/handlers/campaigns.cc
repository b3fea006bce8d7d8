// Firmware campaigns: begun, looked at and steered by operators. What becomes of them is stations/fleet's.
#include <chrono>

#include "api/handlers/fleet_path.h"
#include "api/views/views.h"
#include "base/limits.h"

namespace bayward::api {
namespace {

constexpr size_t location_chars = 512;  // OCPP 2.0.1 FirmwareType.location
constexpr IntegerRange percents{0, 100};

template <class IdType>
std::vector<IdType> ids_in(Fields& in, std::string_view name, size_t most) {
  std::vector<IdType> out;
  for (const auto& element : in.array(name, most)) {
    const auto* text = element.if_string();
    const auto id = text ? parse_id<IdType>(std::string_view(text->data(), text->size())) : std::nullopt;
    if (id) {
      out.push_back(*id);
    } else {
      const std::string like = std::string(id_prefix<IdType>()) + "-1";
      in.refuse(name, "must be a list of ids such as \"" + like + "\"", "必须是编号列表，例如\"" + like + "\"");
    }
  }
  return out;
}

FirmwarePackage package_in(Fields& in) {
  FirmwarePackage out;
  out.image = static_cast<uint64_t>(in.maybe_integer("image", {1, INT64_MAX}).value_or(0));
  out.location = in.maybe_text("location", 1, location_chars).value_or("");
  if (out.image != 0 && !out.location.empty())
    in.refuse("location", "and image exclude each other", "与image不能同时提供");
  out.version = in.maybe_text("version", 1, 50).value_or("");
  out.signature = in.maybe_text("signature", 1, 800).value_or("");
  out.certificate = in.maybe_lines("certificate", 8192).value_or("");
  return out;
}

std::vector<CampaignStage> stages_in(Fields& in) {
  std::vector<CampaignStage> out;
  size_t index = 0;
  for (const auto& element : in.array("stages", limits::campaign_stages)) {
    Fields one = in.object_in("stages", index++, element);
    CampaignStage& stage = out.emplace_back();
    const auto stations = one.maybe_integer("stations", {1, static_cast<int64_t>(limits::campaign_stations)});
    stage.stations = static_cast<uint32_t>(stations.value_or(0));
    stage.percent = static_cast<uint32_t>(one.maybe_integer("percent", {1, 100}).value_or(stations ? 0 : 100));
    one.finish();
  }
  if (out.empty()) out = {{1, 0}, {0, 10}, {0, 100}};
  return out;
}

void window_in(Fields& in, CampaignPlan& plan) {
  const auto times = in.array("window", 2);
  if (times.empty()) return;
  const auto from = clock_minute(times.front());
  const auto to = clock_minute(times.back());
  if (times.size() != 2 || !from || !to) {
    return in.refuse("window", "must be two times of the site's day such as [\"22:00\", \"05:00\"]",
                     "必须是小区当地的两个时刻，例如[\"22:00\", \"05:00\"]");
  }
  plan.window_from = *from;
  plan.window_to = *to;
}

void seconds_in(Fields& in, std::string_view name, IntegerRange range, Duration& out) {
  if (const auto given = in.maybe_integer(name, range)) out = std::chrono::seconds{*given};
}

CampaignPlan plan_in(Fields& in) {
  CampaignPlan plan;
  plan.name = in.text("name", 1, 100);
  plan.package = package_in(in);
  plan.group = group_in(in, "group");
  plan.stages = stages_in(in);
  plan.failures_percent = static_cast<uint32_t>(in.maybe_integer("failures_percent", percents).value_or(0));
  plan.at_once = static_cast<uint32_t>(
      in.maybe_integer("at_once", {1, static_cast<int64_t>(limits::campaign_at_once)}).value_or(10));
  plan.tries = static_cast<int32_t>(in.maybe_integer("tries", {1, limits::campaign_tries}).value_or(3));
  seconds_in(in, "try_pause_s", {1, 86'400}, plan.try_pause);
  seconds_in(in, "silence_s", {10, 86'400}, plan.silence);
  seconds_in(in, "patience_s", {60, 90 * 86'400}, plan.patience);
  seconds_in(in, "booking_margin_s", {0, 86'400}, plan.booking_margin);
  window_in(in, plan);
  plan.unsigned_allowed = in.maybe_flag("unsigned_allowed").value_or(false);
  return plan;
}

void write_counts(JsonOut& out, const std::map<CampaignStep, uint32_t>& counts) {
  out.name("stations_by_step").object();
  for (const auto step : {CampaignStep::waiting, CampaignStep::asking, CampaignStep::working, CampaignStep::installed,
                          CampaignStep::failed, CampaignStep::unreachable}) {
    const auto count = counts.find(step);
    out.field(to_text(step), count == counts.end() ? 0 : count->second);
  }
  out.end();
}

void write_plan(JsonOut& out, const CampaignPlan& plan) {
  out.field("name", plan.name).name("image");
  plan.package.image == 0 ? out.null() : out.value(plan.package.image);
  out.field("location", plan.package.location).field("version", plan.package.version);
  out.field("signed", !plan.package.signature.empty()).field("unsigned_allowed", plan.unsigned_allowed);
  out.name("group");
  write(out, plan.group);
  out.name("stages").array();
  for (const CampaignStage& stage : plan.stages) {
    out.object().name("stations");
    stage.stations == 0 ? out.null() : out.value(stage.stations);
    out.name("percent");
    stage.stations == 0 ? out.value(stage.percent) : out.null();
    out.end();
  }
  out.end().field("failures_percent", plan.failures_percent).field("at_once", plan.at_once).field("tries", plan.tries);
  out.name("window");
  if (plan.window_from == plan.window_to) {
    out.null();
  } else {
    out.array().value(clock_text(plan.window_from)).value(clock_text(plan.window_to)).end();
  }
}

void write_head(JsonOut& out, const Campaign& campaign, const std::map<CampaignStep, uint32_t>& counts) {
  out.object().field("campaign", campaign.number).field("phase", to_text(campaign.phase)).field("why", campaign.why);
  out.field("stage", campaign.stage + 1);
  write_plan(out, campaign.plan);
  out.field("made_by", campaign.made_by).field("made_at", campaign.made_at);
  write_time(out, "ended_at", campaign.ended_at);
  write_counts(out, counts);
}

void reply_with(const CallPtr& call, int status, const Campaign& campaign) {
  std::map<CampaignStep, uint32_t> counts;
  for (const CampaignStation& one : campaign.stations) ++counts[one.step];
  JsonOut out;
  write_head(out, campaign, counts);
  out.name("stations").array();
  for (const CampaignStation& one : campaign.stations) {
    out.object().field("station", one.station).field("identity", one.identity).field("stage", one.stage + 1);
    out.field("step", to_text(one.step)).field("tries", one.tries).field("word", one.word);
    write_time(out, "since", one.since);
    out.end();
  }
  out.end();
  call->reply(status, std::move(out.end()));
}

}  // namespace

StationGroup group_in(Fields& in, std::string_view name) {
  StationGroup out;
  auto given = in.maybe_object(name);
  if (!given) {
    in.refuse(name, "must say which stations", "必须说明包含哪些充电桩");
    return out;
  }
  out.sites = ids_in<SiteId>(*given, "sites", limits::fleet_sites_of_group);
  out.stations = ids_in<StationId>(*given, "stations", limits::campaign_stations);
  out.vendor = given->maybe_text("vendor", 1, 50).value_or("");
  out.model = given->maybe_text("model", 1, 50).value_or("");
  given->finish();
  return out;
}

void write(JsonOut& out, const StationGroup& group) {
  out.object().name("sites").array();
  for (const SiteId site : group.sites) out.value(site);
  out.end().name("stations").array();
  for (const StationId station : group.stations) out.value(station);
  out.end().field("vendor", group.vendor).field("model", group.model).end();
}

void list_campaigns(const CallPtr& call) {
  FleetDesk* fleet = fleet_of(call);
  if (!fleet) return;
  fleet->campaigns([call](const std::vector<FleetDesk::CampaignCount>& campaigns) {
    JsonOut out;
    out.object().name("items").array();
    for (const auto& [campaign, counts] : campaigns) {
      write_head(out, campaign, counts);
      out.end();
    }
    out.end();
    call->reply(200, std::move(out.end()));
  });
}

void begin_campaign(const CallPtr& call) {
  FleetDesk* fleet = fleet_of(call);
  if (!fleet) return;
  Body body(call->request().body);
  Fields in = body.fields();
  CampaignPlan plan = plan_in(in);
  in.finish();
  if (call->refused_by(body)) return;
  // http, https, ftp, ...: stations know which they can.
  if (!plan.package.location.empty() && plan.package.location.find("://") == std::string::npos) {
    return refuse_words(call, {"location must be a URL"});
  }
  fleet->begin_campaign(std::move(plan), call->account(), [call](const Result<Campaign>& begun) {
    if (!begun) return refuse_words(call, begun.error());
    reply_with(call, 201, *begun);
  });
}

void show_campaign(const CallPtr& call) {
  FleetDesk* fleet = fleet_of(call);
  const auto number = fleet ? path_number(call) : std::nullopt;
  if (!number) return;
  fleet->campaign(*number, [call](const std::optional<Campaign>& campaign) {
    if (!campaign) return call->refuse(Trouble::not_found);
    reply_with(call, 200, *campaign);
  });
}

void order_campaign(const CallPtr& call) {
  FleetDesk* fleet = fleet_of(call);
  const auto number = fleet ? path_number(call) : std::nullopt;
  if (!number) return;
  using What = CampaignOrder::What;
  constexpr std::array<Word<What>, 3> words{
      {{"pause", What::pause}, {"resume", What::resume}, {"cancel", What::cancel}}};
  Body body(call->request().body);
  Fields in = body.fields();
  CampaignOrder order;
  const auto what = in.maybe_word("order", words);
  if (!what) in.refuse("order", "is missing", "缺失");
  order.what = what.value_or(What::pause);
  order.retry_failed = in.maybe_flag("retry_failed").value_or(false);
  order.by = call->account();
  in.finish();
  if (call->refused_by(body)) return;
  fleet->order_campaign(*number, order, [call](const Result<std::optional<Campaign>>& ordered) {
    if (!ordered) return refuse_words(call, ordered.error());
    if (!*ordered) return call->refuse(Trouble::not_found);
    reply_with(call, 200, **ordered);
  });
}

}  // namespace bayward::api
