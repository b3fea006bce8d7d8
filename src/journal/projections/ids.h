// Keys of the tables: ids and positions as SQLite's signed integers.
#pragma once

#include <cstdint>

#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"

namespace bayward::projections {

template <class Tag>
int64_t key(Id<Tag> id) {
  return static_cast<int64_t>(id.value);
}
template <class IdType>
IdType id(int64_t key) {
  return IdType{static_cast<uint64_t>(key)};
}

// Several rows of one record: at most 4096, far more than one command makes.
inline int64_t key_in_record(uint64_t position, uint32_t index) {
  return static_cast<int64_t>(position * 4096 + index % 4096);
}

inline int64_t ms(Instant at) {
  return unix_ms(at);
}

}  // namespace bayward::projections
