// Layer-2 segments in memory, for tests and the one-process town: what one port sends, every other port of its segment
// receives, unless the faults drawn from one seed lose, repeat, delay or reorder it. Same seed and same calls: same
// deliveries. One thread; frames are handed over only inside advance(), never inside send().
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/prng.h"
#include "base/time.h"
#include "ports/mesh_link.h"

namespace bayward {

class MemoryBus {
 public:
  struct Faults {
    uint32_t loss_per_mille = 0;
    uint32_t duplicate_per_mille = 0;
    uint32_t reorder_per_mille = 0;  // such a frame is held back up to `reorder_by` longer
    Duration reorder_by{10};
    Duration delay_min{0};
    Duration delay_max{0};
  };

  MemoryBus(uint64_t seed, Instant now);
  ~MemoryBus();
  MemoryBus(const MemoryBus&) = delete;
  MemoryBus& operator=(const MemoryBus&) = delete;

  size_t add_segment(const Faults& faults);
  void set_faults(size_t segment, const Faults& faults);
  // A cut segment loses everything, what is under way included; its ports hear of no carrier loss unless `carrier`.
  void cut(size_t segment, bool is_cut, bool carrier = false);
  // The port lives as long as the bus. Unplug it by on_frame({}).
  MeshLink& attach(size_t segment, std::string name);

  // Hands over what is due, in order of its time, and what is sent in answer without delay.
  void advance(Instant now);
  // When the next frame arrives; nothing when none is under way.
  std::optional<Instant> next_delivery() const;

  uint64_t frames_sent() const { return frames_sent_; }
  uint64_t frames_delivered() const { return frames_delivered_; }
  // Sees every frame that is sent, before the faults.
  void set_tap(std::function<void(size_t segment, std::span<const uint8_t>)> tap) { tap_ = std::move(tap); }

 private:
  struct Port;
  struct Segment {
    Faults faults;
    bool is_cut = false;
    std::vector<Port*> ports;
  };
  struct Flight {
    size_t segment;
    Port* to;
    std::vector<uint8_t> frame;
  };
  void transmit(Port& from, std::span<const uint8_t> frame);
  Duration draw_delay(const Faults& faults);

  Prng prng_;
  Instant now_;
  std::vector<Segment> segments_;
  std::vector<std::unique_ptr<Port>> ports_;
  std::map<std::pair<Instant, uint64_t>, Flight> flights_;  // by time and order of sending
  uint64_t order_ = 0;
  uint64_t frames_sent_ = 0;
  uint64_t frames_delivered_ = 0;
  std::function<void(size_t, std::span<const uint8_t>)> tap_;
};

}  // namespace bayward
