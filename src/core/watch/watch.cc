#include "core/watch/watch.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace bayward::core {

std::string_view to_text(WatchEnd end) {
  static constexpr std::array<std::string_view, 3> words = {"withdrawn", "expired", "replaced"};
  return words[static_cast<size_t>(end)];
}

int32_t score(const PlatePrints& read, const PlatePrints& wanted) {
  if (!read || !wanted || read.bare != wanted.bare) return 0;
  if (read.exact == wanted.exact) return 100;
  if (read.alike == wanted.alike) return 90;
  return read.province && wanted.province ? 50 : 80;
}

const WatchOrder* WatchBook::find(WatchOrderId id) const {
  const auto found = orders_.find(id);
  return found == orders_.end() ? nullptr : &found->second;
}

const WatchOrder* WatchBook::find(const Fingerprint& reference) const {
  const auto found = by_reference_.find(reference);
  return found == by_reference_.end() ? nullptr : find(found->second);
}

std::vector<WatchHit> WatchBook::look_up(const PlatePrints& read) const {
  std::map<WatchOrderId, int32_t> best;
  if (const auto found = by_bare_.find(read.bare); read && found != by_bare_.end()) {
    for (const Entry& entry : found->second) {
      const WatchOrder& order = orders_.at(entry.order);
      if (!order.in_force) continue;
      int32_t& known = best[entry.order];
      known = std::max(known, score(read, order.plates[entry.plate]));
    }
  }
  std::vector<WatchHit> hits;
  hits.reserve(best.size());
  for (const auto& [order, points] : best) hits.push_back({order, points});
  std::stable_sort(hits.begin(), hits.end(), [](const WatchHit& a, const WatchHit& b) { return a.score > b.score; });
  return hits;
}

void WatchBook::place(WatchOrder order) {
  BAYWARD_CHECK(order.id == next_order());
  ++last_;
  ++revision_;
  by_reference_[order.reference] = order.id;
  const WatchOrderId id = order.id;
  orders_.emplace(id, std::move(order));
  index(orders_.at(id), 0);
}

void WatchBook::add(WatchOrderId id, const std::vector<PlatePrints>& plates) {
  WatchOrder& order = orders_.at(id);
  const size_t from = order.plates.size();
  order.plates.insert(order.plates.end(), plates.begin(), plates.end());
  ++revision_;
  index(order, from);
}

void WatchBook::begin(WatchOrderId id) {
  orders_.at(id).in_force = true;
  ++revision_;
}

void WatchBook::end(WatchOrderId id) {
  const auto found = orders_.find(id);
  if (found == orders_.end()) return;
  for (const PlatePrints& plate : found->second.plates) {
    const auto entries = by_bare_.find(plate.bare);
    if (entries == by_bare_.end()) continue;  // two of one order may share it
    std::erase_if(entries->second, [&](const Entry& entry) { return entry.order == id; });
    if (entries->second.empty()) by_bare_.erase(entries);
  }
  plates_ -= found->second.plates.size();
  const auto known = by_reference_.find(found->second.reference);
  if (known != by_reference_.end() && known->second == id) by_reference_.erase(known);
  orders_.erase(found);
  ++revision_;
}

void WatchBook::index(const WatchOrder& order, size_t from) {
  plates_ += order.plates.size() - from;
  for (size_t i = from; i < order.plates.size(); ++i) {
    by_bare_[order.plates[i].bare].push_back({order.id, static_cast<uint32_t>(i)});
  }
}

void WatchBook::save(BinaryWriter& out) const {
  out.varint(last_);
  out.varint(revision_);
  out.varint(orders_.size());
  for (const auto& [id, order] : orders_) out.write(order);
}

bool WatchBook::load(BinaryReader& in) {
  *this = WatchBook{};
  last_ = in.varint();
  revision_ = in.varint();
  const uint64_t count = in.varint();
  for (uint64_t i = 0; i < count && in.ok(); ++i) {
    WatchOrder order;
    in.read(order);
    const WatchOrderId id = order.id;
    if (!in.ok() || orders_.contains(id)) return false;
    by_reference_[order.reference] = id;
    index(orders_.emplace(id, std::move(order)).first->second, 0);
  }
  return in.ok();
}

}  // namespace bayward::core
