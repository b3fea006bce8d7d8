#include "sim/det/client.h"

#include <cstring>

namespace bayward::sim {
namespace {

constexpr int tries_max = 12;

}  // namespace

Fingerprint Clients::next_key() {
  Fingerprint key;
  const uint64_t number = ++keys_;
  std::memcpy(key.bytes.data(), &number, sizeof number);
  key.bytes[15] = 0xc1;
  return key;
}

void Clients::ask(const core::Actor& actor, core::Command command, Then then) {
  auto request = std::make_shared<Request>();
  request->envelope = {actor, std::move(command), IdempotencyKey{next_key(), next_key()}};
  request->then = std::move(then);
  send(request);
}

void Clients::tell(core::Command command, Then then) {
  auto request = std::make_shared<Request>();
  request->envelope = {core::Actor{core::Actor::Kind::station, {}}, std::move(command), std::nullopt};
  request->then = std::move(then);
  send(request);
}

void Clients::over_network(std::function<void()> arrive) {
  if (prng_.chance(profile_.lost, 1000)) return;
  const bool slow = prng_.chance(profile_.delayed, 1000);
  const Duration delay{slow ? prng_.between(1000, 60'000) : prng_.between(1, 150)};
  if (prng_.chance(profile_.doubled, 1000)) scheduler_.after(delay + Duration{prng_.between(0, 5000)}, arrive);
  scheduler_.after(delay, std::move(arrive));
}

void Clients::send(const Shared& request) {
  over_network([this, request] { deliver(request); });
  scheduler_.after(Duration{prng_.between(3000, 30'000)}, [this, request] {
    if (request->done) return;
    if (++request->tries < tries_max) return send(request);
    request->done = true;
    if (request->then) request->then(std::nullopt);
  });
}

void Clients::deliver(const Shared& request) {
  machine_.submit(request->envelope, [this, request](const Outcome& outcome) {
    over_network([this, request, outcome] { answer(request, outcome); });
  });
}

void Clients::answer(const Shared& request, const Outcome& outcome) {
  if (request->done) return;
  using core::Refusal;
  if (!outcome && (outcome.error() == Refusal::overloaded || outcome.error() == Refusal::storage_unavailable)) return;
  request->done = true;
  if (request->then) request->then(outcome);
  if (request->envelope.key) repeat_later(request);
}

// Some repeat what was answered, some use a key twice for different things.
void Clients::repeat_later(const Shared& request) {
  const auto kind = prng_.below(40);
  if (kind > 1) return;
  Envelope again = request->envelope;
  if (kind == 0) again.key->body = next_key();
  scheduler_.after(Duration{prng_.between(1000, 600'000)},
                   [this, again] { machine_.submit(again, [](const Outcome&) {}); });
}

}  // namespace bayward::sim
