// CAP 1.2 (OASIS, 2010): one document about one incident. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "ports/alarm_channel.h"

namespace bayward::cap {

struct CapConfig {
  std::string sender;       // who we are, worldwide and for good: "bayward.rosenhof.example"; no blanks, commas, < or &
  std::string sender_name;  // as people know us
  std::string web;          // where more is to be read; may be empty
  bool exercise = false;    // says "Exercise" instead of "Actual"
};

enum class CapType : uint8_t { alert, update, cancel };

struct CapDocument {
  CapType type{};
  std::string identifier;  // no blanks, commas, < or &
  Instant sent{};
  // Of the documents before this one: "sender,identifier,sent" each, divided by blanks.
  std::string references;
  std::optional<Instant> expires;
  AlarmMessage message;  // what, where and since when
};

// With the offset of the place, never Z, which the schema refuses: 2026-03-29T09:00:00+08:00. For UTC: -00:00.
std::string cap_time(Instant at, int32_t utc_offset_s);
// As it stands in <references>.
std::string cap_reference(const CapConfig& config, const CapDocument& document);
// Both languages, one <info> each.
std::string to_xml(const CapConfig& config, const CapDocument& document);

}  // namespace bayward::cap
