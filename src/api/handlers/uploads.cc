// Logs that stations upload: to a URL of their own, good once, which whoever has it may use; fetched by operators, on
// record in the audit log of security.
#include "ports/uploads.h"

#include "api/handlers/station_path.h"
#include "base/limits.h"
#include "ports/log.h"
#include "ports/security_log.h"

namespace bayward::api {
namespace {

// On a worker.
void note(const CallPtr& call, StationId station, std::string type, std::string detail) {
  SecurityLog* log = call->services().security_log;
  if (!log) return;
  const Instant now = call->services().clock.now();
  (void)log->record({0, station, {}, SecurityOrigin::staff, std::move(type), std::move(detail), now, {}});
}

void write(JsonOut& out, const Upload& upload) {
  out.object().field("upload", upload.number).field("log", upload.log).field("asked_by", upload.asked_by);
  out.name("received_at");
  upload.received_at == Instant{} ? out.null() : out.value(upload.received_at);
  out.field("bytes", upload.bytes).end();
}

}  // namespace

bool can_expect_upload(const CallPtr& call) {
  Services& services = call->services();
  if (services.uploads && !services.uploads_url.empty()) return true;
  call->refuse(Trouble::bad_field, {"Stations can't upload here: [ocpp] upload_url says where they reach the server.",
                                    "此处无法接收上传：请在[ocpp] upload_url中设置充电桩访问服务器的地址。"});
  return false;
}

bool expect_upload(const CallPtr& call, StationId station, FetchLog& order) {
  Services& services = call->services();
  Upload upload;
  upload.station = station;
  upload.log = order.security ? "security" : "diagnostics";
  upload.asked_by = call->account();
  const Instant until = services.clock.now() + std::chrono::seconds{limits::station_upload_seconds};
  const auto expected = services.uploads->expect(std::move(upload), until);
  if (!expected) {
    call->unavailable("upload", expected.error());
    return false;
  }
  order.number = static_cast<int64_t>(expected->number);
  order.location = services.uploads_url + "/uploads/" + expected->token;
  return true;
}

// The token is the only proof: whoever has none is told that there is nothing.
void take_upload(const CallPtr& call) {
  Uploads* uploads = call->services().uploads;
  if (!uploads) return call->refuse(Trouble::not_found);
  call->on_worker([call, uploads] {
    const auto taken = uploads->take(call->parameter(0), call->request().body, call->services().clock.now());
    if (!taken) return call->unavailable("upload", taken.error());
    if (!*taken) return call->refuse(Trouble::not_found);
    log::info("station.upload_taken", {{"bytes", call->request().body.size()}, {"peer", call->request().peer}});
    call->reply(HttpResponse{.status = 201});
  });
}

void list_station_uploads(const CallPtr& call) {
  with_station(call, [](const CallPtr& answer, StationId station) {
    Uploads* uploads = answer->services().uploads;
    JsonOut out;
    out.object().name("items").array();
    if (uploads) {
      for (const Upload& upload : uploads->list(station)) write(out, upload);
    }
    out.end();
    answer->reply(200, std::move(out.end()));
  });
}

void fetch_station_upload(const CallPtr& call) {
  const std::string number(call->parameter(1));
  with_station(call, [number](const CallPtr& answer, StationId station) {
    Uploads* uploads = answer->services().uploads;
    if (!uploads || number.size() > 18 || number.find_first_not_of("0123456789") != std::string::npos) {
      return answer->refuse(Trouble::not_found);
    }
    answer->on_worker([answer, uploads, station, number] {
      auto content = uploads->read(station, std::stoull(number));
      if (!content) return answer->unavailable("upload", content.error());
      if (!*content) return answer->refuse(Trouble::not_found);
      note(answer, station, "UploadRead", "upload " + number + ", by " + to_text(answer->account()));
      HttpResponse response;
      response.content_type = "application/octet-stream";
      response.headers.add("Content-Disposition", "attachment; filename=\"" + to_text(station) + "-" + number + "\"");
      response.headers.add("X-Content-Type-Options", "nosniff");
      response.body = **std::move(content);
      answer->reply(std::move(response));
    });
  });
}

}  // namespace bayward::api
