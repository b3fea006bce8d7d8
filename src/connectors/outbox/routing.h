// Who is told by which ways: the desks by the ways the operator has configured for them, people by the app and then by
// the ways of their own, in order. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/alarm_channel.h"

namespace bayward::outbox {

struct Route {
  std::string name;  // for the log: "sms", "webhook:office"
  AlarmChannel* channel = nullptr;
  std::string address;   // as the channel needs it; empty: the person's own, for a desk none
  bool by_mail = false;  // a person's own address is the e-mail address, not the phone
};

// Minutes of the day on the clock of the site; `from` after `to` goes past midnight.
struct QuietHours {
  int32_t from = 0;
  int32_t to = 0;

  bool contains(int32_t minute) const;
};

struct Routing {
  std::map<core::Party, std::vector<Route>> desks;
  std::vector<Route> persons;
  std::optional<QuietHours> quiet;
};

struct Plan {
  std::vector<Route> routes;
  bool at_once = false;  // all of them together; else the next when one has failed
  bool no_link = false;  // there is no way at all and there will be none
};

// People have the app: the first try of what is no danger is the app's alone, and in the quiet hours so is every other.
// Danger goes out at once, day and night; to a desk by all of its ways together. The office and the operators see what
// is owed to them on their screens: without a way of their own nothing is sent and it stays owed. The fire and police
// desks see nothing but what is sent.
Plan plan(const Routing& routing, const AlarmMessage& message);

bool is_person(core::Party party);

}  // namespace bayward::outbox
