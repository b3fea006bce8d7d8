// The door through which a running demo is told to drill and its cameras are looked through: HTTP, on this machine
// only.
//   GET  /cameras/B12.jpg                            what the camera of that bay sees now
//   GET  /drills                                     which there are
//   POST /drills {"drill":"overheat","bay":"B12"}    runs it and answers with the report when it is over
// The town's thread, as the io thread is.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ports/camera.h"
#include "ports/http.h"
#include "sim/town/drills/drills.h"

namespace bayward::town {

class DrillDesk final : public HttpHandler {
 public:
  using Run = std::function<Task<DrillReport>(DrillOrder)>;
  // JPEG of the bay with this label; nothing when there is none or its camera is off.
  using Look = std::function<std::optional<PictureBytes>(std::string_view label)>;
  // The scope owns what is under way.
  DrillDesk(TaskScope& scope, Run run, Look look) : scope_(scope), run_(std::move(run)), look_(std::move(look)) {}

  void handle(HttpRequest request, Responder responder) override;
  // From now on drills are refused.
  void close() { closed_ = true; }

 private:
  Task<> drill(DrillOrder order, Responder responder);

  TaskScope& scope_;
  Run run_;
  Look look_;
  bool running_ = false;
  bool closed_ = false;
};

struct DrillCall {
  uint16_t port = 0;
  DrillOrder order;
  bool json = false;  // the report as one line of JSON
};
// `bayward-sim drill`: asks a running demo; the exit code.
int call_drill(const DrillCall& call);

}  // namespace bayward::town
