// The garage's own bays with their lines, their mesh and what surrounds them, wired together: what an agent tells the
// mesh goes there, what the mesh says of danger elsewhere reaches the agents. The town's thread.
#pragma once

#include <memory>
#include <string>

#include "sim/town/bays/field.h"
#include "sim/town/bays/town_mesh.h"
#include "sim/town/station_door.h"

namespace bayward::town {

class GarageField {
 public:
  GarageField(net::IoContext& io, TownTime& time, size_t levels, size_t own_bays, double speed, const StationDoor& door,
              uint64_t seed);

  Result<std::unique_ptr<OwnBay>> build(OwnBayConfig config, const std::string& password, const Field::Spot& spot);

  Field& field() { return field_; }
  const Field& field() const { return field_; }
  TownMesh& mesh() { return mesh_; }

  // What a drill listens to, besides; see OwnBay::Watch. Empty when nobody does.
  OwnBay::Watch drill;
  TownMesh::Told drill_mesh;

 private:
  void mesh_told(const std::string& gateway, const mesh::Event& event);

  net::IoContext& io_;
  size_t own_bays_;
  const StationDoor& door_;
  double speed_;
  OwnBay::Watch watch_;
  TownMesh mesh_;
  Field field_;
};

}  // namespace bayward::town
