// What is counted about the stations' traffic, for /metrics. Written by the stations' thread, read from any.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "base/time.h"
#include "ocpp/rpc/correlator.h"
#include "ports/station_link.h"

namespace bayward::stations {

class Statistics {
 public:
  struct Call {
    const ocpp::Dialect& dialect;
    std::string_view action;   // as the peer names it: counted as "other" when the version has no such action
    std::string_view outcome;  // lives for ever: "ok", "no_answer" or a word of the dialect
    bool ours = false;
  };

  void count_call(const Call& call, Duration latency);
  void count_own(const ocpp::Dialect& dialect, const ocpp::FinishedCall& call, Duration latency);
  void count_frames(const ocpp::Correlator::Counters& before, const ocpp::Correlator::Counters& after);
  void count_unanswered_by_us();
  void count_connection(bool replaces);
  void count_failed_login();
  void count_orphan();
  void count_security_event_dropped();
  void set_connected(size_t registered, size_t pending);

  StationCounters read() const;

 private:
  using Key = std::tuple<std::string_view, std::string_view, std::string_view, bool>;
  struct Sum {
    uint64_t calls = 0;
    uint64_t latency_us = 0;
  };

  bool is_like_last(const Call& call) const;

  mutable std::mutex mutex_;
  StationCounters counters_;
  std::map<Key, Sum> calls_;
  // Of the last call counted: most are like the one before.
  std::map<Key, Sum>::iterator last_ = calls_.end();
};

// "ok", or the word of the dialect for a refusal. Lives for ever.
std::string_view outcome_word(const ocpp::Dialect& dialect, const ocpp::CallError* error);

}  // namespace bayward::stations
