// What happened in a drill and when, by the machine's clock: real latencies, whatever the town's speed. A plain value.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ocpp/rpc/json.h"

namespace bayward::town {

class Timeline {
 public:
  using At = std::chrono::steady_clock::time_point;

  // The first mark of a name counts; `note` is for people.
  void mark(const std::string& name, At at, Instant town, std::string note = {});
  // As mark, but the latest counts.
  void move(const std::string& name, At at, Instant town, std::string note = {});
  bool has(const std::string& name) const { return find(name) != nullptr; }
  // Milliseconds from the first mark, or from `since`, to this one.
  std::optional<double> ms(const std::string& name, const std::string& since = {}) const;

  // One line a mark, in order of time: the latency in ms since the first one, the town's time, the note.
  std::string for_people() const;
  ocpp::Json to_json() const;

 private:
  struct Mark {
    std::string name;
    At at;
    Instant town;
    std::string note;
  };
  const Mark* find(const std::string& name) const;
  std::vector<Mark> in_order() const;

  std::vector<Mark> marks_;
};

}  // namespace bayward::town
