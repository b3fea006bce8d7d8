#include "journal/sqlite/record_reader.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <system_error>
#include <thread>

#include "base/limits.h"
#include "journal/sqlite/journal_format.h"

namespace bayward::sqlite {

namespace {

constexpr const char* doing = "read the journal";
constexpr size_t first_records = 8;  // read before a whole block: many readers want one record

JournalError corrupt(const ChainDefect& defect, const std::filesystem::path& path) {
  return {JournalError::Kind::corrupt, "the journal at " + path.string() + " is damaged at position " +
                                           std::to_string(defect.position) + ": " + defect.what +
                                           ". Stop the server, run `bayward-server journal verify`, restore a backup."};
}

// Hands the verified records of a block over; false when `each` has had enough.
bool hand_over(const RecordBlock& block, size_t count, JournalRecord& record, const RecordReader::Each& each) {
  for (size_t i = 0; i < count; ++i) {
    const RecordBlock::Entry& entry = block.entries[i];
    record.position = static_cast<Position>(entry.position);
    record.at = from_unix_ms(entry.at_unix_ms);
    record.body.assign(block.body(i));
    if (!each(record)) return false;
  }
  return true;
}

// Records of the block before the defect.
size_t sound_entries(const RecordBlock& block, Position after, const std::optional<ChainDefect>& defect) {
  if (!defect) return block.entries.size();
  return std::min(block.entries.size(), static_cast<size_t>(defect->position - after - 1));
}

}  // namespace

// One connection with its statements.
class RecordReader::Session {
 public:
  static SqlResult<Session> open(Database database) {
    auto block =
        database.prepare("SELECT position, at, body, hash FROM record WHERE position > ?1 ORDER BY position LIMIT ?2");
    if (!block.ok()) return Failure{block.error()};
    auto link = database.prepare("SELECT position, hash FROM record WHERE position = ?1");
    if (!link.ok()) return Failure{link.error()};
    auto last = database.prepare("SELECT position, hash FROM record ORDER BY position DESC LIMIT 1");
    if (!last.ok()) return Failure{last.error()};
    return Session(std::move(database), std::move(block).value(), std::move(link).value(), std::move(last).value());
  }

  // At most `most` records after `after` into `block`, whose `before` stays as it is.
  SqlResult<Done> fill(RecordBlock& block, Position after, size_t most = limits::journal_block_records) {
    block.clear();
    block_.bind(1, after);
    block_.bind(2, most);
    auto more = block_.step();
    while (more.ok() && *more && block.add(block_)) more = block_.step();
    block_.reset();
    if (!more.ok()) return Failure{more.error()};
    return Done{};
  }

  SqlResult<std::optional<Link>> link(Position position) {
    link_.bind(1, position);
    return one_link(link_);
  }
  SqlResult<std::optional<Link>> last() { return one_link(last_); }

 private:
  Session(Database database, Statement block, Statement link, Statement last)
      : database_(std::move(database)), block_(std::move(block)), link_(std::move(link)), last_(std::move(last)) {}

  static SqlResult<std::optional<Link>> one_link(Statement& statement) {
    auto more = statement.step();
    std::optional<Link> found;
    if (more.ok() && *more) {
      found.emplace();
      found->position = static_cast<Position>(statement.integer(0));
      const Blob hash = statement.blob(1);
      if (hash.size() == found->hash.size()) std::copy(hash.begin(), hash.end(), found->hash.begin());
    }
    statement.reset();
    if (!more.ok()) return Failure{more.error()};
    return found;
  }

  Database database_;
  Statement block_;
  Statement link_;
  Statement last_;
};

// A ring of blocks between a helper thread that reads and the caller that consumes. A block is verified by the caller
// when it gets there first, else by the helper while it waits for a free block.
class RecordReader::Pipeline {
 public:
  Pipeline(Session& session, Position after, const ChainHash& before)
      : session_(session), after_(after), before_(before) {}

  // Runs to the end of the journal, the first defect, or until `each` says false.
  JournalResult<std::optional<ChainDefect>> run(const Each& each, const std::filesystem::path& path) {
    std::thread helper([this] { produce(); });
    auto outcome = consume(each, path);
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    helper.join();
    return outcome;
  }

 private:
  enum class State : uint8_t { free, filled, verifying, verified };

  struct Slot {
    State state = State::free;
    Position after = 0;
    RecordBlock block;
    std::optional<ChainDefect> defect;
    std::optional<SqlError> error;
  };

  void verify(Slot& slot, ChainHasher& hasher) { slot.defect = slot.block.verify(slot.after, hasher); }

  void set(Slot& slot, State state) {
    {
      const std::lock_guard lock(mutex_);
      slot.state = state;
    }
    changed_.notify_all();
  }

  Slot& slot(uint64_t number) { return slots_[number % slots_.size()]; }

  // Helper thread: the next thing to do, or nothing when it is time to end.
  enum class Work : uint8_t { fill, verify, stop };
  Work wait_for_work(uint64_t next, Slot*& which) {
    std::unique_lock lock(mutex_);
    while (!stop_) {
      which = &slot(next);
      if (which->state == State::free) return Work::fill;
      for (uint64_t ahead = 0; ahead < slots_.size(); ++ahead) {
        Slot& candidate = slot(next + ahead);
        if (candidate.state != State::filled) continue;
        candidate.state = State::verifying;
        which = &candidate;
        return Work::verify;
      }
      changed_.wait(lock);
    }
    return Work::stop;
  }

