#include "sim/det/marks.h"

namespace bayward::sim {

std::string_view to_text(Mark mark) {
  static constexpr std::array<std::string_view, mark_count> words = {"displaced",
                                                                     "moved",
                                                                     "no_show",
                                                                     "expired",
                                                                     "timed_out",
                                                                     "withdrawn",
                                                                     "no_funds",
                                                                     "early_leave",
                                                                     "overstay",
                                                                     "saga_retried",
                                                                     "extended",
                                                                     "orphan_session",
                                                                     "forgotten_session",
                                                                     "late_session_after_leave",
                                                                     "register_defect",
                                                                     "owner_visit",
                                                                     "idempotent_replay",
                                                                     "idempotency_conflict",
                                                                     "overload_shed",
                                                                     "debt_refused",
                                                                     "quota_refused",
                                                                     "slot_refused",
                                                                     "crash_between_calls",
                                                                     "crash_before_commit",
                                                                     "crash_after_commit",
                                                                     "crash_torn_write",
                                                                     "disk_full",
                                                                     "snapshot_used",
                                                                     "clock_back",
                                                                     "clock_forward",
                                                                     "short_or_long_day",
                                                                     "site_offline_refused",
                                                                     "consent_given",
                                                                     "hold_on_the_spot",
                                                                     "hold_while_split",
                                                                     "hold_freed_on_the_spot",
                                                                     "grant_taken",
                                                                     "grant_refused",
                                                                     "controller_crash",
                                                                     "link_split"};
  return words[static_cast<size_t>(mark)];
}

}  // namespace bayward::sim
