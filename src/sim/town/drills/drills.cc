#include "sim/town/drills/drills.h"

#include <algorithm>
#include <array>

#include "sim/town/drills/drill_steps.h"

namespace bayward::town {
namespace {

using Run = Task<> (*)(DrillRun&, std::string);
struct Drill {
  DrillInfo info;
  Run run;
};
constexpr std::array<Drill, 10> drills = {{
    {{"overheat", "a contact in a charging car's plug goes bad"}, drill_overheat},
    {{"smoke", "smoke at a bay, spreading to its neighbours"}, drill_smoke},
    {{"wrong-car", "a strange car takes a bay that somebody holds"}, drill_wrong_car},
    {{"break-in", "a parked car's horn sounds and its indicators flash"}, drill_break_in},
    {{"mains", "the site's mains fails for five minutes"}, drill_mains},
    {{"link-down", "one of the mesh's two risers is cut, then an emergency stop is pressed"}, drill_link_down},
    {{"pod-stray", "a pod is carried off the site and falls silent; bayward-site locks it and tells its mover"},
     drill_pod_stray},
    {{"guide", "two booked cars and a strange one at the entrance; bayward-site lights their ways"}, drill_guide},
    {{"wanted-plate", "a car that the police look for drives into a bay; needs the far ends"}, drill_wanted_plate},
    {{"panic", "the panic button of a bay is pressed; needs the far ends"}, drill_panic},
}};
constexpr auto infos = [] {
  std::array<DrillInfo, drills.size()> out{};
  for (size_t i = 0; i < drills.size(); ++i) out[i] = drills[i].info;
  return out;
}();

}  // namespace

std::span<const DrillInfo> drill_list() {
  return infos;
}

bool is_drill(std::string_view name) {
  return std::any_of(infos.begin(), infos.end(), [name](const DrillInfo& info) { return info.name == name; });
}

ocpp::Json DrillReport::to_json() const {
  Json::Array quiet;
  for (const std::string& mark : silent) quiet.push_back(text(mark));
  return object({{"drill", text(name)},
                 {"bay", text(bay)},
                 {"ok", boolean(trouble.empty())},
                 {"trouble", text(trouble)},
                 {"silent", Json::array(std::move(quiet))},
                 {"books", books},
                 {"timeline", timeline.to_json()}});
}

std::string DrillReport::for_people() const {
  std::string out = "drill " + name + (bay.empty() ? "" : " at bay " + bay) + "\n";
  out += "  real latencies of this machine since the first line; then the town's time\n" + timeline.for_people();
  for (const std::string& mark : silent) out += "  " + mark + ": the server's feed said nothing about it meanwhile\n";
  if (books.kind() != Json::Kind::null) out += "  books: " + to_text(books) + "\n";
  out += trouble.empty() ? "  all is well again\n" : "  TROUBLE: " + trouble + "\n";
  return out;
}

Task<DrillReport> run_drill(DrillWorld& world, DrillOrder order) {
  DrillReport report;
  report.name = order.name;
  report.bay = order.bay;
  const auto found =
      std::find_if(drills.begin(), drills.end(), [&](const Drill& drill) { return drill.info.name == order.name; });
  if (found == drills.end()) {
    report.trouble = "there is no drill " + order.name;
    co_return report;
  }
  AlarmWatch watch(world.io, world.time, world.field, world.far_ends,
                   {world.server_port, world.community.operator_desk().token()});
  DrillRun run{world, watch, report};
  if (co_await run.wait([&watch] { return watch.feed_open(); }, 1min, "the live feed can't be opened") &&
      co_await run.wait([&world] { return world.field.mesh().complete(); }, 1min, "the mesh has not found itself"))
    co_await found->run(run, order.bay);
  report.timeline = watch.timeline;
  co_return report;
}

}  // namespace bayward::town
