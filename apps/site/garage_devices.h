// The garage's real far ends: cameras that give snapshots over HTTP, an SMS gateway, a record file. And who stands in
// when nobody decides on this site: they refuse.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "background.h"
#include "garage_config.h"
#include "net/http_client.h"
#include "net/io.h"
#include "net/tls.h"
#include "ports/camera.h"
#include "site/entrance/entrance_desk.h"
#include "site/lan/hold_desk.h"
#include "site/lan/people.h"

namespace bayward {

// GET <url> gives a picture: what practically every network camera can. Any thread.
class SnapshotCameras final : public Camera {
 public:
  SnapshotCameras(net::IoContext& io, std::map<std::string, CameraConfig> cameras,
                  const std::shared_ptr<net::TlsContext>& tls, Duration limit);
  void take(std::string_view camera, Duration limit, Taken taken) override;

 private:
  struct One {
    CameraConfig config;
    std::unique_ptr<net::HttpClient> client;
  };
  std::map<std::string, One, std::less<>> cameras_;
};

// Kannel's sendsms, which many gateways take. None configured: every SMS fails with that word.
class SmsGateway final : public site::SmsSender {
 public:
  SmsGateway(net::IoContext& io, std::optional<SmsConfig> config, const std::shared_ptr<net::TlsContext>& tls);
  void send(std::string phone, std::string text, Sent sent) override;

 private:
  const std::optional<SmsConfig> config_;
  std::unique_ptr<net::HttpClient> client_;
};

// One JSON object a line, durable; at 16 MiB the file becomes <name>.1.
class RecordFile final : public site::GarageRecord {
 public:
  explicit RecordFile(std::filesystem::path file) : file_(std::move(file)) {}
  void note(const site::GarageNote& note) override;

 private:
  const std::filesystem::path file_;
  Background background_;
};

class NoAuthority final : public site::HoldDesk, public site::ExpectedCars {
 public:
  void hold(site::HoldRequest, Answered answered) override { answered(Failure{site::HoldRefusal::unavailable}); }
  std::optional<site::CarToGuide> expected(const std::string&, Instant) override { return std::nullopt; }
};

// The phone numbers of the configuration.
class ConfiguredPeople final : public site::People {
 public:
  ConfiguredPeople(std::vector<std::string> movers, std::vector<std::string> staff)
      : movers_(std::move(movers)), staff_(std::move(staff)) {}
  bool may_move_pods(std::string_view phone, Instant) override;
  bool is_staff(std::string_view phone) override;
  std::optional<BookingId> booking_of(std::string_view, Instant) override { return std::nullopt; }

 private:
  const std::vector<std::string> movers_;
  const std::vector<std::string> staff_;
};

// Locks and poles behind the MQTT broker of the lamps; without one there is nobody to tell.
class MqttPods final : public site::PodField {
 public:
  explicit MqttPods(site::MqttLamps* broker) : broker_(broker) {}
  void lock(std::string_view pod, bool open) override;
  void power(std::string_view pole, bool on) override;

 private:
  site::MqttLamps* const broker_;
};

}  // namespace bayward
