#include "sim/town/site/field_door.h"

namespace bayward::town {
namespace {

constexpr std::string_view cameras = "/cameras/";
constexpr size_t sms_kept = 64;

HttpResponse plain(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

}  // namespace

void answer_camera(const FieldDoor::Look& look, std::string_view file, const Responder& responder) {
  const auto picture = file.ends_with(".jpg") ? look(file.substr(0, file.size() - 4)) : std::nullopt;
  if (!picture) return responder.send(plain(404, "there is no such bay, or its camera is off to spare the battery\n"));
  HttpResponse response;
  response.content_type = "image/jpeg";
  response.headers.add("Cache-Control", "no-store");
  response.body = *picture;
  responder.send(std::move(response));
}

Result<std::unique_ptr<FieldDoor>> FieldDoor::open(net::IoContext& io, Look look) {
  std::unique_ptr<FieldDoor> door(new FieldDoor(std::move(look)));
  auto listening = net::HttpServer::listen({&io}, {}, *door, nullptr);
  if (!listening) return fail("the town's cameras: " + listening.error().message);
  door->server_ = *std::move(listening);
  return door;
}

void FieldDoor::handle(HttpRequest request, Responder responder) {
  if (request.method != HttpMethod::get) return responder.send(plain(405, "GET\n"));
  if (request.path.starts_with(cameras))
    return answer_camera(look_, std::string_view(request.path).substr(cameras.size()), responder);
  if (request.path == "/cgi-bin/sendsms") return take_sms(request, responder);
  responder.send(plain(404, "there are /cameras/<bay>.jpg and /cgi-bin/sendsms\n"));
}

void FieldDoor::take_sms(const HttpRequest& request, const Responder& responder) {
  Sms sms{{}, {}, std::chrono::steady_clock::now()};
  for (const QueryParameter& parameter : request.query) {
    if (parameter.name == "to") sms.phone = parameter.value;
    if (parameter.name == "text") sms.text = parameter.value;
  }
  kept_.push_back(std::move(sms));
  if (kept_.size() > sms_kept) kept_.pop_front();
  responder.send(plain(202, "0: Accepted for delivery\n"));
  arrived.announce();
}

const Sms* FieldDoor::last_sms(std::string_view phone, std::chrono::steady_clock::time_point since) const {
  for (size_t i = kept_.size(); i-- > 0;) {
    if (kept_[i].phone == phone && kept_[i].at >= since) return &kept_[i];
  }
  return nullptr;
}

}  // namespace bayward::town
