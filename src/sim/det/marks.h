// Coverage marks of the simulation: rare branches that the seeds of a run must reach between them. A mark that no seed
// hits means that the simulation has stopped testing something.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bayward::sim {

enum class Mark : uint8_t {
  displaced,
  moved,
  no_show,
  expired,
  timed_out,
  withdrawn,
  no_funds,
  early_leave,
  overstay,
  saga_retried,
  extended,
  orphan_session,
  forgotten_session,
  late_session_after_leave,
  register_defect,
  owner_visit,
  idempotent_replay,
  idempotency_conflict,
  overload_shed,
  debt_refused,
  quota_refused,
  slot_refused,
  crash_between_calls,
  crash_before_commit,
  crash_after_commit,
  crash_torn_write,
  disk_full,
  snapshot_used,
  clock_back,
  clock_forward,
  short_or_long_day,
  site_offline_refused,
  consent_given,
  hold_on_the_spot,
  hold_while_split,
  hold_freed_on_the_spot,
  grant_taken,
  grant_refused,
  controller_crash,
  link_split,
  alarm_joined,
  alarm_reraised,
  alarm_suppressed,
  alarm_escalated,
  alarm_sent_again,
  delivery_held_back,
  count,
};
inline constexpr size_t mark_count = static_cast<size_t>(Mark::count);
std::string_view to_text(Mark mark);

class Marks {
 public:
  void hit(Mark mark) { ++hits_[static_cast<size_t>(mark)]; }
  void add(const Marks& other) {
    for (size_t i = 0; i < mark_count; ++i) hits_[i] += other.hits_[i];
  }
  uint64_t hits(Mark mark) const { return hits_[static_cast<size_t>(mark)]; }

 private:
  std::array<uint64_t, mark_count> hits_{};
};

}  // namespace bayward::sim
