#include "engine/idempotency.h"

#include "base/limits.h"

namespace bayward {

const KeptAnswer* IdempotencyTable::find(const Fingerprint& key) const {
  const auto found = answers_.find(key);
  return found == answers_.end() ? nullptr : &found->second;
}

void IdempotencyTable::keep(const KeptAnswer& answer, Instant at) {
  answers_[answer.key] = answer;
  ages_.push_back({at, answer.key});
  const Instant oldest = at - std::chrono::hours{limits::idempotency_hours};
  while (ages_.size() > limits::idempotency_keys || ages_.front().at < oldest) {
    answers_.erase(ages_.front().key);
    ages_.pop_front();
  }
}

void IdempotencyTable::save(BinaryWriter& out) const {
  out.varint(ages_.size());
  for (const Age& age : ages_) {
    out.write(age.at);
    out.write(answers_.at(age.key));
  }
}

void IdempotencyTable::load(BinaryReader& in) {
  answers_.clear();
  ages_.clear();
  const uint64_t count = in.varint();
  for (uint64_t i = 0; i < count && in.ok(); ++i) {
    Instant at{};
    KeptAnswer answer;
    in.read(at);
    in.read(answer);
    keep(answer, at);
  }
}

}  // namespace bayward
