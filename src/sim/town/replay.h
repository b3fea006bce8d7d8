// `bayward-sim replay`: recorded sessions as bookings, arrivals, OCPP transactions and departures of people and
// stations on real sockets, and what was billed against what was recorded, row by row.
#pragma once

#include <string>

namespace bayward::town {

inline constexpr double replay_speed_max = 7200;

struct ReplayOptions {
  std::string server_program;
  std::string file;
  std::string from;  // YYYY-MM-DD in UTC; empty: the Monday of the busiest week
  int days = 7;
  double speed = replay_speed_max;
  std::string report;          // CSV; empty: none
  std::string data_directory;  // empty: a temporary one
};

// The exit code: 0 when every row that could be replayed was billed the energy that was recorded.
int run_replay(const ReplayOptions& options);

}  // namespace bayward::town
