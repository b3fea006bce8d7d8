// The rules that every event must keep, looked at one by one, before the model has taken the event in.
#pragma once

#include <set>

#include "ports/engine.h"
#include "sim/det/checkers/model.h"
#include "sim/det/checkers/problems.h"
#include "sim/det/marks.h"

namespace bayward::sim {

// A11: no two bookings hold the same moment of one bay, past ones included.
class OverlapRule {
 public:
  OverlapRule(const Model& model, Problems& problems) : model_(model), problems_(problems) {}
  void look(const core::Event& event);

 private:
  void claim(BookingId id, BayId bay, const Interval& span);
  const Model& model_;
  Problems& problems_;
};

// B4: power only for the holder or the owner; whoever else starts is stored without an account and is to be stopped.
class PowerRule {
 public:
  PowerRule(const Model& model, Problems& problems, Marks& marks) : model_(model), problems_(problems), marks_(marks) {}
  void look(const core::Event& event, Instant at, const std::vector<StreamEvent>& record);

 private:
  void holder(const core::SessionStarted& started);
  void owner(const core::SessionStarted& started);
  const Model& model_;
  Problems& problems_;
  Marks& marks_;
};

// A1, A2: what is sold is shared by a window, on days of 23, 24 and 25 hours.
class WindowRule {
 public:
  WindowRule(const Model& model, Problems& problems) : model_(model), problems_(problems) {}
  void look(const core::Event& event);

 private:
  void sold(BookingId id, BayId bay, const Interval& span);
  const Model& model_;
  Problems& problems_;
};

// A3: what is counted against a permission never exceeds it.
class QuotaRule {
 public:
  QuotaRule(const Model& model, Problems& problems) : model_(model), problems_(problems) {}
  void look(const core::Event& event);

 private:
  void count(SiteId site, PermissionId permission, const Interval& more);
  const Model& model_;
  Problems& problems_;
};

// C2, C3: the energy on a bill is that of the raw readings of its sessions.
class BillRule {
 public:
  BillRule(const Model& model, Problems& problems) : model_(model), problems_(problems) {}
  void look(const core::BookingEnded& event);

 private:
  const Model& model_;
  Problems& problems_;
};

}  // namespace bayward::sim
