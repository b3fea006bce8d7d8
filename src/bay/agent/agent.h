// The agent of one bay: sensors and contactor below it, the central system above it (OCPP 2.0.1), the mesh beside it.
//
//   std::string notice;
//   auto store = Store::open("bay.db", notice);
//   Agent agent({config, hardware, **store, dial, &mesh_door, &firmware, seed});
//   every 10 ms:  agent.poll({uptime, wall_clock});
//   at the end:   agent.shut_down(now);
//
// One thread; no thread, clock, file or global of its own: hundreds live in one process (the town). poll() reads every
// sensor, lets safety decide, drives the outputs and the line; sockets call in between, on the same thread.
//
// Always holds: the contactor is permitted only by bay/safety in the poll of that very moment, and only for
// AgentConfig::watchdog; whatever the central system says or fails to say changes wishes, never that.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "bay/agent/config.h"
#include "bay/agent/firmware.h"
#include "bay/agent/line.h"
#include "bay/agent/store.h"
#include "bay/bay_state.h"
#include "bay/hal/hardware.h"
#include "bay/safety/machine.h"

namespace bayward::bay {

struct AgentParts {
  AgentConfig config;
  Hardware hardware;
  Store& store;
  Dial dial;
  MeshDoor* mesh = nullptr;           // none: the bay is on no mesh
  FirmwareSlots* firmware = nullptr;  // none: the bay's program can't be replaced by the central system
  uint64_t seed = 1;                  // of the pauses between dials, and of transaction ids
};

struct Bay;

class Agent {
 public:
  // All that parts point to outlives the agent.
  explicit Agent(AgentParts parts);
  ~Agent();
  Agent(Agent&&) noexcept;

  void poll(Moment now);

  const BayState& state() const;
  const safety::State& safety() const;
  // Somebody with this right, on the spot, clears what is latched (D2).
  void clear(safety::Remedy by);
  // An alarm of another bay, from the mesh; the all-clear ends it. Levels below `everybody` are not shown here.
  void heard(const BayAlarm& alarm);
  // The central system, or an update, wants the program to begin anew; the transaction has been ended and told by then.
  std::optional<BootReason> restart_wanted() const;
  // Ends nothing: a transaction goes on to be ended as PowerLoss at the next start, as after any other loss of power.
  void shut_down(Moment now);

 private:
  std::unique_ptr<Bay> bay_;
};

}  // namespace bayward::bay
