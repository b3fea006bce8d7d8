// All records a gateway has, and what follows from them: who can be reached, who acts as the controller, what
// neighbours are told. Internal to mesh; the owner's thread.
//
// A gateway is reached when a chain of links leads to it, each named by both its ends in their newest records. So when
// a link goes, its two ends say so, and every gateway on either side sees at once which half it is in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/time.h"
#include "mesh/records.h"

namespace bayward::mesh {

struct Kept {
  Record record;
  Instant changed;      // when this version came
  uint64_t digest = 0;  // digest_of() it
  std::optional<Instant> unreachable_since;
  MacSet expected;    // alarms made here: the gateways known then
  bool ours = false;  // alarms: this revision was made here, we wait for everybody to have it
  bool unacked_told = false;
};

class Table {
 public:
  using Map = std::map<RecordKey, Kept>;

  Table(const MacAddress& self, Instant now);

  struct Merge {
    bool refused = false;  // its table is full
    bool newer = false;
    MacSet new_holders;
    std::optional<Record> before;  // of a newer one
  };
  // Takes it in if it is newer than what is here; the same version adds to its holders.
  Merge merge(const RecordKey& key, uint64_t version, Content content, const MacSet& held_by, Instant now);

  const Kept* find(const RecordKey& key) const;
  Kept* find(const RecordKey& key);
  const Map& all() const { return records_; }

  // To be called after records of gateways changed: what is different since the last time.
  struct Reach {
    std::vector<MacAddress> found;
    std::vector<MacAddress> lost;
    bool controller_changed = false;
  };
  Reach refresh(Instant now);
  const MacSet& reached() const { return reached_; }  // with ourselves
  std::optional<MacAddress> controller() const { return controller_; }
  // refresh() has something to do then although no record came.
  Instant next_refresh() const { return listened_ ? Instant::max() : listen_until_; }

  // Whether neighbours are told of it unasked.
  bool shared(const RecordKey& key, const Kept& kept, Instant now) const;
  // Equal on two gateways that share the same records in the same versions.
  uint64_t digest(Instant now) const;

  // Forgets gateways that can't be reached for long, and their bays.
  void forget_old(Instant now);

  size_t open_alarms(const MacAddress& origin) const;
  // The least urgent open alarm of that origin, the oldest of these.
  const Alarm* least_urgent(const MacAddress& origin) const;
  // Who should have it and isn't known to: those reached now, and those known when it was made.
  std::vector<MacAddress> missing(const Kept& alarm) const;

 private:
  bool make_room(const RecordKey& key, const Content& content);
  bool make_room_for_alarm(const Alarm& alarm);
  bool make_room_for_gateway();
  std::optional<MacAddress> elect() const;

  MacAddress self_;
  Instant listen_until_;  // before that we don't call ourselves the controller
  bool listened_ = false;
  Map records_;
  MacSet reached_;
  std::optional<MacAddress> controller_;
};

}  // namespace bayward::mesh
