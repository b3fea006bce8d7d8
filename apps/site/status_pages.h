// What the site tells about itself: /health (JSON), /metrics (Prometheus text), /status (for people). Everything else
// is the garage's. On the io thread.
#pragma once

#include <functional>

#include "ports/clock.h"
#include "ports/http.h"
#include "site/authority/controller.h"
#include "site/uplink/uplink.h"

namespace bayward {

class StatusPages final : public HttpHandler {
 public:
  // `next` may be null: other paths are 404 then.
  StatusPages(uplink::Uplink& uplink, const authority::Controller* controller, Clock& clock, HttpHandler* next)
      : uplink_(uplink), controller_(controller), clock_(clock), next_(next) {}
  void handle(HttpRequest request, Responder responder) override;

 private:
  std::string health();
  std::string metrics();
  std::string page();

  uplink::Uplink& uplink_;
  const authority::Controller* controller_;  // may be null
  Clock& clock_;
  HttpHandler* next_;
};

}  // namespace bayward
