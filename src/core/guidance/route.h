// The shortest way through the garage, and what a driver is told at each node of it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/guidance/garage_graph.h"

namespace bayward::core {

enum class Turn : uint8_t { straight, left, right, back, up, down, here };

constexpr std::string_view to_text(Turn turn) {
  constexpr std::string_view words[] = {"straight", "left", "right", "back", "up", "down", "here"};
  return words[static_cast<size_t>(turn)];
}

struct RouteStep {
  GarageGraph::NodeIndex node = 0;
  Turn turn = Turn::straight;  // what to do on reaching it; `here` at the last
  int32_t from_start_dm = 0;
};
using Route = std::vector<RouteStep>;  // at least two steps

// Dijkstra; of equally long ways always the same one. A way never leads through another bay. Nothing: there is none, or
// `from` is `to`.
std::optional<Route> shortest_route(const GarageGraph& graph, GarageGraph::NodeIndex from, GarageGraph::NodeIndex to);

}  // namespace bayward::core
