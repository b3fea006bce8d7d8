// The live feed: what the committed records mean for people who watch, as server-sent events.
//
// Messages of a record carry its position: id "<position>.<n>". Those of the last limits::feed_ring_messages are kept,
// and filled from the journal at start, so that a reader that comes back with Last-Event-ID misses nothing; one that
// was away for longer is told `reset` and reads the state anew. Bay states aren't in events (they depend on the time as
// well): bays that an event touches are looked at in the engine and told when they have changed.
//
// committed() is called from the committing thread and doesn't wait for anything; sending is done on a thread of the
// feed's own. The rest may be called from any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "api/access/tokens.h"
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
  Feed(EngineDoor& engine, LiveIndex& live, Clock& clock) : engine_(engine), live_(live), clock_(clock) {}
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
    bool gone = false;

    bool may_see(const FeedItem& item) const;
  };
  struct Parcel {
    std::shared_ptr<Reader> reader;
    std::shared_ptr<const std::string> frames;
  };

  void run();
  void append(FeedItem item);
  std::optional<uint64_t> sequence_after(std::string_view last_event) const;
  std::vector<Parcel> pack();
  std::shared_ptr<const std::string> frames_for(Reader& reader);
  void ask_for_bays(std::vector<BayId> bays);
  void tell_bays(const std::vector<BayView>& views);
  std::vector<BayId> take_touched(Instant now);

  EngineDoor& engine_;
  LiveIndex& live_;
  Clock& clock_;

  mutable std::mutex mutex_;  // of all below
  std::condition_variable wake_;
  std::deque<FeedItem> ring_;
  uint64_t first_ = 0;           // sequence of ring_.front()
  Position complete_after_ = 0;  // every message of later positions is, or was, in the ring
  Position last_ = 0;
  uint32_t last_n_ = 0;
  std::vector<std::shared_ptr<Reader>> readers_;
  std::unordered_set<BayId> touched_;
  std::unordered_map<BayId, std::string> told_;  // the last state told, to tell changes only
  bool asking_ = false;
  Instant swept_at_{};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bayward::api
