#include "api/live/feed.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"

namespace bayward::api {
namespace {

constexpr size_t parcel_bytes = 64 * 1024;  // several messages at once go out as one
constexpr size_t slice_items = 1024;        // sent at a time to all that have everything before
constexpr size_t behind_items = 256;        // and to one that came back
constexpr size_t behind_at_a_time = 8;      // of those
constexpr size_t bays_per_look = 64;        // the engine looks at these for well under a millisecond
constexpr Duration after_refusal = 200ms;
constexpr Duration longest_rest = 1s;

struct EventId {
  Position position = 0;
  uint32_t n = 0;
  friend auto operator<=>(const EventId&, const EventId&) = default;
};

std::optional<EventId> parse_event_id(std::string_view text) {
  EventId id;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, id.position);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, id.n);
  if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
  return id;
}

// What a change is: the same but for the minutes that pass is none.
std::string essence(const BayView& view) {
  JsonOut out;
  out.object().field("state", view.state).field("from", view.free_from).field("until", view.free_until);
  out.field("incident", view.incident).field("label", view.info.label).field("occupied", view.occupied);
  return out.end().take();
}

}  // namespace

Feed::~Feed() {
  stop();
}

bool Feed::Reader::may_see(const FeedItem& item) const {
  if (site && item.site != site) return false;
  const bool mine = who && item.account == who->account;
  const bool staff = who && who->staff_of(item.site);
  switch (item.audience) {
    case Audience::everyone:
      return true;
    case Audience::holder_and_staff:
      return mine || staff;
    case Audience::account_only:
      return mine;
    case Audience::staff:
      return staff;
  }
  return false;
}

Status Feed::load(Position last, const CommittedHistory& history) {
  const Position after = last - std::min<Position>(last, limits::feed_history_records);
  Touched touched;
  const std::lock_guard lock(mutex_);
  auto read = history(after, [&](const CommittedRecord& record) {
    for (FeedItem& item : items_of(record, live_, touched)) push(std::move(item));
    return true;
  });
  complete_after_ = std::max(complete_after_, after);
  last_ = std::max(last_, last);
  news_.touched = std::move(touched);
  sent_ = first_ + ring_.size();
  return read;
}

void Feed::start() {
  thread_ = std::thread([this] { run(); });
}

void Feed::stop() {
  std::vector<ReaderPtr> ending;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ending.swap(readers_);
  }
  wake_.notify_all();
  for (const auto& reader : ending) reader->stream->close();
  if (thread_.joinable()) thread_.join();
}

void Feed::push(FeedItem item) {
  if (item.position > last_) last_n_ = 0;
  last_ = std::max(last_, item.position);
  last_n_ = std::max(last_n_, item.n);
  ring_.push_back(std::move(item));
  if (ring_.size() <= limits::feed_ring_messages) return;
  complete_after_ = std::max(complete_after_, ring_.front().position);
  ring_.pop_front();
  ++first_;
}

void Feed::committed(const CommittedRecord& record) {
  Touched touched;
  std::vector<FeedItem> items = items_of(record, live_, touched);
  bool watched = false;
  {
    // All of a record at once: nothing else gets a number between them.
    const std::lock_guard lock(mutex_);
    for (FeedItem& item : items) push(std::move(item));
    if (record.position > last_) last_n_ = 0;
    last_ = std::max(last_, record.position);
    std::vector<BayId>& bays = news_.touched.bays;
    bays.insert(bays.end(), touched.bays.begin(), touched.bays.end());
    std::vector<SiteId>& sites = news_.touched.sites;
    sites.insert(sites.end(), touched.sites.begin(), touched.sites.end());
    watched = !readers_.empty();
  }
  if (watched) wake_.notify_one();
}

