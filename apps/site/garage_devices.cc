#include "garage_devices.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/json_text.h"
#include "ports/http_util.h"
#include "ports/log.h"

namespace bayward {
namespace {

constexpr off_t record_bytes = 16 * 1024 * 1024;

std::unique_ptr<net::HttpClient> client_to(net::IoContext& io, const WebAddress& address,
                                           const std::shared_ptr<net::TlsContext>& tls, Duration limit) {
  net::HttpClientConfig config;
  config.host = address.host;
  config.port = address.port;
  if (address.tls) config.tls = tls;
  config.timeout = limit;
  return std::make_unique<net::HttpClient>(io, config);
}

void append(const std::filesystem::path& file, const std::string& line) {
  const int handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const bool written = handle >= 0 && ::write(handle, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       ::fdatasync(handle) == 0;
  if (!written) log::error("site.record_not_written", {{"file", file.string()}, {"reason", std::strerror(errno)}});
  const off_t size = handle < 0 ? 0 : ::lseek(handle, 0, SEEK_END);
  if (handle >= 0) ::close(handle);
  if (size >= record_bytes) ::rename(file.c_str(), (file.string() + ".1").c_str());
}

}  // namespace

SnapshotCameras::SnapshotCameras(net::IoContext& io, std::map<std::string, CameraConfig> cameras,
                                 const std::shared_ptr<net::TlsContext>& tls, Duration limit) {
  for (auto& [name, config] : cameras) {
    auto client = client_to(io, config.snapshot, tls, limit);
    cameras_.emplace(name, One{std::move(config), std::move(client)});
  }
}

void SnapshotCameras::take(std::string_view camera, Duration, Taken taken) {
  const auto found = cameras_.find(camera);
  if (found == cameras_.end()) return taken(fail("the camera is not configured"));
  const CameraConfig& config = found->second.config;
  HttpRequest request = net::http_request(HttpMethod::get, config.snapshot.target);
  if (!config.user.empty()) request.headers.add("Authorization", basic_authorization(config.user, config.password));
  found->second.client->send(std::move(request), [taken = std::move(taken)](Result<HttpResponse> answer) {
    if (!answer) return taken(fail("the camera does not answer: " + answer.error().message));
    if (answer->status != 200) return taken(fail("the camera answers with HTTP " + std::to_string(answer->status)));
    taken(std::move(answer->body));
  });
}

SmsGateway::SmsGateway(net::IoContext& io, std::optional<SmsConfig> config, const std::shared_ptr<net::TlsContext>& tls)
    : config_(std::move(config)) {
  if (config_) client_ = client_to(io, config_->address, tls, 10s);
}

void SmsGateway::send(std::string phone, std::string text, Sent sent) {
  if (!client_) return sent(fail("no SMS gateway is configured: [garage.sms]"));
  const std::string target = config_->address.target + "?username=" + percent_encode(config_->user) +
                             "&password=" + percent_encode(config_->password) + "&to=" + percent_encode(phone) +
                             "&charset=UTF-8&coding=2&text=" + percent_encode(text);
  client_->send(net::http_request(HttpMethod::get, target),
                [sent = std::move(sent)](const Result<HttpResponse>& answer) {
                  if (!answer) return sent(fail("the SMS gateway does not answer: " + answer.error().message));
                  if (answer->status / 100 != 2)
                    return sent(fail("the SMS gateway answers with HTTP " + std::to_string(answer->status)));
                  sent(Done{});
                });
}

void RecordFile::note(const site::GarageNote& note) {
  std::string line = "{\"at\":\"" + to_rfc3339(note.at) + "\",\"what\":";
  append_json_string(line, note.what);
  for (const auto& [name, fact] : note.facts) {
    if (fact.empty()) continue;
    line += ',';
    append_json_string(line, name);
    line += ':';
    append_json_string(line, fact);
  }
  line += "}\n";
  if (note.alarm) {
    log::error("site.garage_alarm", {{"what", note.what}});
  } else {
    log::info("site.garage", {{"what", note.what}});
  }
  background_.run_later([file = file_, line = std::move(line)] { append(file, line); });
}

bool ConfiguredPeople::may_move_pods(std::string_view phone, Instant) {
  return is_staff(phone) || std::ranges::find(movers_, phone) != movers_.end();
}

bool ConfiguredPeople::is_staff(std::string_view phone) {
  return std::ranges::find(staff_, phone) != staff_.end();
}

void MqttPods::lock(std::string_view pod, bool open) {
  if (broker_ != nullptr) broker_->keep("pod/" + std::string(pod) + "/lock", open ? "open" : "locked");
}

void MqttPods::power(std::string_view pole, bool on) {
  if (broker_ != nullptr) broker_->keep("pole/" + std::string(pole) + "/power", on ? "on" : "off");
}

}  // namespace bayward
