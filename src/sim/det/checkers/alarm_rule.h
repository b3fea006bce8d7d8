// D7, D4: whatever is raised is told until it has arrived, and the all-clear never comes before its alarm. Follows the
// durable events and what the far sides have received; knows nothing of how the core keeps its incidents.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/state.h"
#include "ports/engine.h"
#include "sim/det/checkers/problems.h"
#include "sim/det/marks.h"

namespace bayward::sim {

class AlarmRule {
 public:
  AlarmRule(Problems& problems, Marks& marks) : problems_(problems), marks_(marks) {}

  void look(SiteId site, const core::Event& event, Instant at, const std::vector<StreamEvent>& record);
  // A far side has it, or once more.
  void arrived(DeliveryId id);
  // The live state owes what the journal says is owed, and every debt has a time at which somebody acts.
  void compare(const core::State& state) const;
  // Everybody has been told, and told that it is over; no incident waits for anybody.
  void at_rest() const;

  // Deliveries that are to be sent now, each named once.
  std::vector<DeliveryId> take_due() { return std::exchange(due_, {}); }
  bool pending(DeliveryId id) const { return deliveries_.at(id).pending(); }
  core::Party party(DeliveryId id) const { return deliveries_.at(id).told.to.party; }
  // Not over, or not yet seen by the person that it needs.
  std::vector<IncidentId> unfinished() const;

 private:
  struct Told {
    core::Delivery told;  // as it was queued
    bool arrived = false;
    std::optional<core::DeliveryState> end;
    bool pending() const { return !end; }
  };
  struct Case {
    core::IncidentKind kind{};
    core::Severity severity{};
    bool suppressed = false;
    int32_t round = 1;
    bool over = false;
    bool answered = false;
    std::vector<DeliveryId> deliveries;
  };
  struct Quiet {
    core::Suppression suppression;
    bool lifted = false;
  };

  bool look_at_incident(SiteId site, const core::Event& event, Instant at, const std::vector<StreamEvent>& record);
  void opened(SiteId site, const core::Incident& incident, Instant at, const std::vector<StreamEvent>& record);
  void reported(const core::IncidentReported& event);
  void closed(const core::IncidentClosed& event);
  void queued(const core::Delivery& delivery);
  void ended(const core::DeliveryEnded& event, const std::vector<StreamEvent>& record);
  bool may_be_dropped(const Told& told, const std::vector<StreamEvent>& record) const;
  bool alarm_has_arrived(const Told& all_clear) const;
  bool waits_for_person(const Case& one) const;

  Problems& problems_;
  Marks& marks_;
  std::map<IncidentId, Case> cases_;
  std::map<DeliveryId, Told> deliveries_;
  std::map<SiteId, std::vector<Quiet>> quiet_;
  std::vector<DeliveryId> due_;
};

}  // namespace bayward::sim
