// What the handlers work with. Made once by Api; everything here may be used from any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/access/tokens.h"
#include "api/metrics.h"
#include "api/rate_limit.h"
#include "api/workers.h"
#include "base/zone.h"
#include "ports/clock.h"
#include "ports/duty_board.h"
#include "ports/engine.h"
#include "ports/fleet.h"
#include "ports/mail_code.h"
#include "ports/payment.h"
#include "ports/read_models.h"
#include "ports/security_log.h"
#include "ports/station_link.h"
#include "ports/telemetry.h"
#include "ports/uploads.h"
#include "ports/vault.h"

namespace bayward::api {

class Feed;
class LiveIndex;

// The tz database, by IANA name; the error says what is wrong with the name.
using ZoneLoader = std::function<Result<ZoneRules>(std::string_view)>;

struct RateLimits {
  Rate login_by_phone{10, 30s};
  Rate login_by_peer{60, 1s};
  Rate register_by_peer{20, 6s};
  Rate by_token{200, 20ms};
  Rate anonymous_by_peer{200, 20ms};
};

// Whether the parts that are not the API's work: for /healthz and /metrics.
struct PlatformHealth {
  bool engine_healthy = true;
  bool journal_writable = true;
  uint64_t commands_shed = 0;
  uint64_t commits = 0;
  uint64_t inbox_commands = 0;
  uint64_t http_connections = 0;
  uint64_t websockets = 0;
  Position journal_position = 0;
};

struct Services {
  EngineDoor& engine;
  Vault& vault;
  Passwords& passwords;
  ReadModels& lists;
  StationDesk& stations;
  Clock& clock;
  ZoneLoader zones;
  std::function<PlatformHealth()> health;
  Workers& workers;
  Tokens& tokens;
  Metrics& metrics;
  LiveIndex& live;
  Feed& feed;
  std::function<void(AccountId)> close_feeds;  // a token ended or roles changed: streams end, readers come back
  RateTable& login_by_phone;
  RateTable& login_by_peer;
  RateTable& register_by_peer;
  RateTable& anonymous_by_peer;
  Rate by_token;
  const std::string& dummy_password_hash;        // verified against when there is no account: the same time passes
  std::string_view (*route_path)(size_t route);  // the template, for logs
  TelemetryHistory* telemetry;                   // null: there is none
  SecurityLog* security_log;                     // the same
  PaymentProvider* payments;                     // null: there is none
  Uploads* uploads;                              // the same
  std::string uploads_url;                       // where stations reach /uploads: https://csms.example.org
  DutyBoard* duty;                               // the same
  FleetDesk* fleet;                              // the same
  FirmwareImages* firmware_images;               // the same
  MailCode mail_code;                            // empty: there is no mail server
  CommittedHistory history;                      // set before the first request
};

}  // namespace bayward::api
