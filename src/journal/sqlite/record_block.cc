#include "journal/sqlite/record_block.h"

#include <algorithm>
#include <cstring>

namespace bayward::sqlite {

void RecordBlock::clear() {
  entries.clear();
  bodies.clear();
  unreadable.reset();
}

std::string_view RecordBlock::body(size_t index) const {
  const size_t begin = index == 0 ? 0 : entries[index - 1].body_end;
  return std::string_view(bodies).substr(begin, entries[index].body_end - begin);
}

bool RecordBlock::add(const Statement& row) {
  const Blob body = row.blob(2);
  const Blob hash = row.blob(3);
  Entry entry{row.integer(0), row.integer(1), bodies.size() + body.size(), {}};
  // Wrong types need no look: what they convert to does not have the right hash.
  if (hash.size() != entry.hash.size()) {
    unreadable = {static_cast<Position>(entry.position), "the row does not have the form of a record"};
    return false;
  }
  std::memcpy(entry.hash.data(), hash.data(), hash.size());
  bodies.append(reinterpret_cast<const char*>(body.data()), body.size());
  entries.push_back(entry);
  return true;
}

std::optional<ChainDefect> RecordBlock::verify(Position after, ChainHasher& hasher) const {
  const ChainHash* previous = &before;
  Position expected = after;
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    ++expected;
    if (static_cast<Position>(entry.position) != expected) {
      return ChainDefect{expected,
                         "the record is missing (the next one stored is " + std::to_string(entry.position) + ")"};
    }
    if (hasher.next(*previous, expected, from_unix_ms(entry.at_unix_ms), body(i)) != entry.hash) {
      return ChainDefect{expected, "the hash chain is broken: this record or the one before it was changed"};
    }
    previous = &entry.hash;
  }
  return unreadable;
}

}  // namespace bayward::sqlite
