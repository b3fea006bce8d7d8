// The platform's HTTP API, live feed and pages: one handler for the HTTP server. Requests are matched, authenticated,
// authorised and read on the io thread that brought them; what they ask goes to the engine, and slow things (passwords,
// the vault, lists) to the API's own workers.
//
// Order of life: construct (subscribes to the engine), load(), start the engine, serve; then stop_feeds(), stop the
// HTTP server, finish_work(), stop the engine, and destroy before the io threads' objects are.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "api/services.h"
#include "core/state.h"
#include "ports/duty_board.h"
#include "ports/http.h"
#include "ports/mail_code.h"
#include "ports/payment.h"
#include "ports/security_log.h"
#include "ports/station_link.h"
#include "ports/telemetry.h"

namespace bayward::api {

struct ApiParts {
  EngineDoor& engine;
  Vault& vault;
  Passwords& passwords;
  ReadModels& lists;
  StationDesk& stations;
  Clock& clock;
  ZoneLoader zones;
  std::function<PlatformHealth()> health;
  size_t worker_threads = 2;
  RateLimits rates{};
  TelemetryHistory* telemetry = nullptr;
  SecurityLog* security_log = nullptr;
  PaymentProvider* payments = nullptr;
  Uploads* uploads = nullptr;
  std::string uploads_url = {};
  DutyBoard* duty = nullptr;
  FleetDesk* fleet = nullptr;
  FirmwareImages* firmware_images = nullptr;
  MailCode mail_code = {};
};

class Api final : public HttpHandler {
 public:
  explicit Api(ApiParts parts);
  ~Api() override;

  // Before the engine runs: the state as recovered, the position it is at, and the journal behind it.
  Status load(const core::State& state, Position last, const CommittedHistory& history);

  // Any io thread.
  void handle(HttpRequest request, Responder responder) override;

  // Ends the feeds, so that the HTTP server can stop without waiting for them.
  void stop_feeds();
  // After the HTTP server has stopped and before the engine does: finishes what the workers have begun.
  void finish_work();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bayward::api
