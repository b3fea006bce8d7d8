// What goes wrong at the bays of the simulation, who hears of it, and who answers: sensors that speak up and fall
// silent, far sides that are down for hours, lose messages or their answers, and staff that works through the list.
#pragma once

#include <set>
#include <vector>

#include "sim/det/checkers/alarm_rule.h"
#include "sim/det/client.h"

namespace bayward::sim {

class Alarms {
 public:
  Alarms(Scheduler& scheduler, Prng& prng, Clients& clients, AlarmRule& rule)
      : scheduler_(scheduler), prng_(prng), clients_(clients), rule_(rule) {}

  // Things begin to go wrong at these bays; `staff` answers.
  void open(std::vector<BayId> bays, AccountId staff);
  // After every commit: what is owed goes out.
  void send_due();
  // Nothing new happens, all far sides answer, staff works until the list is empty.
  void calm();

 private:
  struct Hazard {
    BayId bay;
    core::IncidentKind kind{};
    friend auto operator<=>(const Hazard&, const Hazard&) = default;
  };

  void next_hazard();
  void begin(const Hazard& hazard);
  void end(const Hazard& hazard);
  void report(const Hazard& hazard, bool active);
  void next_outage();
  void staff_works();
  void answer(IncidentId incident);
  void suppress();
  void arrive(DeliveryId id);
  Duration minutes(int64_t low, int64_t high) { return std::chrono::seconds{prng_.between(low * 60, high * 60)}; }

  Scheduler& scheduler_;
  Prng& prng_;
  Clients& clients_;
  AlarmRule& rule_;
  std::vector<BayId> bays_;
  AccountId staff_;
  std::set<Hazard> burning_;
  std::set<core::Party> down_;
  bool calm_ = false;
};

}  // namespace bayward::sim
