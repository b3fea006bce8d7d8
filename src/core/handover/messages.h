// What the platform and a site's controller say to each other, besides the briefing (docs/authority.md). Plain values;
// how they travel is not the core's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/handover/briefing.h"

namespace bayward::core {

// From the controller: the next entries of its log, or none: then it asks where the platform is.
struct LogEntry {
  TakeGrant grant;
  std::string phone;  // E.164, instead of an account
  BAYWARD_FIELDS(LogEntry, grant, phone)
};
struct SiteLog {
  uint64_t log = 0;
  std::vector<LogEntry> entries;  // at most site_log_entries
  BAYWARD_FIELDS(SiteLog, log, entries)
};
inline constexpr size_t site_log_entries = 32;
struct SiteLogAnswer {
  uint64_t log = 0;    // 0: this station is no controller
  uint64_t taken = 0;  // all up to this number are in the books
  BAYWARD_FIELDS(SiteLogAnswer, log, taken)
};

// From the platform: may this be sold? The answer is the number under which the controller has it in its log.
struct Ask {
  std::string ask;
  TakeGrant wish;  // without log, number and granted_until
  BAYWARD_FIELDS(Ask, ask, wish)
};
struct AskAnswer {
  uint64_t number = 0;
  std::optional<Refusal> refused;
  BAYWARD_FIELDS(AskAnswer, number, refused)
};

// The controller's answer to a briefing.
struct BriefingAnswer {
  uint64_t revision = 0;
  bool lost_memory = false;  // it has to be assigned anew
  BAYWARD_FIELDS(BriefingAnswer, revision, lost_memory)
};

namespace site_message {
inline constexpr std::string_view vendor = "org.bayward";
inline constexpr std::string_view log = "SiteLog";
inline constexpr std::string_view ask = "Ask";
inline constexpr std::string_view briefing = "Briefing";
}  // namespace site_message

}  // namespace bayward::core
