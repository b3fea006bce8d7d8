// The live feed: what the committed records mean for people who watch, as server-sent events.
//
// Messages of a record carry its position: id "<position>.<n>". Those of the last limits::feed_ring_messages are kept,
// and filled from the journal at start, so that a reader that comes back with Last-Event-ID misses nothing; one that
// was away for longer is told `reset` and reads the state anew. Bay states aren't in events (they depend on the time as
// well): bays that an event touches, or whose time has come (api/live/bay_watch.h), are looked at in the engine, some
// at a time, and told when they have changed.
//
// committed() is called from the committing thread and waits for nothing that grows with bays or readers: choosing who
// gets what, writing bay states and sending are done on a thread of the feed's own. The rest may be called from any
// thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/access/tokens.h"
#include "api/live/bay_watch.h"
#include "api/live/feed_item.h"
#include "api/live/live_index.h"
#include "api/views/views.h"
#include "ports/clock.h"
#include "ports/engine.h"
#include "ports/http.h"
#include "ports/read_models.h"

namespace bayward::api {

class Feed {
 public:
  Feed(EngineDoor& engine, LiveIndex& live, Clock& clock) : engine_(engine), live_(live), clock_(clock), bays_(live) {}
  ~Feed();

  // At start-up, after the index was loaded: fills the ring. Then start().
  Status load(Position last, const CommittedHistory& history);
  void start();
  // Ends all streams. Idempotent.
  void stop();

  void committed(const CommittedRecord& record);

  struct Wanted {
    PrincipalPtr who;                       // null: anybody, who sees public bay states only
    SiteId site;                            // none: all
    std::optional<std::string> last_event;  // Last-Event-ID
  };
  // `open` gives the stream for its `closed` function, or null. False: limits::feed_readers are open.
  bool open(Wanted wanted, const std::function<std::shared_ptr<EventStream>(std::function<void()> closed)>& open);
  void close_streams_of(AccountId account);
  size_t readers() const;
  uint64_t messages() const;

 private:
  struct Reader {
    std::shared_ptr<EventStream> stream;
    PrincipalPtr who;
    SiteId site;
    uint64_t next = 0;  // sequence of the first item it hasn't got
    std::atomic<bool> gone = false;

    bool may_see(const FeedItem& item) const;
  };
  using ReaderPtr = std::shared_ptr<Reader>;
  // Items of the ring, copied so that nobody has to wait while they are sent.
  struct Slice {
    uint64_t first = 0;  // sequence
    std::vector<FeedItem> items;
  };
  struct Seen {
    BayView view;
    Instant holds_until{};
  };
  // What has happened since the thread of the feed last looked.
  struct News {
    std::vector<ReaderPtr> readers;
    Touched touched;
    std::vector<Seen> seen;
    bool looked = false;   // `seen` is all that was asked for
    bool refused = false;  // or the engine is overloaded

    bool empty() const { return readers.empty() && touched.empty() && !looked && !refused; }
  };

  // The thread of the feed. Without the mutex, but where a lock is given.
  void run();
  void take_in(News news);
  void welcome(ReaderPtr reader);
  void serve(const Slice& slice);
  void serve_behind(std::unique_lock<std::mutex>& lock);
  void look_at_bays();
  void tell_bays(const std::vector<Seen>& seen);
  Duration rest() const;
  bool watched() const { return !served_.empty() || !behind_.empty(); }
  static void send(Reader& reader, const Slice& slice);

  // The mutex is held.
  Slice slice(uint64_t first, uint64_t end) const;
  void push(FeedItem item);
  std::optional<uint64_t> sequence_after(std::string_view last_event) const;

  EngineDoor& engine_;
  LiveIndex& live_;
  Clock& clock_;

  mutable std::mutex mutex_;  // of these
  std::condition_variable wake_;
  std::deque<FeedItem> ring_;
  uint64_t first_ = 0;           // sequence of ring_.front()
  Position complete_after_ = 0;  // every message of later positions is, or was, in the ring
  Position last_ = 0;
  uint32_t last_n_ = 0;
  std::vector<ReaderPtr> readers_;
  News news_;
  bool stopping_ = false;

  // Of the thread of the feed alone.
  std::vector<ReaderPtr> served_;  // have all before sent_
  std::deque<ReaderPtr> behind_;   // came back, and get what they missed bit by bit
  uint64_t sent_ = 0;
  BayWatch bays_;
  std::vector<BayId> asked_for_;  // empty: no look is under way
  Instant look_not_before_{};
  bool watched_before_ = false;
  std::thread thread_;
};

}  // namespace bayward::api
