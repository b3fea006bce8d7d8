// What the site tells about itself: /health (JSON), /metrics (Prometheus text), /status (for people). Everything else
// is the garage's. On the io thread.
#pragma once

#include <functional>

#include "ports/http.h"
#include "site/authority/controller.h"
#include "site/uplink/uplink.h"
#include "site_clock.h"
#include "site_mesh.h"

namespace bayward {

class StatusPages final : public HttpHandler {
 public:
  // `next` may be null: other paths are 404 then.
  StatusPages(uplink::Uplink& uplink, const authority::Controller* controller, SiteClock& time, const SiteMesh* mesh,
              HttpHandler* next)
      : uplink_(uplink), controller_(controller), time_(time), mesh_(mesh), next_(next) {}
  void handle(HttpRequest request, Responder responder) override;

 private:
  std::string health();
  std::string metrics();
  std::string page();

  uplink::Uplink& uplink_;
  const authority::Controller* controller_;  // may be null
  SiteClock& time_;
  const SiteMesh* mesh_;  // may be null
  HttpHandler* next_;
};

}  // namespace bayward