// The sequence of the first message after that id; nothing when some of those are no longer known.
std::optional<uint64_t> Feed::sequence_after(std::string_view last_event) const {
  const auto id = parse_event_id(last_event);
  if (!id || id->position > last_ || id->position < complete_after_) return std::nullopt;
  const auto later = std::upper_bound(ring_.begin(), ring_.end(), *id, [](const EventId& wanted, const FeedItem& item) {
    return wanted < EventId{item.position, item.n};
  });
  return first_ + static_cast<uint64_t>(later - ring_.begin());
}

bool Feed::open(Wanted wanted,
                const std::function<std::shared_ptr<EventStream>(std::function<void()> closed)>& open_stream) {
  auto reader = std::make_shared<Reader>();
  reader->who = std::move(wanted.who);
  reader->site = wanted.site;
  std::string hello;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || readers_.size() >= limits::feed_readers) return false;
    const auto resumed = wanted.last_event ? sequence_after(*wanted.last_event) : std::nullopt;
    reader->next = resumed.value_or(first_ + ring_.size());
    const std::string id = std::to_string(last_) + "." + std::to_string(last_n_);
    JsonOut out;
    out.object().field("at", clock_.now()).field("position", last_);
    const bool lost = wanted.last_event && !resumed;
    // A resumed reader keeps its own id until the first message.
    hello = event_frame(resumed ? std::string() : id, lost ? "reset" : "hello", out.end().take());
  }
  reader->stream = open_stream([this, weak = std::weak_ptr(reader)] {
    const auto gone = weak.lock();
    if (!gone) return;
    gone->gone = true;
    const std::lock_guard lock(mutex_);
    std::erase(readers_, gone);
  });
  if (!reader->stream) return true;
  reader->stream->send(std::make_shared<const std::string>(std::move(hello)));
  {
    const std::lock_guard lock(mutex_);
    if (reader->gone) return true;
    readers_.push_back(reader);
    news_.readers.push_back(std::move(reader));
  }
  wake_.notify_one();
  return true;
}

void Feed::close_streams_of(AccountId account) {
  std::vector<ReaderPtr> ending;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& reader : readers_) {
      if (reader->who && reader->who->account == account) ending.push_back(reader);
    }
  }
  for (const auto& reader : ending) reader->stream->close();
}

size_t Feed::readers() const {
  const std::lock_guard lock(mutex_);
  return readers_.size();
}

uint64_t Feed::messages() const {
  const std::lock_guard lock(mutex_);
  return first_ + ring_.size();
}

Feed::Slice Feed::slice(uint64_t first, uint64_t end) const {
  const auto at = [this](uint64_t sequence) { return ring_.begin() + static_cast<std::ptrdiff_t>(sequence - first_); };
  return {first, std::vector<FeedItem>(at(first), at(end))};
}

void Feed::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    News news = std::exchange(news_, {});
    // Whoever can't be told all is sent away, comes back and is told to reload.
    const bool lost = sent_ < first_;
    sent_ = std::max(sent_, served_.empty() ? first_ + ring_.size() : first_);
    const Slice next = slice(sent_, std::min(first_ + ring_.size(), sent_ + slice_items));
    lock.unlock();
    if (lost) {
      for (const ReaderPtr& reader : std::exchange(served_, {})) reader->stream->close();
    }
    serve(next);
    take_in(std::move(news));
    look_at_bays();
    lock.lock();
    serve_behind(lock);
    if (stopping_ || !news_.empty() || !behind_.empty() || sent_ != first_ + ring_.size()) continue;
    if (const Duration pause = rest(); pause > Duration{0}) wake_.wait_for(lock, pause);
  }
}

void Feed::take_in(News news) {
  for (ReaderPtr& reader : news.readers) welcome(std::move(reader));
  bays_.touch(news.touched.bays);
  for (const SiteId site : news.touched.sites) bays_.touch_all_of(site);
  if (news.refused) {
    bays_.touch(asked_for_);
    look_not_before_ = clock_.now() + after_refusal;
  }
  if (news.refused || news.looked) asked_for_.clear();
  tell_bays(news.seen);
}

