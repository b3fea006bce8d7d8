// The garage as a car sees it: junctions, ramps and bays joined by lanes. Immutable once built; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace bayward::core {

enum class GarageNodeKind : uint8_t { entrance, junction, bay };

struct GarageNode {
  std::string name;  // of a junction: also its lamp's
  GarageNodeKind kind = GarageNodeKind::junction;
  int32_t east_dm = 0;
  int32_t north_dm = 0;
  std::string level;    // one of GaragePlan::levels
  BayId bay;            // of a bay
  bool sensor = false;  // tells when a car passes
};

struct GarageLane {
  std::string from;
  std::string to;
  bool one_way = false;
  int32_t length_dm = 0;  // 0: the straight distance
};

// As it is configured.
struct GaragePlan {
  std::vector<std::string> levels;  // lowest first
  std::vector<GarageNode> nodes;
  std::vector<GarageLane> lanes;
};

class GarageGraph {
 public:
  using NodeIndex = uint32_t;
  struct Edge {
    NodeIndex to = 0;
    int32_t length_dm = 0;
  };

  // Refused with the name of what is wrong: a name twice, an unknown level or end of a lane, a bay twice, no entrance,
  // a bay that cannot be reached from an entrance, too much of anything (limits.h).
  static Result<GarageGraph> build(const GaragePlan& plan);

  const GarageNode& node(NodeIndex index) const { return nodes_[index]; }
  size_t size() const { return nodes_.size(); }
  const std::vector<Edge>& edges(NodeIndex from) const { return edges_[from]; }
  std::optional<NodeIndex> find(std::string_view name) const;
  std::optional<NodeIndex> find(BayId bay) const;
  int level_of(NodeIndex index) const { return levels_[index]; }

 private:
  Status add_nodes(const GaragePlan& plan);
  Status add_lanes(const GaragePlan& plan);
  Status check_reach() const;

  std::vector<GarageNode> nodes_;
  std::vector<int> levels_;
  std::vector<std::vector<Edge>> edges_;
  std::map<std::string, NodeIndex, std::less<>> by_name_;
  std::map<BayId, NodeIndex> by_bay_;
};

}  // namespace bayward::core
