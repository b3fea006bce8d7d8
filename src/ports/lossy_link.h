// For tests on real links, where the kernel has no netem: a link that loses, repeats and swaps the frames that come in,
// as drawn from a seed. Sending is left alone. The inner link outlives it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/prng.h"
#include "ports/mesh_link.h"

namespace bayward {

class LossyLink final : public MeshLink {
 public:
  struct Faults {
    uint32_t loss_per_mille = 0;
    uint32_t duplicate_per_mille = 0;
    uint32_t reorder_per_mille = 0;  // such a frame comes after the next one
  };

  LossyLink(MeshLink& inner, const Faults& faults, uint64_t seed) : inner_(inner), faults_(faults), prng_(seed) {}

  bool send(std::span<const uint8_t> frame) override { return inner_.send(frame); }
  void on_frame(std::function<void(std::span<const uint8_t>)> receiver) override {
    receiver_ = std::move(receiver);
    if (!receiver_) {
      inner_.on_frame({});
      return;
    }
    inner_.on_frame([this](std::span<const uint8_t> frame) { take(frame); });
  }
  void on_carrier(std::function<void(bool up)> receiver) override { inner_.on_carrier(std::move(receiver)); }
  std::string name() const override { return inner_.name() + " (lossy)"; }

 private:
  void take(std::span<const uint8_t> frame) {
    if (prng_.chance(faults_.loss_per_mille, 1000)) return;
    if (held_.empty() && prng_.chance(faults_.reorder_per_mille, 1000)) {
      held_.assign(frame.begin(), frame.end());
      return;
    }
    receiver_(frame);
    if (prng_.chance(faults_.duplicate_per_mille, 1000)) receiver_(frame);
    if (!held_.empty()) receiver_(std::exchange(held_, {}));
  }

  MeshLink& inner_;
  Faults faults_;
  Prng prng_;
  std::vector<uint8_t> held_;
  std::function<void(std::span<const uint8_t>)> receiver_;
};

}  // namespace bayward