  void produce() {
    ChainHasher hasher;
    for (uint64_t next = 0;;) {
      Slot* which = nullptr;
      const Work work = wait_for_work(next, which);
      if (work == Work::stop) return;
      if (work == Work::verify) {
        verify(*which, hasher);
        set(*which, State::verified);
        continue;
      }
      which->after = after_;
      which->block.before = before_;
      auto filled = session_.fill(which->block, after_);
      if (!filled.ok()) which->error = filled.error();
      const bool last = !filled.ok() || which->block.entries.empty() || which->block.unreadable;
      if (!which->block.entries.empty()) {
        after_ = which->block.last();
        before_ = which->block.entries.back().hash;
      }
      set(*which, State::filled);
      if (last) return;
      ++next;
    }
  }

  // Caller: the next block, claimed for verification or verified already.
  Slot& wait_for_block(uint64_t next, bool& claimed) {
    std::unique_lock lock(mutex_);
    Slot& head = slot(next);
    changed_.wait(lock, [&] { return head.state == State::filled || head.state == State::verified; });
    claimed = head.state == State::filled;
    if (claimed) head.state = State::verifying;
    return head;
  }

  JournalResult<std::optional<ChainDefect>> consume(const Each& each, const std::filesystem::path& path) {
    ChainHasher hasher;
    JournalRecord record;
    for (uint64_t next = 0;; ++next) {
      bool claimed = false;
      Slot& head = wait_for_block(next, claimed);
      if (claimed) verify(head, hasher);
      const size_t sound = sound_entries(head.block, head.after, head.defect);
      if (!hand_over(head.block, sound, record, each)) return std::optional<ChainDefect>{};
      if (head.defect) return head.defect;
      if (head.error) return Failure{explain(*head.error, doing, path)};
      if (head.block.entries.empty()) return std::optional<ChainDefect>{};
      set(head, State::free);
    }
  }

  Session& session_;
  Position after_;    // helper's
  ChainHash before_;  // helper's
  std::array<Slot, limits::journal_blocks_ahead> slots_;
  std::mutex mutex_;  // of every Slot::state and stop_; whoever set a state owns the slot's content until the next
  std::condition_variable changed_;
  bool stop_ = false;
};

RecordReader::RecordReader(std::filesystem::path path) : path_(std::move(path)) {}

RecordReader::~RecordReader() = default;

JournalResult<Database> RecordReader::open() const {
  auto database = open_store(path_, journal_format, {.mode = OpenMode::read_only});
  if (database.ok()) return database;
  // On a read-only medium SQLite can't make the -shm file it wants; without a -wal file the database is all there is.
  std::error_code ignored;
  const std::filesystem::path wal = path_.string() + "-wal";
  const bool no_wal = !std::filesystem::exists(wal, ignored) || std::filesystem::file_size(wal, ignored) == 0;
  if (!no_wal || !std::filesystem::exists(path_, ignored)) return database;
  auto immutable = open_store(path_, journal_format, {.mode = OpenMode::read_only, .immutable = true});
  return immutable.ok() ? std::move(immutable) : std::move(database);
}

JournalResult<RecordReader::Session> RecordReader::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Session session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
  }
  auto database = open();
  if (!database.ok()) return Failure{database.error()};
  auto session = Session::open(std::move(database).value());
  if (!session.ok()) return Failure{explain(session.error(), doing, path_)};
  return std::move(session).value();
}

void RecordReader::give_back(Session session) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < limits::journal_readers_idle) idle_.push_back(std::move(session));
}

JournalResult<std::optional<ChainDefect>> RecordReader::read_to_defect(Position after, const Each& each) {
  auto borrowed = borrow();
  if (!borrowed.ok()) return Failure{borrowed.error()};
  Session session = std::move(borrowed).value();

  RecordBlock block;
  if (after > 0) {
    auto before = session.link(after);
    if (!before.ok()) return Failure{explain(before.error(), doing, path_)};
    if (!*before) return std::optional<ChainDefect>{{after, "the record is missing"}};
    block.before = (*before)->hash;
  }
  // Short reads are done here; only one that fills a block is worth a thread.
  ChainHasher hasher;
  JournalRecord record;
  for (const size_t most : {first_records, limits::journal_block_records}) {
    auto filled = session.fill(block, after, most);
    if (!filled.ok()) return Failure{explain(filled.error(), doing, path_)};
    const auto defect = block.verify(after, hasher);
    const bool go_on = hand_over(block, sound_entries(block, after, defect), record, each);
    if (!go_on || defect || block.entries.size() < most) {
      give_back(std::move(session));
      return go_on ? defect : std::optional<ChainDefect>{};
    }
    after = block.last();
    block.before = block.entries.back().hash;
  }
  Pipeline pipeline(session, block.last(), block.entries.back().hash);
  auto outcome = pipeline.run(each, path_);
  if (outcome.ok()) give_back(std::move(session));
  return outcome;
}

JournalResult<Done> RecordReader::read(Position after, const Each& each) {
  auto outcome = read_to_defect(after, each);
  if (!outcome.ok()) return Failure{outcome.error()};
  if (*outcome) return Failure{corrupt(**outcome, path_)};
  return Done{};
}

JournalResult<RecordReader::Link> RecordReader::last() {
  auto session = borrow();
  if (!session.ok()) return Failure{session.error()};
  auto found = session->last();
  if (!found.ok()) return Failure{explain(found.error(), doing, path_)};
  give_back(std::move(session).value());
  return found->value_or(Link{});
}

JournalResult<std::optional<RecordReader::Link>> RecordReader::link(Position position) {
  auto session = borrow();
  if (!session.ok()) return Failure{session.error()};
  auto found = session->link(position);
  if (!found.ok()) return Failure{explain(found.error(), doing, path_)};
  give_back(std::move(session).value());
  return *found;
}

}  // namespace bayward::sqlite