void Feed::welcome(ReaderPtr reader) {
  if (!std::exchange(watched_before_, true)) bays_.touch_all();
  reader->next >= sent_ ? served_.push_back(std::move(reader)) : behind_.push_back(std::move(reader));
}

void Feed::serve(const Slice& slice) {
  std::erase_if(served_, [](const ReaderPtr& reader) { return reader->gone.load(); });
  if (slice.items.empty()) return;
  for (const ReaderPtr& reader : served_) send(*reader, slice);
  sent_ = slice.first + slice.items.size();
}

void Feed::serve_behind(std::unique_lock<std::mutex>& lock) {
  for (size_t i = std::min(behind_.size(), behind_at_a_time); i > 0; --i) {
    const ReaderPtr reader = std::move(behind_.front());
    behind_.pop_front();
    if (reader->gone) continue;
    const bool lost = reader->next < first_;
    const Slice missed = lost ? Slice{} : slice(reader->next, std::min(sent_, reader->next + behind_items));
    lock.unlock();
    lost ? reader->stream->close() : send(*reader, missed);
    lock.lock();
    if (lost) continue;
    reader->next >= sent_ ? served_.push_back(reader) : behind_.push_back(reader);
  }
}

void Feed::send(Reader& reader, const Slice& slice) {
  std::shared_ptr<const std::string> one;
  std::string many;
  for (size_t i = reader.next > slice.first ? reader.next - slice.first : 0; i < slice.items.size(); ++i) {
    const FeedItem& item = slice.items[i];
    if (!reader.may_see(item)) continue;
    if (!many.empty() && many.size() + item.frame->size() > parcel_bytes) {
      reader.stream->send(std::make_shared<const std::string>(std::exchange(many, {})));
      one.reset();
    }
    if (!one) {
      one = item.frame;
      continue;
    }
    if (many.empty()) many = *one;
    many += *item.frame;
  }
  if (one) reader.stream->send(many.empty() ? one : std::make_shared<const std::string>(std::move(many)));
  reader.next = std::max(reader.next, slice.first + slice.items.size());
}

Duration Feed::rest() const {
  if (!watched() || !asked_for_.empty()) return longest_rest;
  const auto due = bays_.next_due();
  if (!due) return longest_rest;
  return std::clamp(std::max(*due, look_not_before_) - clock_.now(), Duration{0}, longest_rest);
}

void Feed::look_at_bays() {
  if (!watched() || !asked_for_.empty()) return;
  const Instant now = clock_.now();
  if (now < look_not_before_ && look_not_before_ - now <= after_refusal) return;
  look_not_before_ = {};
  asked_for_ = bays_.take_due(now, bays_per_look);
  if (asked_for_.empty()) return;
  auto seen = std::make_shared<std::vector<Seen>>();
  engine_.ask(
      [bays = asked_for_, seen](const core::State& state, Instant at) {
        for (const BayId id : bays) {
          const core::Site* site = state.site(site_of(id));
          const core::Bay* bay = site ? site->bay(id) : nullptr;
          if (!bay) continue;
          BayView view = view_of(*site, *bay, at);
          const Instant until = holds_until(*site, view, at);
          seen->push_back({std::move(view), until});
        }
      },
      [this, seen] {
        const std::lock_guard lock(mutex_);
        news_.seen = std::move(*seen);
        news_.looked = true;
        wake_.notify_one();
      },
      [this] {
        const std::lock_guard lock(mutex_);
        news_.refused = true;
        wake_.notify_one();
      });
}

void Feed::tell_bays(const std::vector<Seen>& seen) {
  const Instant at = clock_.now();
  for (const Seen& one : seen) {
    if (!bays_.tell(one.view.bay, essence(one.view), one.holds_until)) continue;
    const std::string message = bay_message(at, one.view);
    const std::lock_guard lock(mutex_);
    push(bay_item(last_, last_n_ + 1, one.view.bay, message));
  }
}

}  // namespace bayward::api
