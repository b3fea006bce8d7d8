#include "sim/town/bays/town_mesh.h"

#include <gtest/gtest.h>

#include <set>

#include "base/limits.h"

namespace bayward::town {
namespace {

class MeshOfTown : public testing::Test {
 protected:
  MeshOfTown() : mesh(io, 1, [this](const std::string& gateway, const mesh::Event& event) { told(gateway, event); }) {
    mesh.build(2, "site");
    for (int i = 0; i < 6; ++i) mesh.add_bay("A0" + std::to_string(i), 0, 12);
    for (int i = 0; i < 6; ++i) mesh.add_bay("B0" + std::to_string(i), 1, 12);
  }
  void told(const std::string& gateway, const mesh::Event& event) {
    if (std::holds_alternative<mesh::AlarmReceived>(event)) received.insert(gateway);
    if (std::holds_alternative<mesh::AlarmCleared>(event)) cleared.insert(gateway);
    if (done && done()) io.stop();
  }
  // Runs until the condition holds; the tests' own limit of time ends what never comes true.
  bool run_until(std::function<bool()> condition, Duration limit = 20s) {
    done = std::move(condition);
    io.after(limit, [this] { io.stop(); });
    look();
    io.run();
    return done();
  }
  void look() {
    io.after(5ms, [this] {
      if (done()) return io.stop();
      look();
    });
  }
  static bay::BayAlarm alarm() {
    bay::BayAlarm alarm;
    alarm.number = 1;
    alarm.device = "BAY-B03";
    alarm.bay = "B03";
    alarm.kind = "connector_too_hot";
    alarm.level = bay::DangerLevel::danger;
    return alarm;
  }

  net::IoContext io;
  TownMesh mesh;
  std::set<std::string> received;
  std::set<std::string> cleared;
  std::function<bool()> done;
};

TEST_F(MeshOfTown, AnAlarmAndItsAllClearReachEveryOtherGateway) {
  io.post([this] { mesh.raise(alarm()); });
  ASSERT_TRUE(run_until([this] {
    if (received.size() != mesh.gateways() - 1) return false;
    bay::BayAlarm over = alarm();
    over.all_clear = true;
    if (cleared.empty()) mesh.raise(over);
    return cleared.size() == mesh.gateways() - 1;
  })) << received.size()
      << " told, " << cleared.size() << " cleared";
  EXPECT_FALSE(received.contains(mesh.gateway_of("B03")));
}

TEST_F(MeshOfTown, EitherRiserIsEnough) {
  mesh.cut(TownMesh::Riser::west, true);
  io.post([this] { mesh.raise(alarm()); });
  EXPECT_TRUE(run_until([this] { return received.size() == mesh.gateways() - 1; })) << received.size();
}

TEST_F(MeshOfTown, ManyBaysShareGatewaysWithinTheMeshsBound) {
  net::IoContext other;
  TownMesh large(other, 2, {});
  large.build(14, "site");
  for (int i = 0; i < 133; ++i) large.add_bay("X" + std::to_string(i), static_cast<size_t>(i) % 14, 133);
  EXPECT_LE(large.gateways(), limits::mesh_gateways);
}

}  // namespace
}  // namespace bayward::town
