// What the operator may set about the stations; the defaults are sane.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace bayward::stations {

// What becomes of a station that nobody has registered.
enum class Unknown : uint8_t {
  pending,   // may connect, is told Pending and shown to the operator
  rejected,  // may connect, is told Rejected and shown to the operator
  refused,   // HTTP 404 (OCPP-J 1.6 3.1.1, 2.0.1 part 4 3.2)
};

struct StationOptions {
  Unknown unknown = Unknown::pending;
  Duration heartbeat_interval{300s};
  Duration pending_interval{60s};  // after which an unknown station may boot again
  Duration answer_timeout{30s};    // for a station to answer a call of ours; in line time, see Csms::tick()
  Duration boot_wait{10s};         // the same; a station that reconnects needs no boot: after this we call it without
  Duration look_every{60s};        // wanted and real are compared at least so often
  Duration list_every{15min};      // and the local list
  Duration live_every{5min};       // a register reading goes to the engine at least so often
  Duration sets_spread{2min};      // over which stations that boot together are compared with their sets of settings
  std::string public_url;          // where stations reach this server by HTTP, without a path; "": they can't
  size_t failed_logins_per_minute = 10;
  int least_security_profile = 1;         // nobody is let in with less
  Duration renew_certificates{30 * 24h};  // before they end, with one try a day
  bool keep_plate_pictures = false;       // a police desk is to have them; else they are dropped

  // Set after each boot; a station that doesn't know or want one keeps its own way.
  std::vector<std::pair<std::string, std::string>> settings_v16{{"ClockAlignedDataInterval", "900"},
                                                                {"LocalPreAuthorize", "false"},
                                                                {"LocalAuthorizeOffline", "true"},
                                                                {"StopTransactionOnInvalidId", "true"}};
  std::vector<std::pair<std::string, std::string>> settings_v2{{"AlignedDataCtrlr.Interval", "900"},
                                                               {"AuthCtrlr.LocalPreAuthorize", "false"},
                                                               {"AuthCtrlr.LocalAuthorizeOffline", "true"},
                                                               {"TxCtrlr.StopTxOnInvalidId", "true"}};
};

}  // namespace bayward::stations
