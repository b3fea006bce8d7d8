// Keeps the projections up to date with the journal, on a thread of its own with lowered priority, behind the engine
// and never in its way: it reads what is durable, on its own connections.
//
// notify(), status(), wait_until() and rebuild() may be called from any thread; start() and stop() from one. A failure
// (disk full, damaged file) is shown in status() and tried again; readers see the last good state meanwhile.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "journal/projections/projection.h"
#include "journal/projections/projection_store.h"
#include "ports/engine.h"
#include "ports/journal.h"

namespace bayward {

struct ProjectionStatus {
  std::string name;
  int version = 0;
  Position position = 0;  // everything up to this record is in the tables
  uint64_t lag_records = 0;
};

struct FollowerStatus {
  std::vector<ProjectionStatus> projections;
  std::string trouble;  // why it isn't following at the moment; empty when all is well
};

class ProjectionFollower {
 public:
  // Gives the record its sense (engine/record.h); nothing when it can't be read.
  using Decoder = std::function<std::optional<CommittedRecord>(const JournalRecord&)>;

  ProjectionFollower(std::filesystem::path directory, Journal& journal, Decoder decoder,
                     std::vector<std::unique_ptr<Projection>> projections);
  ~ProjectionFollower();

  void start();
  // Finishes the batch in work; idempotent.
  void stop();

  // The journal has grown. Costs a short lock; meant for Engine::subscribe.
  void notify(Position last);
  FollowerStatus status() const;
  // Waits until every projection holds `position`; false when that took longer than `limit`.
  bool wait_until(Position position, Duration limit);
  // Drops all tables and makes them again from the first record.
  void rebuild();

 private:
  enum class Step : uint8_t { more, idle };

  void run();
  JournalResult<Step> step();
  JournalResult<Done> advance(Position position, Position until);
  JournalResult<Done> ensure_open();
  JournalResult<Done> rebuild_if_asked();
  JournalResult<std::vector<CommittedRecord>> read_batch(Position after, Position until);
  void publish(const JournalResult<Step>& outcome);
  void rest(const JournalResult<Step>& outcome);

  const std::filesystem::path directory_;
  Journal& journal_;
  const Decoder decoder_;
  const std::vector<std::unique_ptr<Projection>> projections_;

  std::optional<ProjectionStore> store_;  // follower's thread only
  Duration retry_after_{0};               // follower's thread only

  mutable std::mutex mutex_;  // of all below
  std::condition_variable wake_;
  std::condition_variable moved_;
  Position notified_ = 0;
  bool stopping_ = false;
  bool rebuild_asked_ = false;
  FollowerStatus status_;
  std::thread thread_;
};

}  // namespace bayward
