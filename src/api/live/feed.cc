#include "api/live/feed.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"

namespace bayward::api {
namespace {

constexpr size_t parcel_bytes = 64 * 1024;  // several messages at once go out as one
constexpr size_t bays_per_look = 200;
constexpr Duration sweep_every = 60s;  // windows open and close, holds begin: states change without an event

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
  std::vector<BayId> touched;
  auto read = history(after, [&](const CommittedRecord& record) {
    for (FeedItem& item : items_of(record, live_, touched)) append(std::move(item));
    return true;
  });
  const std::lock_guard lock(mutex_);
  complete_after_ = std::max(complete_after_, after);
  last_ = std::max(last_, last);
  touched_.insert(touched.begin(), touched.end());
  return read;
}

void Feed::start() {
  thread_ = std::thread([this] { run(); });
}

void Feed::stop() {
  std::vector<std::shared_ptr<Reader>> ending;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ending.swap(readers_);
  }
  wake_.notify_all();
  for (const auto& reader : ending) reader->stream->close();
  if (thread_.joinable()) thread_.join();
}

void Feed::append(FeedItem item) {
  const std::lock_guard lock(mutex_);
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
  std::vector<BayId> touched;
  std::vector<FeedItem> items = items_of(record, live_, touched);
  for (FeedItem& item : items) append(std::move(item));
  bool watched = false;
  {
    const std::lock_guard lock(mutex_);
    if (record.position > last_) last_n_ = 0;
    last_ = std::max(last_, record.position);
    touched_.insert(touched.begin(), touched.end());
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
    const std::lock_guard lock(mutex_);
    std::erase(readers_, gone);
  });
  if (!reader->stream) return true;
  reader->stream->send(std::make_shared<const std::string>(std::move(hello)));
  {
    const std::lock_guard lock(mutex_);
    readers_.push_back(std::move(reader));
  }
  wake_.notify_one();
  return true;
}

void Feed::close_streams_of(AccountId account) {
  std::vector<std::shared_ptr<Reader>> ending;
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

// Null: nothing for it. The mutex is held.
std::shared_ptr<const std::string> Feed::frames_for(Reader& reader) {
  std::shared_ptr<const std::string> one;
  std::string many;
  reader.next = std::max(reader.next, first_);
  for (; reader.next < first_ + ring_.size(); ++reader.next) {
    const FeedItem& item = ring_[reader.next - first_];
    if (!reader.may_see(item)) continue;
    if (!one) {
      one = item.frame;
      continue;
    }
    if (many.empty()) many = *one;
    if (many.size() + item.frame->size() > parcel_bytes) break;
    many += *item.frame;
  }
  return many.empty() ? one : std::make_shared<const std::string>(std::move(many));
}

std::vector<Feed::Parcel> Feed::pack() {
  std::vector<Parcel> parcels;
  for (const auto& reader : readers_) {
    if (auto frames = frames_for(*reader)) parcels.push_back({reader, std::move(frames)});
  }
  return parcels;
}

// The bays to look at next; empty when nobody watches or a look is under way.
std::vector<BayId> Feed::take_touched(Instant now) {
  std::vector<BayId> bays;
  if (asking_ || readers_.empty()) return bays;
  if (now >= swept_at_ + sweep_every || now < swept_at_) {
    const std::vector<BayId> all = live_.all_bays();
    touched_.insert(all.begin(), all.end());
    swept_at_ = now;
  }
  while (!touched_.empty() && bays.size() < bays_per_look) {
    bays.push_back(*touched_.begin());
    touched_.erase(touched_.begin());
  }
  asking_ = !bays.empty();
  return bays;
}

void Feed::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    std::vector<Parcel> parcels = pack();
    std::vector<BayId> bays = take_touched(clock_.now());
    if (parcels.empty() && bays.empty()) {
      wake_.wait_for(lock, 1s);
      continue;
    }
    lock.unlock();
    for (const Parcel& parcel : parcels) parcel.reader->stream->send(parcel.frames);
    parcels.clear();
    if (!bays.empty()) ask_for_bays(std::move(bays));
    lock.lock();
  }
}

void Feed::ask_for_bays(std::vector<BayId> bays) {
  auto views = std::make_shared<std::vector<BayView>>();
  engine_.ask(
      [bays, views](const core::State& state, Instant now) {
        for (const BayId id : bays) {
          const core::Site* site = state.site(site_of(id));
          const core::Bay* bay = site ? site->bay(id) : nullptr;
          if (bay) views->push_back(view_of(*site, *bay, now));
        }
      },
      [this, views] { tell_bays(*views); },
      [this, bays] {
        const std::lock_guard lock(mutex_);
        touched_.insert(bays.begin(), bays.end());
        asking_ = false;
      });
}

void Feed::tell_bays(const std::vector<BayView>& views) {
  const Instant at = clock_.now();
  for (const BayView& view : views) {
    std::string now = essence(view);
    Position position = 0;
    uint32_t n = 0;
    {
      const std::lock_guard lock(mutex_);
      std::string& told = told_[view.bay];
      if (told == now) continue;
      told = std::move(now);
      position = last_;
      n = last_n_ + 1;
    }
    append(bay_item(position, n, at, view));
  }
  {
    const std::lock_guard lock(mutex_);
    asking_ = false;
  }
  wake_.notify_one();
}

}  // namespace bayward::api
