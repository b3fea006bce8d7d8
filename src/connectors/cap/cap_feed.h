// The CAP documents that are in force, and the Atom feed (RFC 4287) that lists them: what a public warning system
// polls. Locked inside: the dispatcher tells, the API's threads read.
//
// Told the same again it stays as it is, so a repeated delivery makes no new document. Kept in memory only: after a
// start it is told every open incident anew, which gives the same identifiers.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "connectors/cap/cap.h"

namespace bayward::cap {

class CapFeed {
 public:
  explicit CapFeed(CapConfig config) : config_(std::move(config)) {}

  // An alarm, a worse one, or the all-clear of an incident that is for the public. Reminders change nothing.
  void tell(const AlarmMessage& message);
  // Atom, newest first; `base_url` is where document() is served: base_url + identifier.
  std::string atom(std::string_view base_url, Instant now) const;
  // The XML of one document; nothing when there is none of that name in force.
  std::optional<std::string> document(std::string_view identifier) const;
  // Which document of an incident is in force, and whose it is.
  std::optional<std::string> newest_of(IncidentId incident) const;
  std::optional<IncidentId> incident_of(std::string_view identifier) const;

 private:
  struct Entry {
    CapDocument newest;
    std::string xml;
  };
  void publish(const AlarmMessage& message, CapType type, Entry* before);

  const CapConfig config_;
  mutable std::mutex mutex_;
  std::map<IncidentId, Entry> entries_;
  std::deque<IncidentId> by_age_;  // of entries_, oldest first
};

}  // namespace bayward::cap
