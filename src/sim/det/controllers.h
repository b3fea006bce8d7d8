// The sites' controllers of the simulation, and the part of the platform that speaks with them: each is a machine of
// its own with its own disk and clock, behind a link that splits for minutes or hours and loses, doubles, delays and
// reorders what is said. The deciding is the real one (site/authority/book.h).
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/det/checkers/near_rule.h"
#include "sim/det/machine.h"
#include "site/authority/book.h"

namespace bayward::sim {

class Controllers {
 public:
  Controllers(Scheduler& scheduler, Prng& prng, const Profile& profile, Machine& machine, NearRule& rule, Marks& marks)
      : scheduler_(scheduler), prng_(prng), profile_(profile), machine_(machine), rule_(rule), marks_(marks) {}

  void add(SiteId site, StationId station);
  bool controls(SiteId site) const { return controllers_.contains(site); }
  // Links begin to split, machines to die. `bays_with_car` is what the site's own sensors see.
  void open(std::function<std::set<BayId>(SiteId)> bays_with_car);
  // From now on nothing fails any more.
  void calm();
  bool told_all() const;

  // The platform needs the controller's consent: asks it. `then` hears of the booking, maybe never.
  using Then = std::function<void(BookingId)>;
  void ask(authority::Wish wish, Then then);
  // Somebody stands at the bay and asks the controller itself. True: it is theirs.
  bool hold_on_the_spot(authority::Wish wish, Then then);

 private:
  struct Controller {
    SiteId site;
    StationId station;
    bool up = true;
    bool linked = true;
    Duration clock_offset{0};
    std::string disk;
    authority::Book book;
    uint64_t life = 0;
  };

  void tick(Controller& controller);
  void brief(Controller& controller);
  void say(Controller& controller, std::function<void()> arrive);
  void tell_log(Controller& controller);
  void take(Controller& controller, const authority::Entry& entry, const Outcome& outcome);
  bool keep(Controller& controller, authority::Entry entry);
  void free_what_is_over(Controller& controller);
  void crash(Controller& controller);
  void next_split(Controller& controller);
  void next_crash(Controller& controller);
  void tell_link(Controller& controller);
  Instant clock(const Controller& controller) const { return scheduler_.now() + controller.clock_offset; }

  Scheduler& scheduler_;
  Prng& prng_;
  const Profile& profile_;
  Machine& machine_;
  NearRule& rule_;
  Marks& marks_;
  std::map<SiteId, Controller> controllers_;
  std::map<std::pair<SiteId, uint64_t>, Then> waiting_;  // by number of the log
  std::function<std::set<BayId>(SiteId)> bays_with_car_;
  uint64_t asks_ = 0;
  bool calm_ = false;
};

}  // namespace bayward::sim
