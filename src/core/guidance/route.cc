#include "core/guidance/route.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <queue>
#include <utility>

namespace bayward::core {
namespace {

using NodeIndex = GarageGraph::NodeIndex;

constexpr int64_t far = std::numeric_limits<int64_t>::max();

struct Reached {
  std::vector<int64_t> distance_dm;
  std::vector<NodeIndex> before;
};

Reached reach(const GarageGraph& graph, NodeIndex from, NodeIndex to) {
  Reached out{std::vector<int64_t>(graph.size(), far), std::vector<NodeIndex>(graph.size(), from)};
  using Open = std::pair<int64_t, NodeIndex>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open;
  out.distance_dm[from] = 0;
  open.emplace(0, from);
  while (!open.empty()) {
    const auto [distance, at] = open.top();
    open.pop();
    if (at == to) break;
    if (distance != out.distance_dm[at]) continue;
    if (at != from && graph.node(at).kind == GarageNodeKind::bay) continue;
    for (const GarageGraph::Edge& edge : graph.edges(at)) {
      const int64_t through = distance + edge.length_dm;
      if (through >= out.distance_dm[edge.to]) continue;
      out.distance_dm[edge.to] = through;
      out.before[edge.to] = at;
      open.emplace(through, edge.to);
    }
  }
  return out;
}

Turn turn_at(const GarageGraph& graph, NodeIndex before, NodeIndex at, NodeIndex after) {
  const int climb = graph.level_of(after) - graph.level_of(at);
  if (climb != 0) return climb > 0 ? Turn::up : Turn::down;
  const GarageNode& a = graph.node(before);
  const GarageNode& b = graph.node(at);
  const GarageNode& c = graph.node(after);
  const double in_east = static_cast<double>(b.east_dm) - a.east_dm;
  const double in_north = static_cast<double>(b.north_dm) - a.north_dm;
  const double out_east = static_cast<double>(c.east_dm) - b.east_dm;
  const double out_north = static_cast<double>(c.north_dm) - b.north_dm;
  const double cross = in_east * out_north - in_north * out_east;
  const double dot = in_east * out_east + in_north * out_north;
  if (cross == 0 && dot == 0) return Turn::straight;                       // no way in, or two nodes in one place
  const double degrees = std::atan2(cross, dot) * 180 / std::numbers::pi;  // positive: to the left
  if (std::abs(degrees) <= 35) return Turn::straight;
  if (std::abs(degrees) >= 145) return Turn::back;
  return degrees > 0 ? Turn::left : Turn::right;
}

}  // namespace

std::optional<Route> shortest_route(const GarageGraph& graph, NodeIndex from, NodeIndex to) {
  if (from == to) return std::nullopt;
  const Reached reached = reach(graph, from, to);
  if (reached.distance_dm[to] == far) return std::nullopt;
  std::vector<NodeIndex> way{to};
  while (way.back() != from) way.push_back(reached.before[way.back()]);
  std::ranges::reverse(way);
  Route out;
  for (size_t i = 0; i < way.size(); ++i) {
    RouteStep step{.node = way[i], .from_start_dm = static_cast<int32_t>(reached.distance_dm[way[i]])};
    if (i + 1 == way.size()) {
      step.turn = Turn::here;
    } else {
      // At the entrance there is no way in: only a ramp is told.
      step.turn = turn_at(graph, way[i == 0 ? 0 : i - 1], way[i], way[i + 1]);
    }
    out.push_back(step);
  }
  return out;
}

}  // namespace bayward::core
