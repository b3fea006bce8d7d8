#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "core/guidance/garage_graph.h"
#include "core/guidance/route.h"

namespace bayward::core {
namespace {

GarageNode junction(std::string name, int32_t east, int32_t north, std::string level = "P1") {
  return {.name = std::move(name), .east_dm = east, .north_dm = north, .level = std::move(level)};
}
GarageNode bay_at(std::string name, uint64_t id, int32_t east, int32_t north) {
  return {.name = std::move(name),
          .kind = GarageNodeKind::bay,
          .east_dm = east,
          .north_dm = north,
          .level = "P1",
          .bay = BayId{id}};
}

// The entrance in the south, two crossings on the way north, bays left and right of the second.
GaragePlan small_plan() {
  GarageNode entrance = junction("gate", 0, 0);
  entrance.kind = GarageNodeKind::entrance;
  return {.levels = {"P1"},
          .nodes = {entrance, junction("j1", 0, 200), junction("j2", 0, 400), junction("j3", 200, 400),
                    bay_at("west", 1, -100, 400), bay_at("east", 2, 250, 450)},
          .lanes = {{"gate", "j1"}, {"j1", "j2"}, {"j2", "west"}, {"j2", "j3"}, {"j3", "east"}}};
}

std::string told(const GarageGraph& graph, const Route& route) {
  std::string out;
  for (const RouteStep& step : route) out += graph.node(step.node).name + ":" + std::string(to_text(step.turn)) + " ";
  return out;
}

TEST(GarageRoutes, EachJunctionSaysItsTurn) {
  const auto graph = GarageGraph::build(small_plan());
  ASSERT_TRUE(graph.ok()) << graph.error().message;
  const auto west = shortest_route(*graph, *graph->find("gate"), *graph->find(BayId{1}));
  ASSERT_TRUE(west);
  EXPECT_EQ(told(*graph, *west), "gate:straight j1:straight j2:left west:here ");
  const auto east = shortest_route(*graph, *graph->find("gate"), *graph->find(BayId{2}));
  EXPECT_EQ(told(*graph, *east), "gate:straight j1:straight j2:right j3:left east:here ");
  EXPECT_EQ(west->back().from_start_dm, 500);
}

TEST(GarageRoutes, RampsAreUpAndDown) {
  GaragePlan plan = small_plan();
  plan.levels = {"P2", "P1"};  // P2 is below
  plan.nodes.push_back(junction("ramp", 0, 600));
  plan.nodes.push_back(junction("foot", 0, 900, "P2"));
  GarageNode deep = bay_at("deep", 9, 0, 1000);
  deep.level = "P2";
  plan.nodes.push_back(deep);
  plan.lanes.insert(plan.lanes.end(), {{"j2", "ramp"}, {"ramp", "foot"}, {"foot", "deep"}});
  const auto graph = GarageGraph::build(plan);
  ASSERT_TRUE(graph.ok());
  const auto route = shortest_route(*graph, *graph->find("gate"), *graph->find(BayId{9}));
  EXPECT_EQ(told(*graph, *route), "gate:straight j1:straight j2:straight ramp:down foot:straight deep:here ");
}

TEST(GarageRoutes, OneWayLanesAreObeyedAndNobodyDrivesThroughABay) {
  GaragePlan plan = small_plan();
  // A tempting short cut through the bay in the west, and a lane that only leads out.
  plan.nodes.push_back(bay_at("far", 3, -200, 400));
  plan.lanes.push_back({"west", "far"});
  plan.lanes.push_back({"far", "gate", true});
  EXPECT_EQ(GarageGraph::build(plan).error().message, "bay 'far' cannot be reached from an entrance");
  plan.lanes.push_back({"j3", "far", false, 900});
  const auto graph = GarageGraph::build(plan);
  ASSERT_TRUE(graph.ok());
  const auto route = shortest_route(*graph, *graph->find("gate"), *graph->find(BayId{3}));
  ASSERT_TRUE(route);
  EXPECT_EQ(told(*graph, *route), "gate:straight j1:straight j2:right j3:back far:here ");
}

TEST(GarageRoutes, PlansThatCannotBeAreRefusedByName) {
  const auto reason = [](auto change) {
    GaragePlan plan = small_plan();
    change(plan);
    const auto graph = GarageGraph::build(plan);
    return graph.ok() ? std::string("accepted") : graph.error().message;
  };
  EXPECT_EQ(reason([](GaragePlan& p) { p.nodes.push_back(p.nodes[1]); }), "there are two nodes named 'j1'");
  EXPECT_EQ(reason([](GaragePlan& p) { p.nodes[1].level = "P7"; }), "node 'j1' is on an unknown level 'P7'");
  EXPECT_EQ(reason([](GaragePlan& p) { p.lanes[0].to = "j9"; }), "a lane ends at an unknown node 'j9'");
  EXPECT_EQ(reason([](GaragePlan& p) { p.nodes[0].kind = GarageNodeKind::junction; }),
            "the garage plan has no entrance");
  EXPECT_EQ(reason([](GaragePlan& p) { p.lanes.erase(p.lanes.begin() + 2); }),
            "bay 'west' cannot be reached from an entrance");
  EXPECT_EQ(reason([](GaragePlan& p) { p.nodes[5].bay = BayId{1}; }), "bay-1 is at two nodes");
  EXPECT_NE(reason([](GaragePlan& p) { p.nodes[1].name = "a b"; }).find("not 'a b'"), std::string::npos);
}

// A random garage of junctions with one bay hung on each.
GaragePlan random_plan() {
  GaragePlan plan{.levels = {"P1"}};
  const int count = *rc::gen::inRange(2, 9);
  for (int i = 0; i < count; ++i) {
    plan.nodes.push_back(junction("n" + std::to_string(i), *rc::gen::inRange(-900, 900), *rc::gen::inRange(-900, 900)));
    if (i > 0) plan.lanes.push_back({"n" + std::to_string(*rc::gen::inRange(0, i)), "n" + std::to_string(i)});
  }
  plan.nodes[0].kind = GarageNodeKind::entrance;
  const int more = *rc::gen::inRange(0, 8);
  for (int i = 0; i < more; ++i) {
    const int a = *rc::gen::inRange(0, count);
    const int b = *rc::gen::inRange(0, count);
    if (a != b) plan.lanes.push_back({"n" + std::to_string(a), "n" + std::to_string(b), *rc::gen::arbitrary<bool>()});
  }
  return plan;
}

TEST(GarageRoutes, AreTheShortest) {
  EXPECT_TRUE(rc::check("against Floyd and Warshall", [] {
    const auto graph = GarageGraph::build(random_plan());
    RC_ASSERT(graph.ok());
    const size_t n = graph->size();
    std::vector<std::vector<int64_t>> d(n, std::vector<int64_t>(n, 1'000'000'000));
    for (uint32_t i = 0; i < n; ++i) {
      d[i][i] = 0;
      for (const auto& edge : graph->edges(i)) d[i][edge.to] = std::min<int64_t>(d[i][edge.to], edge.length_dm);
    }
    for (size_t k = 0; k < n; ++k) {
      for (size_t i = 0; i < n; ++i) {
        for (size_t j = 0; j < n; ++j) d[i][j] = std::min(d[i][j], d[i][k] + d[k][j]);
      }
    }
    for (uint32_t to = 1; to < n; ++to) {
      const auto route = shortest_route(*graph, 0, to);
      RC_ASSERT(route.has_value());
      RC_ASSERT(route->back().from_start_dm == d[0][to]);
      for (size_t i = 1; i < route->size(); ++i) {
        RC_ASSERT((*route)[i].from_start_dm > (*route)[i - 1].from_start_dm);
      }
    }
  }));
}

TEST(GarageRoutes, AMirroredGarageHasMirroredTurns) {
  EXPECT_TRUE(rc::check("left is right in the mirror", [] {
    const GaragePlan plan = random_plan();
    GaragePlan mirrored = plan;
    for (GarageNode& node : mirrored.nodes) node.east_dm = -node.east_dm;
    const auto graph = GarageGraph::build(plan);
    const auto mirror = GarageGraph::build(mirrored);
    for (uint32_t to = 1; to < graph->size(); ++to) {
      const auto one = shortest_route(*graph, 0, to);
      const auto other = shortest_route(*mirror, 0, to);
      RC_ASSERT(one->size() == other->size());
      for (size_t i = 0; i < one->size(); ++i) {
        Turn expected = (*one)[i].turn;
        if (expected == Turn::left) {
          expected = Turn::right;
        } else if (expected == Turn::right) {
          expected = Turn::left;
        }
        RC_ASSERT((*other)[i].turn == expected);
      }
    }
  }));
}

}  // namespace
}  // namespace bayward::core
