// A node on real links: hands it frames and time, sends what it wants sent, tells its events. The only thing a program
// needs besides a configuration.
//
// Everything happens on its owner's one thread: the links call it there, and so does `after`.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "mesh/node.h"
#include "ports/clock.h"
#include "ports/mesh_link.h"

namespace bayward::mesh {

class Driver {
 public:
  // Calls `work` on the owner's thread after the delay: [&io](Duration delay, auto work) { io.after(delay, work); }.
  using After = std::function<void(Duration, std::function<void()>)>;
  using Told = std::function<void(const Event&)>;

  // links[i] is the interface i of the node. `clock` is monotonic; it and the links outlive the driver. Starts at once:
  // the first greetings go out from a call of `after`.
  Driver(Node node, std::vector<MeshLink*> links, const Clock& clock, After after, Told told);
  // The links are let go.
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  // As those of Node, now. The frames are on the links when they return; called from inside `told`, right after it.
  Result<AlarmId> raise_alarm(const AlarmContent& content);
  Status update_alarm(const AlarmId& id, const AlarmContent& content);
  Status all_clear(const AlarmId& id);
  Status publish_state(const BayState& state);
  Status set_keys(KeyRing keys);
  Topology topology() const;
  const Node& node() const;

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

// One line of JSON for a log or a script: {"event":"alarm_received","id":"02:..../17","level":"danger",...}.
std::string to_json(const Event& event);
// The word of the event alone: "alarm_received".
std::string_view to_text(const Event& event);

}  // namespace bayward::mesh
