// The CAP feed as a way out for alarms: desks that have a token fetch the Atom feed and its documents over HTTP.
//
//   GET /cap/             Atom, newest first
//   GET /cap/IDENTIFIER   one CAP 1.2 document
//
// An alarm is delivered when a desk has fetched its document, or a newer one of the same incident, and by nothing else.
// Hits of the watch list are never in it (B5).
//
// Everything happens on the loop's thread: send() posts there, and the server that calls handle() runs on it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "connectors/cap/cap_feed.h"
#include "ports/alarm_channel.h"
#include "ports/byte_stream.h"
#include "ports/clock.h"
#include "ports/http.h"

namespace bayward::cap {

struct CapDeskConfig {
  CapConfig cap;
  std::string token;             // Authorization: Bearer TOKEN
  std::string base_url;          // where desks reach it: "https://alarms.example/cap/"
  Duration fetch_limit{20'000};  // then the core is told that nobody came, and tells it again
};

class CapDesk final : public AlarmChannel, public HttpHandler {
 public:
  // Outlives the server that calls it, the dispatcher and what runs on the loop.
  CapDesk(StreamLoop& loop, const Clock& clock, CapDeskConfig config);

  void send(const AlarmMessage& message, SendDone done) override;
  void handle(HttpRequest request, Responder responder) override;

 private:
  struct Waiting {
    SendDone done;
    Instant until{};
  };
  void tell(const AlarmMessage& message, SendDone done);
  void fetched(const std::string& identifier);
  void end_overdue();
  bool allowed(const HttpRequest& request) const;

  StreamLoop& loop_;
  const Clock& clock_;
  const CapDeskConfig config_;
  CapFeed feed_;
  std::map<IncidentId, std::string> fetched_;  // the newest document of each that somebody has; bounded as the feed is
  std::multimap<IncidentId, Waiting> waiting_;
};

}  // namespace bayward::cap
