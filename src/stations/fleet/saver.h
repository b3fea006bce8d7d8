// What the fleet's parts want kept, written in the background, in order, many changes at a time. Belongs to the
// stations' thread.
//
// Always holds: one write is under way at a time, so that an older document never overwrites a newer one; what could
// not be written is tried again at the next flush.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/binary.h"
#include "ports/fleet.h"
#include "stations/door.h"

namespace bayward::stations {

class Saver {
 public:
  using Then = std::function<void(const Status&)>;

  // `records`: null, nothing can be kept.
  Saver(Door& door, FleetRecords* records) : door_(door), records_(records) {}

  bool can_keep() const { return records_ != nullptr; }
  template <HasFields T>
  void put(FleetKind kind, uint64_t number, uint64_t item, const T& value) {
    std::string body;
    BinaryWriter(body).write(value);
    waiting_.insert_or_assign(Place{kind, number, item}, std::move(body));
  }
  void remove(FleetKind kind, uint64_t number, uint64_t item) {
    waiting_.insert_or_assign(Place{kind, number, item}, std::nullopt);
  }
  // `then` comes when what was put until now is durable, or could not be made so.
  void flush(Then then = {});

  // Before traffic, on whatever thread.
  template <HasFields T>
  static std::optional<T> read(const FleetDocument& document) {
    T out;
    BinaryReader reader(*document.body);
    reader.read(out);
    return reader.ok() ? std::optional(std::move(out)) : std::nullopt;
  }

 private:
  using Place = std::tuple<FleetKind, uint64_t, uint64_t>;
  using Documents = std::map<Place, std::optional<std::string>>;

  static Flow write(Saver* self);

  Door& door_;
  FleetRecords* records_;
  Documents waiting_;
  std::vector<Then> told_;
  bool writing_ = false;
};

}  // namespace bayward::stations
