// B5: which vehicles the police look for, and how a plate that was read is compared with them. A plate is never here:
// only keyed fingerprints of it, which say nothing to whoever doesn't have the vault's key (ports/plate_prints.h).
//
// What always holds: an order is compared from the moment that it is in force until it has ended, and never after.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/binary.h"
#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/time.h"
#include "base/zone.h"

namespace bayward::core {

// One plate, at three distances. Equal `exact` means equal `alike`, and equal `alike` means equal `bare`.
struct PlatePrints {
  Fingerprint exact;  // as it is written
  Fingerprint alike;  // what cameras mix up made one: O and 0, I and 1, a province's character and what it looks like
  Fingerprint bare;   // and without the character of the province
  bool province = false;  // there is one
  BAYWARD_FIELDS(PlatePrints, exact, alike, bare, province)
  explicit operator bool() const { return static_cast<bool>(exact); }
};

// How sure it is that two plates are one, 0 to 100: 100 the same; 90 the same but for look-alikes; 80 one of them is
// without its province; 50 the provinces differ; 0 another plate.
int32_t score(const PlatePrints& read, const PlatePrints& wanted);
// From here on the police are told; below it is on record only.
inline constexpr int32_t watch_score_told = 80;

struct WatchHit {
  WatchOrderId order;
  int32_t score = 0;
  BAYWARD_FIELDS(WatchHit, order, score)
};

enum class WatchEnd : uint8_t { withdrawn, expired, replaced };
std::string_view to_text(WatchEnd end);

struct WatchOrder {
  WatchOrderId id;
  Fingerprint reference;  // of the police's own number: the same again replaces it
  Instant begin{};
  Instant end{};
  bool in_force = false;
  std::vector<PlatePrints> plates;
  BAYWARD_FIELDS(WatchOrder, id, reference, begin, end, in_force, plates)
  Instant due() const { return in_force ? end : begin; }
};

// All orders there are, found by plate in constant time.
class WatchBook {
 public:
  WatchOrderId next_order() const { return WatchOrderId{last_ + 1}; }
  const WatchOrder* find(WatchOrderId id) const;
  const WatchOrder* find(const Fingerprint& reference) const;
  size_t orders() const { return orders_.size(); }
  size_t plates() const { return plates_; }
  // Counts every change: a look-up at the same revision gives the same.
  uint64_t revision() const { return revision_; }

  // Of the orders in force, the best first; of one order once at most.
  std::vector<WatchHit> look_up(const PlatePrints& read) const;

  void place(WatchOrder order);
  void add(WatchOrderId id, const std::vector<PlatePrints>& plates);
  void begin(WatchOrderId id);
  void end(WatchOrderId id);

  template <class Each>
  void for_each(Each each) const {
    for (const auto& [id, order] : orders_) each(order);
  }

  void save(BinaryWriter& out) const;
  bool load(BinaryReader& in);

 private:
  struct Entry {
    WatchOrderId order;
    uint32_t plate = 0;
  };
  void index(const WatchOrder& order, size_t from);

  std::map<WatchOrderId, WatchOrder> orders_;
  uint64_t last_ = 0;
  uint64_t revision_ = 0;
  // derived
  size_t plates_ = 0;
  std::unordered_map<Fingerprint, std::vector<Entry>> by_bare_;
  std::unordered_map<Fingerprint, WatchOrderId> by_reference_;
};

}  // namespace bayward::core
