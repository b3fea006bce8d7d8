// What bayward-site reaches in the town over HTTP, on this machine only: the bays' cameras and an SMS gateway.
//   GET /cameras/B12.jpg                       what the camera of that bay sees now
//   GET /cgi-bin/sendsms?to=..&text=..         as Kannel takes it; the SMS is kept for whose phone it is
// The town's thread.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_server.h"
#include "net/io.h"
#include "ports/camera.h"
#include "sim/town/task.h"

namespace bayward::town {

struct Sms {
  std::string phone;
  std::string text;
  std::chrono::steady_clock::time_point at;
};

class FieldDoor final : public HttpHandler {
 public:
  // JPEG of the bay with this label; nothing when there is none or its camera is off.
  using Look = std::function<std::optional<PictureBytes>(std::string_view label)>;

  static Result<std::unique_ptr<FieldDoor>> open(net::IoContext& io, Look look);
  uint16_t port() const { return server_->port(); }
  void handle(HttpRequest request, Responder responder) override;

  // The last SMS to that phone that came after `since`; null: none.
  const Sms* last_sms(std::string_view phone, std::chrono::steady_clock::time_point since) const;
  Changes arrived;  // an SMS

 private:
  explicit FieldDoor(Look look) : look_(std::move(look)) {}
  void take_sms(const HttpRequest& request, const Responder& responder);

  Look look_;
  std::deque<Sms> kept_;
  std::unique_ptr<net::HttpServer> server_;
};

// What a camera's address answers.
void answer_camera(const FieldDoor::Look& look, std::string_view file, const Responder& responder);

}  // namespace bayward::town
