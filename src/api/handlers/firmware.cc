// Images of stations' firmware: an operator describes one, puts its content to a URL of its own, and stations load it
// from there. Whoever has the URL may load it: firmware is no secret, its signature is what protects it.
#include <charconv>

#include "api/handlers/fleet_path.h"
#include "base/limits.h"
#include "ports/log.h"

namespace bayward::api {
namespace {

constexpr size_t certificate_chars = 8192;
constexpr size_t signature_chars = 800;  // OCPP 2.0.1 FirmwareType.signature

// On a worker.
void note(const CallPtr& call, std::string type, std::string detail) {
  SecurityLog* log = call->services().security_log;
  if (!log) return;
  const Instant now = call->services().clock.now();
  (void)log->record(
      {0, {}, {}, SecurityOrigin::staff, std::move(type), detail + ", by " + to_text(call->account()), now, {}});
}

FirmwareImages* images_of(const CallPtr& call) {
  FirmwareImages* images = call->services().firmware_images;
  if (!images) call->refuse(Trouble::not_found);
  return images;
}

void write(JsonOut& out, const FirmwareImage& image) {
  out.object().field("image", image.number).field("file", image.file).field("version", image.version);
  out.field("signed", !image.signature.empty()).field("bytes", image.bytes);
  out.name("sha256");
  image.sha256.empty() ? out.null() : out.value(image.sha256);
  out.field("added_by", image.added_by).field("added_at", image.added_at);
  write_time(out, "received_at", image.received_at);
  out.field("path", "/firmware/" + image.token).end();
}

// Of what every file system and URL takes.
bool plain_name(std::string_view name) {
  constexpr std::string_view good = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.";
  return !name.empty() && name.front() != '.' && name.find_first_not_of(good) == std::string_view::npos;
}

}  // namespace

std::optional<uint64_t> path_number(const CallPtr& call) {
  const std::string_view text = call->parameter(0);
  uint64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec == std::errc{} && end.ptr == text.data() + text.size() && number != 0) return number;
  call->refuse(Trouble::not_found);
  return std::nullopt;
}

FleetDesk* fleet_of(const CallPtr& call) {
  FleetDesk* fleet = call->services().fleet;
  if (!fleet) call->refuse(Trouble::not_found);
  return fleet;
}

void refuse_words(const CallPtr& call, const Error& error) {
  call->refuse(Trouble::bad_field, {"This can't be done: " + error.message + ".", "无法执行：" + error.message + "。"});
}

void write_time(JsonOut& out, std::string_view name, Instant at) {
  out.name(name);
  at == Instant{} ? out.null() : out.value(at);
}

void list_firmware_images(const CallPtr& call) {
  FirmwareImages* images = images_of(call);
  if (!images) return;
  JsonOut out;
  out.object().name("items").array();
  for (const FirmwareImage& image : images->list()) write(out, image);
  out.end();
  call->reply(200, std::move(out.end()));
}

void add_firmware_image(const CallPtr& call) {
  FirmwareImages* images = images_of(call);
  if (!images) return;
  Body body(call->request().body);
  Fields in = body.fields();
  FirmwareImage image;
  image.file = in.text("file", 1, 64);
  if (!plain_name(image.file)) {
    in.refuse("file", "must be a name of letters, digits, - _ and .", "只能包含字母、数字、- _ 和 .");
  }
  image.version = in.maybe_text("version", 1, 50).value_or("");
  image.signature = in.maybe_text("signature", 1, signature_chars).value_or("");
  image.certificate = in.maybe_lines("certificate", certificate_chars).value_or("");
  if (image.signature.empty() != image.certificate.empty()) {
    in.refuse("signature", "and certificate go together", "与certificate须同时提供");
  }
  in.finish();
  if (call->refused_by(body)) return;
  image.added_by = call->account();
  image.added_at = call->services().clock.now();
  call->on_worker([call, images, image = std::move(image)]() mutable {
    const auto added = images->add(std::move(image));
    if (!added) return refuse_words(call, added.error());
    note(call, "FirmwareAdded", "image " + std::to_string(added->number) + " (" + added->file + ")");
    JsonOut out;
    write(out, *added);
    call->reply(201, std::move(out));
  });
}

void remove_firmware_image(const CallPtr& call) {
  FirmwareImages* images = images_of(call);
  const auto number = images ? path_number(call) : std::nullopt;
  if (!number) return;
  call->on_worker([call, images, number = *number] {
    const auto removed = images->remove(number);
    if (!removed) return call->unavailable("firmware", removed.error());
    if (!*removed) return call->refuse(Trouble::not_found);
    note(call, "FirmwareRemoved", "image " + std::to_string(number));
    call->no_content();
  });
}

// The token is the only proof, and it was told to an operator alone until stations are told it.
void take_firmware(const CallPtr& call) {
  FirmwareImages* images = images_of(call);
  if (!images) return;
  call->on_worker([call, images] {
    const auto taken = images->take(call->parameter(0), call->request().body, call->services().clock.now());
    if (!taken) return call->unavailable("firmware", taken.error());
    if (!*taken) return call->refuse(Trouble::not_found);
    log::info("firmware.taken", {{"bytes", call->request().body.size()}, {"peer", call->request().peer}});
    call->reply(HttpResponse{.status = 201});
  });
}

void give_firmware(const CallPtr& call) {
  FirmwareImages* images = images_of(call);
  if (!images) return;
  call->on_worker([call, images] {
    auto content = images->content(call->parameter(0));
    if (!content) return call->unavailable("firmware", content.error());
    if (!*content) return call->refuse(Trouble::not_found);
    HttpResponse response;
    response.content_type = "application/octet-stream";
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.shared_body = *std::move(content);
    call->reply(std::move(response));
  });
}

}  // namespace bayward::api
