// A hash map in one piece of memory, for what is looked up with every command: a look costs one cache miss, where
// std::unordered_map takes three. Keys are ids or fingerprints; the key that means "none", Key{}, can't be one.
//
// The order of iteration means nothing and may differ between equal maps: nothing that is decided or written may depend
// on it (base/binary.h writes in the order of the keys). Any change moves values: keep no pointers into it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "base/check.h"

namespace bayward {

template <class Key, class Value>
class FlatMap {
 public:
  using Item = std::pair<Key, Value>;

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear() { *this = FlatMap{}; }

  Value* find(const Key& key) {
    if (size_ == 0) return nullptr;
    Item& item = items_[place_of(key)];
    return item.first == key && key != Key{} ? &item.second : nullptr;
  }
  const Value* find(const Key& key) const { return const_cast<FlatMap*>(this)->find(key); }
  bool contains(const Key& key) const { return find(key) != nullptr; }
  const Value& at(const Key& key) const {
    const Value* value = find(key);
    BAYWARD_CHECK(value != nullptr);
    return *value;
  }

  // The value of the key, made by default when it isn't there.
  Value& operator[](const Key& key) {
    BAYWARD_CHECK(key != Key{});
    if (4 * (size_ + 1) > 3 * items_.size()) grow();
    Item& item = items_[place_of(key)];
    if (item.first != key) {
      item.first = key;
      ++size_;
    }
    return item.second;
  }

  bool erase(const Key& key) {
    if (!find(key)) return false;
    erase_at(place_of(key));
    return true;
  }
  template <class Predicate>
  void erase_if(Predicate gone) {
    std::vector<Key> keys;
    for_each([&](const Key& key, const Value& value) {
      if (gone(key, value)) keys.push_back(key);
    });
    for (const Key& key : keys) erase(key);
  }

  // visit(const Key&, const Value&), in no particular order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Item& item : items_) {
      if (item.first != Key{}) visit(item.first, item.second);
    }
  }
  std::vector<Key> sorted_keys() const {
    std::vector<Key> keys;
    keys.reserve(size_);
    for_each([&](const Key& key, const Value&) { keys.push_back(key); });
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  friend bool operator==(const FlatMap& a, const FlatMap& b) {
    bool same = a.size_ == b.size_;
    a.for_each([&](const Key& key, const Value& value) {
      const Value* other = b.find(key);
      same = same && other && *other == value;
    });
    return same;
  }

 private:
  static constexpr size_t smallest = 4;

  // Spreads hashes whose high or low bits say little (ids of one site count up).
  size_t home_of(const Key& key) const {
    return (std::hash<Key>{}(key)*0x9e3779b97f4a7c15ULL >> 20) & (items_.size() - 1);
  }
  size_t next(size_t place) const { return (place + 1) & (items_.size() - 1); }
  // Where the key is, or the empty place where it belongs. There is always one: at most three quarters are filled.
  size_t place_of(const Key& key) const {
    size_t place = home_of(key);
    while (items_[place].first != key && items_[place].first != Key{}) place = next(place);
    return place;
  }
  // Linear probing without tombstones: what follows moves up as long as that brings it nearer to its home.
  void erase_at(size_t hole) {
    const size_t mask = items_.size() - 1;
    for (size_t place = next(hole); items_[place].first != Key{}; place = next(place)) {
      const size_t from_home = (place - home_of(items_[place].first)) & mask;
      if (from_home < ((place - hole) & mask)) continue;
      items_[hole] = std::move(items_[place]);
      hole = place;
    }
    items_[hole] = Item{};
    --size_;
  }
  void grow() {
    std::vector<Item> old(std::max(smallest, 2 * items_.size()));
    old.swap(items_);
    for (Item& item : old) {
      if (item.first != Key{}) items_[place_of(item.first)] = std::move(item);
    }
  }

  std::vector<Item> items_;  // a power of two of them; Key{}: empty
  size_t size_ = 0;
};

}  // namespace bayward
