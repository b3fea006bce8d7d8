// The answers kept for idempotency keys: part of the engine's state, bounded in number and age.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>

#include "base/binary.h"
#include "engine/record.h"

namespace bayward {

class IdempotencyTable {
 public:
  const KeptAnswer* find(const Fingerprint& key) const;
  void keep(const KeptAnswer& answer, Instant at);
  size_t size() const { return answers_.size(); }

  void save(BinaryWriter& out) const;
  void load(BinaryReader& in);

 private:
  struct Age {
    Instant at{};
    Fingerprint key;
  };
  std::unordered_map<Fingerprint, KeptAnswer> answers_;
  std::deque<Age> ages_;  // oldest first
};

}  // namespace bayward
