#include "journal/projections/follower.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "ports/log.h"

namespace bayward {

namespace {

// Between two small batches: under load, many commits are worth one transaction here.
constexpr Duration breath = 20ms;
constexpr Duration first_retry = 500ms;
constexpr Duration longest_retry = 30s;
// Below the engine, so that following never takes a core from it.
constexpr int niceness = 10;

bool names_are_apart(const std::vector<std::unique_ptr<Projection>>& projections) {
  for (const auto& a : projections) {
    for (const auto& b : projections) {
      if (a != b && (a->name() == b->name() || b->name().starts_with(std::string(a->name()) + "_"))) return false;
    }
  }
  return true;
}

}  // namespace

ProjectionFollower::ProjectionFollower(std::filesystem::path directory, Journal& journal, Decoder decoder,
                                       std::vector<std::unique_ptr<Projection>> projections)
    : directory_(std::move(directory)),
      journal_(journal),
      decoder_(std::move(decoder)),
      projections_(std::move(projections)) {
  BAYWARD_CHECK(names_are_apart(projections_));
  for (const auto& projection : projections_) {
    status_.projections.push_back({std::string(projection->name()), projection->version(), 0, 0});
  }
}

ProjectionFollower::~ProjectionFollower() {
  stop();
}

void ProjectionFollower::start() {
  notify(journal_.last_position());
  // Before the first reader: lists of a new platform are empty, not missing. A failure is tried again by the thread.
  (void)ensure_open();
  thread_ = std::thread([this] { run(); });
}

void ProjectionFollower::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  moved_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ProjectionFollower::notify(Position last) {
  {
    const std::lock_guard lock(mutex_);
    notified_ = std::max(notified_, last);
  }
  wake_.notify_one();
}

FollowerStatus ProjectionFollower::status() const {
  const std::lock_guard lock(mutex_);
  FollowerStatus copy = status_;
  for (ProjectionStatus& projection : copy.projections) {
    projection.lag_records = notified_ - std::min(notified_, projection.position);
  }
  return copy;
}

bool ProjectionFollower::wait_until(Position position, Duration limit) {
  std::unique_lock lock(mutex_);
  const auto reached = [&] {
    return std::all_of(status_.projections.begin(), status_.projections.end(),
                       [position](const ProjectionStatus& projection) { return projection.position >= position; });
  };
  moved_.wait_for(lock, limit, [&] { return stopping_ || reached(); });
  return reached();
}

void ProjectionFollower::rebuild() {
  {
    const std::lock_guard lock(mutex_);
    rebuild_asked_ = true;
    // At once, so that a wait_until() after this call waits for the new tables.
    for (ProjectionStatus& projection : status_.projections) projection.position = 0;
  }
  wake_.notify_one();
}

void ProjectionFollower::run() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    const auto outcome = step();
    publish(outcome);
    rest(outcome);
  }
}

JournalResult<Done> ProjectionFollower::ensure_open() {
  if (store_) return Done{};
  auto store = ProjectionStore::open(directory_, projections_, journal_.last_position());
  if (!store.ok()) return Failure{store.error()};
  store_.emplace(std::move(store).value());
  return Done{};
}

JournalResult<Done> ProjectionFollower::rebuild_if_asked() {
  {
    const std::lock_guard lock(mutex_);
    if (!rebuild_asked_) return Done{};
  }
  for (size_t i = 0; i < projections_.size(); ++i) {
    auto done = store_->reset(i);
    if (!done.ok()) return done;
  }
  const std::lock_guard lock(mutex_);
  rebuild_asked_ = false;
  return Done{};
}

// One batch for each group of projections that stand at the same record. The leaders go first, so that one that is
// being rebuilt doesn't hold the others up; it stops where they stood and joins them.
JournalResult<ProjectionFollower::Step> ProjectionFollower::step() {
  auto ready = ensure_open();
  if (ready.ok()) ready = rebuild_if_asked();
  if (!ready.ok()) return Failure{ready.error()};

  std::vector<Position> positions;
  for (size_t i = 0; i < projections_.size(); ++i) positions.push_back(store_->checkpoint(i));
  std::sort(positions.rbegin(), positions.rend());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  const Position last = journal_.last_position();
  Position until = last;
  for (const Position position : positions) {
    if (position < until) {
      auto advanced = advance(position, until);
      if (!advanced.ok()) return Failure{advanced.error()};
    }
    until = position;
  }
  for (size_t i = 0; i < projections_.size(); ++i) {
    if (store_->checkpoint(i) < last) return Step::more;
  }
  return Step::idle;
}

// One batch for the projections that stand at `position`.
JournalResult<Done> ProjectionFollower::advance(Position position, Position until) {
  auto records = read_batch(position, until);
  if (!records.ok()) return Failure{records.error()};
  std::vector<size_t> group;
  for (size_t i = 0; i < projections_.size(); ++i) {
    if (store_->checkpoint(i) == position) group.push_back(i);
  }
  return store_->apply(group, *records);
}

JournalResult<std::vector<CommittedRecord>> ProjectionFollower::read_batch(Position after, Position until) {
  std::vector<CommittedRecord> records;
  Position unreadable = 0;
  auto read = journal_.read(after, [&](const JournalRecord& record) {
    auto decoded = decoder_(record);
    if (!decoded) {
      unreadable = record.position;
      return false;
    }
    records.push_back(std::move(*decoded));
    return records.size() < limits::projection_batch_records && record.position < until;
  });
  if (!read.ok()) return Failure{read.error()};
  if (unreadable == 0) return records;
  return Failure{JournalError{JournalError::Kind::corrupt,
                              "the projections can't go beyond position " + std::to_string(unreadable) +
                                  ": this program does not understand the record. Was it written by a newer one?"}};
}

void ProjectionFollower::publish(const JournalResult<Step>& outcome) {
  std::string trouble = outcome.ok() ? std::string() : outcome.error().message;
  {
    const std::lock_guard lock(mutex_);
    if (!trouble.empty() && trouble != status_.trouble) log::warn("projections.trouble", {{"what", trouble}});
    if (trouble.empty() && !status_.trouble.empty()) log::info("projections.recovered");
    status_.trouble = std::move(trouble);
    for (size_t i = 0; store_ && !rebuild_asked_ && i < projections_.size(); ++i) {
      status_.projections[i].position = store_->checkpoint(i);
    }
  }
  moved_.notify_all();
}

// Until there is something to do; after a failure, a while that grows.
void ProjectionFollower::rest(const JournalResult<Step>& outcome) {
  std::unique_lock lock(mutex_);
  if (!outcome.ok()) {
    const bool damaged = store_ && store_->damaged();
    store_.reset();  // whatever state the connection is in
    if (damaged) ProjectionStore::discard(directory_);
    retry_after_ = std::clamp(2 * retry_after_, first_retry, longest_retry);
    wake_.wait_for(lock, retry_after_, [this] { return stopping_ || rebuild_asked_; });
    return;
  }
  retry_after_ = Duration{0};
  if (*outcome == Step::more) return;
  wake_.wait_for(lock, breath, [this] { return stopping_ || rebuild_asked_; });
  wake_.wait(lock, [this] {
    return stopping_ || rebuild_asked_ ||
           std::any_of(status_.projections.begin(), status_.projections.end(),
                       [this](const ProjectionStatus& projection) { return projection.position < notified_; });
  });
}

}  // namespace bayward
