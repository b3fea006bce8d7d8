// Whoever asks the engine something over a network that loses, doubles, delays and reorders: asks again until answered.
#pragma once

#include <functional>
#include <memory>

#include "sim/det/machine.h"

namespace bayward::sim {

class Clients {
 public:
  Clients(Scheduler& scheduler, Prng& prng, const Profile& profile, Machine& machine)
      : scheduler_(scheduler), prng_(prng), profile_(profile), machine_(machine) {}

  // `then` hears the answer once; nothing when it was given up.
  using Then = std::function<void(const std::optional<Outcome>&)>;
  // Asked with an idempotency key, as the API does for people.
  void ask(const core::Actor& actor, core::Command command, Then then);
  // Without: stations and sensors say the same thing again until it is heard.
  void tell(core::Command command, Then then = {});

 private:
  struct Request {
    Envelope envelope;
    Then then;
    int tries = 0;
    bool done = false;
  };
  using Shared = std::shared_ptr<Request>;

  void send(const Shared& request);
  void deliver(const Shared& request);
  void answer(const Shared& request, const Outcome& outcome);
  void repeat_later(const Shared& request);
  void over_network(std::function<void()> arrive);
  Fingerprint next_key();

  Scheduler& scheduler_;
  Prng& prng_;
  const Profile& profile_;
  Machine& machine_;
  uint64_t keys_ = 0;
};

}  // namespace bayward::sim
