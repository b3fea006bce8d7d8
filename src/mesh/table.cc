#include "mesh/table.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>

#include "base/limits.h"

namespace bayward::mesh {

namespace {

// A gateway that has just started listens so long before it calls itself the controller.
constexpr Duration listen_first = 2s;
// A cleared alarm is shared so long; then it is only kept, so that nobody can bring it back.
constexpr Duration cleared_shared_for = 10min;
constexpr Duration unreachable_kept_for = 10min;

using Edge = std::pair<MacAddress, MacAddress>;

// Every link as its one end tells it, in order.
std::vector<Edge> edges_of(const Table::Map& records) {
  std::vector<Edge> out;
  for (const auto& [key, kept] : records) {
    const GatewayRecord* gateway = kept.record.gateway();
    if (gateway == nullptr) continue;
    for (const GatewayRecord::Link& link : gateway->links) out.emplace_back(gateway->al_mac, link.neighbour);
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

Table::Table(const MacAddress& self, Instant now) : self_(self), listen_until_(now + listen_first) {}

const Kept* Table::find(const RecordKey& key) const {
  const auto found = records_.find(key);
  return found == records_.end() ? nullptr : &found->second;
}

Kept* Table::find(const RecordKey& key) {
  const auto found = records_.find(key);
  return found == records_.end() ? nullptr : &found->second;
}

Table::Merge Table::merge(const RecordKey& key, uint64_t version, Content content, const MacSet& held_by, Instant now) {
  Merge out;
  Kept* kept = find(key);
  if (kept == nullptr) {
    if (!make_room(key, content)) {
      out.refused = true;
      return out;
    }
    out.newer = true;
    out.new_holders = held_by;
    const uint64_t digest = digest_of(key, version, held_by);
    records_.emplace(key, Kept{{version, std::move(content), held_by}, now, digest, std::nullopt, {}, false, false});
    return out;
  }
  Record& record = kept->record;
  if (version < record.version) return out;
  if (version > record.version) {
    out.newer = true;
    out.new_holders = held_by;
    out.before = std::exchange(record, Record{version, std::move(content), held_by});
    kept->changed = now;
    kept->ours = kept->unacked_told = false;
    kept->digest = digest_of(key, version, held_by);
    return out;
  }
  std::ranges::set_difference(held_by, record.held_by, std::inserter(out.new_holders, out.new_holders.end()));
  if (out.new_holders.empty()) return out;
  record.held_by.insert(out.new_holders.begin(), out.new_holders.end());
  kept->digest = digest_of(key, version, record.held_by);
  return out;
}

bool Table::make_room(const RecordKey& key, const Content& content) {
  switch (key.kind) {
    case RecordKind::alarm:
      return make_room_for_alarm(std::get<Alarm>(content));
    case RecordKind::gateway:
      return make_room_for_gateway();
    case RecordKind::state:
      // Their gateway comes first, and bounds them.
      return find({RecordKind::gateway, key.origin, 0}) != nullptr;
  }
  return false;
}

bool Table::make_room_for_alarm(const Alarm& alarm) {
  // Twice what an honest gateway has open: its clearing of an old one may be on the way still.
  if (!alarm.cleared && open_alarms(alarm.id.origin) >= 2 * limits::mesh_open_alarms) return false;
  const auto is_alarm = [](const auto& entry) { return entry.first.kind == RecordKind::alarm; };
  if (static_cast<size_t>(std::ranges::count_if(records_, is_alarm)) < limits::mesh_alarms) return true;
  auto oldest = records_.end();
  for (auto it = records_.begin(); it != records_.end() && is_alarm(*it); ++it) {
    if (!it->second.record.alarm()->cleared) continue;
    if (oldest == records_.end() || it->second.changed < oldest->second.changed) oldest = it;
  }
  if (oldest == records_.end()) return false;
  records_.erase(oldest);
  return true;
}

bool Table::make_room_for_gateway() {
  size_t count = 0;
  auto longest_away = records_.end();
  for (auto it = records_.begin(); it != records_.end(); ++it) {
    if (it->first.kind != RecordKind::gateway) continue;
    ++count;
    const auto& away = it->second.unreachable_since;
    if (away && (longest_away == records_.end() || *away < *longest_away->second.unreachable_since)) longest_away = it;
  }
  if (count < limits::mesh_gateways) return true;
  if (longest_away == records_.end()) return false;
  const MacAddress gone = longest_away->first.origin;
  std::erase_if(records_, [&gone](const auto& entry) {
    return entry.first.kind != RecordKind::alarm && entry.first.origin == gone;
  });
  return true;
}

Table::Reach Table::refresh(Instant now) {
  MacSet reached{self_};
  std::deque<MacAddress> to_visit{self_};
  const std::vector<Edge> edges = edges_of(records_);
  while (!to_visit.empty()) {
    const MacAddress here = to_visit.front();
    to_visit.pop_front();
    for (auto edge = std::ranges::lower_bound(edges, Edge{here, {}}); edge != edges.end() && edge->first == here;
         ++edge) {
      const MacAddress& other = edge->second;
      if (reached.contains(other) || !std::ranges::binary_search(edges, Edge{other, here})) continue;
      reached.insert(other);
      to_visit.push_back(other);
    }
  }
  Reach out;
  std::ranges::set_difference(reached, reached_, std::back_inserter(out.found));
  std::ranges::set_difference(reached_, reached, std::back_inserter(out.lost));
  std::erase(out.found, self_);
  reached_ = std::move(reached);
  for (auto& [key, kept] : records_) {
    if (key.kind == RecordKind::alarm || reached_.contains(key.origin)) {
      kept.unreachable_since.reset();
    } else if (!kept.unreachable_since) {
      kept.unreachable_since = now;
    }
  }
  listened_ = listened_ || now >= listen_until_;
  const auto elected = elect();
  out.controller_changed = elected != controller_;
  controller_ = elected;
  return out;
}

std::optional<MacAddress> Table::elect() const {
  std::pair<uint8_t, MacAddress> best;
  for (const MacAddress& mac : reached_) {
    const Kept* kept = find({RecordKind::gateway, mac, 0});
    if (kept != nullptr) best = std::max(best, {kept->record.gateway()->controller_priority, mac});
  }
  if (best.first == 0) return std::nullopt;
  if (best.second == self_ && !listened_) return std::nullopt;
  return best.second;
}

bool Table::shared(const RecordKey& key, const Kept& kept, Instant now) const {
  if (const Alarm* alarm = kept.record.alarm()) return !alarm->cleared || now - kept.changed < cleared_shared_for;
  return reached_.contains(key.origin);
}

uint64_t Table::digest(Instant now) const {
  uint64_t out = 0;
  for (const auto& [key, kept] : records_) {
    if (shared(key, kept, now)) out ^= kept.digest;
  }
  return out;
}

void Table::forget_old(Instant now) {
  std::erase_if(records_, [now](const auto& entry) {
    const auto& away = entry.second.unreachable_since;
    return away && now - *away >= unreachable_kept_for;
  });
}

size_t Table::open_alarms(const MacAddress& origin) const {
  return static_cast<size_t>(std::ranges::count_if(records_, [&origin](const auto& entry) {
    const Alarm* alarm = entry.second.record.alarm();
    return alarm != nullptr && !alarm->cleared && entry.first.origin == origin;
  }));
}

const Alarm* Table::least_urgent(const MacAddress& origin) const {
  const Alarm* least = nullptr;
  for (const auto& [key, kept] : records_) {
    const Alarm* alarm = kept.record.alarm();
    if (alarm == nullptr || alarm->cleared || key.origin != origin) continue;
    if (least == nullptr || alarm->content.level < least->content.level) least = alarm;
  }
  return least;
}

std::vector<MacAddress> Table::missing(const Kept& alarm) const {
  MacSet expected = alarm.expected;
  expected.insert(reached_.begin(), reached_.end());
  std::vector<MacAddress> out;
  std::ranges::set_difference(expected, alarm.record.held_by, std::back_inserter(out));
  return out;
}

}  // namespace bayward::mesh
