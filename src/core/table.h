// Things with ids that count up: found in O(1), iterated in order of their ids, dropped from the front when they are
// old.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/binary.h"
#include "base/check.h"
#include "base/ids.h"

namespace bayward::core {

// T has a member `id` of type IdType. Numbers begin at 1 and are never reused.
template <class IdType, class T>
class Table {
 public:
  uint32_t next_number() const { return first_ + static_cast<uint32_t>(items_.size()); }

  // The item must carry the next number, in its low half.
  T& add(T item) {
    BAYWARD_CHECK(number_in_site(item.id) == next_number());
    ++live_;
    return *items_.emplace_back(std::move(item));
  }
  T* find(IdType id) {
    const size_t index = number_in_site(id) - size_t{first_};
    return number_in_site(id) >= first_ && index < items_.size() && items_[index] && items_[index]->id == id
               ? &*items_[index]
               : nullptr;
  }
  const T* find(IdType id) const { return const_cast<Table*>(this)->find(id); }
  T& get(IdType id) {
    T* item = find(id);
    BAYWARD_CHECK(item != nullptr);
    return *item;
  }
  const T& get(IdType id) const { return const_cast<Table*>(this)->get(id); }
  void erase(IdType id) {
    if (!find(id)) return;
    items_[number_in_site(id) - size_t{first_}].reset();
    --live_;
    while (!items_.empty() && !items_.front()) {
      items_.pop_front();
      ++first_;
    }
  }
  size_t size() const { return live_; }
  bool empty() const { return live_ == 0; }

  template <class Each>
  void for_each(Each each) const {
    for (const auto& item : items_) {
      if (item) each(*item);
    }
  }
  template <class Each>
  void for_each(Each each) {
    for (auto& item : items_) {
      if (item) each(*item);
    }
  }
  template <class Predicate>
  void erase_if(Predicate gone) {
    for (auto& item : items_) {
      if (item && gone(static_cast<const T&>(*item))) erase_later(item);
    }
    while (!items_.empty() && !items_.front()) {
      items_.pop_front();
      ++first_;
    }
  }

  void save(BinaryWriter& out) const {
    out.varint(first_);
    out.varint(items_.size());
    for (const auto& item : items_) out.write(item);
  }
  void load(BinaryReader& in) {
    first_ = static_cast<uint32_t>(in.varint());
    const uint64_t count = in.varint();
    items_.clear();
    live_ = 0;
    for (uint64_t i = 0; i < count && in.ok(); ++i) {
      in.read(items_.emplace_back());
      if (items_.back()) ++live_;
    }
  }

 private:
  void erase_later(std::optional<T>& item) {
    item.reset();
    --live_;
  }

  std::deque<std::optional<T>> items_;
  uint32_t first_ = 1;
  size_t live_ = 0;
};

}  // namespace bayward::core
