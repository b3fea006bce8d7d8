#include "core/guidance/garage_graph.h"

#include <algorithm>
#include <cmath>

#include "base/limits.h"

namespace bayward::core {
namespace {

std::string quoted(std::string_view text) {
  return "'" + std::string(text.substr(0, limits::garage_name_chars)) + "'";
}

bool valid_name(std::string_view name) {
  return !name.empty() && name.size() <= limits::garage_name_chars && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

int32_t straight_dm(const GarageNode& a, const GarageNode& b) {
  const double east = static_cast<double>(a.east_dm) - b.east_dm;
  const double north = static_cast<double>(a.north_dm) - b.north_dm;
  return std::max(1, static_cast<int32_t>(std::lround(std::hypot(east, north))));
}

bool near_enough(const GarageNode& node) {
  constexpr int32_t far_dm = 100'000;  // 10 km: a slip of the pen
  return std::abs(node.east_dm) <= far_dm && std::abs(node.north_dm) <= far_dm;
}

}  // namespace

Result<GarageGraph> GarageGraph::build(const GaragePlan& plan) {
  GarageGraph out;
  Status step = out.add_nodes(plan);
  if (step.ok()) step = out.add_lanes(plan);
  if (step.ok()) step = out.check_reach();
  if (!step.ok()) return Failure{step.error()};
  return out;
}

Status GarageGraph::add_nodes(const GaragePlan& plan) {
  if (plan.nodes.size() > limits::garage_nodes) return fail("the garage plan has too many nodes");
  for (const GarageNode& node : plan.nodes) {
    if (!valid_name(node.name)) {
      return fail("a node's name is 1 to " + std::to_string(limits::garage_name_chars) +
                  " of A-Z a-z 0-9 - _ . , not " + quoted(node.name));
    }
    const auto level = std::ranges::find(plan.levels, node.level);
    if (level == plan.levels.end())
      return fail("node " + quoted(node.name) + " is on an unknown level " + quoted(node.level));
    if (!near_enough(node)) return fail("node " + quoted(node.name) + " is more than 10 km away");
    const auto index = static_cast<NodeIndex>(nodes_.size());
    if (!by_name_.emplace(node.name, index).second) return fail("there are two nodes named " + quoted(node.name));
    if ((node.kind == GarageNodeKind::bay) != static_cast<bool>(node.bay)) {
      return fail("node " + quoted(node.name) + ": a bay has an id, nothing else has");
    }
    if (node.bay && !by_bay_.emplace(node.bay, index).second) return fail(to_text(node.bay) + " is at two nodes");
    nodes_.push_back(node);
    levels_.push_back(static_cast<int>(level - plan.levels.begin()));
  }
  edges_.resize(nodes_.size());
  return Done{};
}

Status GarageGraph::add_lanes(const GaragePlan& plan) {
  if (plan.lanes.size() > limits::garage_lanes) return fail("the garage plan has too many lanes");
  for (const GarageLane& lane : plan.lanes) {
    const auto from = find(lane.from);
    const auto to = find(lane.to);
    if (!from || !to) return fail("a lane ends at an unknown node " + quoted(from ? lane.to : lane.from));
    if (*from == *to) return fail("a lane leads from " + quoted(lane.from) + " to itself");
    if (lane.length_dm < 0 || lane.length_dm > 100'000) {
      return fail("the lane from " + quoted(lane.from) + " has an impossible length");
    }
    const int32_t length = lane.length_dm > 0 ? lane.length_dm : straight_dm(nodes_[*from], nodes_[*to]);
    edges_[*from].push_back({*to, length});
    if (!lane.one_way) edges_[*to].push_back({*from, length});
  }
  return Done{};
}

Status GarageGraph::check_reach() const {
  std::vector<bool> reached(nodes_.size());
  std::vector<NodeIndex> open;
  for (NodeIndex i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].kind != GarageNodeKind::entrance) continue;
    reached[i] = true;
    open.push_back(i);
  }
  if (open.empty()) return fail("the garage plan has no entrance");
  while (!open.empty()) {
    const NodeIndex at = open.back();
    open.pop_back();
    if (nodes_[at].kind == GarageNodeKind::bay) continue;  // nobody drives through it
    for (const Edge& edge : edges_[at]) {
      if (reached[edge.to]) continue;
      reached[edge.to] = true;
      open.push_back(edge.to);
    }
  }
  for (NodeIndex i = 0; i < nodes_.size(); ++i) {
    if (!reached[i] && nodes_[i].kind == GarageNodeKind::bay) {
      return fail("bay " + quoted(nodes_[i].name) + " cannot be reached from an entrance");
    }
  }
  return Done{};
}

std::optional<GarageGraph::NodeIndex> GarageGraph::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::optional<GarageGraph::NodeIndex> GarageGraph::find(BayId bay) const {
  const auto found = by_bay_.find(bay);
  if (found == by_bay_.end()) return std::nullopt;
  return found->second;
}

}  // namespace bayward::core
