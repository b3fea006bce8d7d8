// The bay on its mesh: what the agent tells goes out as messages of src/mesh, what the mesh tells of danger elsewhere
// comes back as the agent's words (D3, D4). One thread, the agent's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "bay/bay_state.h"
#include "mesh/driver.h"

namespace bayward::bay {

class MeshVoice final : public MeshDoor {
 public:
  MeshVoice(std::string device, std::string bay_label) : device_(std::move(device)), label_(std::move(bay_label)) {}

  // The driver outlives this, or is taken away (null).
  void connect(mesh::Driver* driver) { driver_ = driver; }

  void publish(const BayState& state) override;
  void raise(const BayAlarm& alarm) override;

 private:
  mesh::Driver* driver_ = nullptr;
  const std::string device_;
  const std::string label_;
  std::map<uint32_t, mesh::AlarmId> open_;  // by the device's own number
};

// The words of the mesh for what an agent tells; also for a gateway that speaks for several bays.
mesh::AlarmContent to_mesh(const BayAlarm& alarm);
mesh::BayState to_mesh(const BayState& state, std::string_view bay_label, std::string_view device);
// What an agent must hear of (Agent::heard); nothing when the event is no alarm or of another kind.
std::optional<BayAlarm> from_mesh(const mesh::Event& event);

}  // namespace bayward::bay
