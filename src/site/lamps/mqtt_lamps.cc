#include "site/lamps/mqtt_lamps.h"

#include <mosquitto.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "base/time.h"
#include "ports/log.h"

namespace bayward::site {
namespace {

constexpr int at_least_once = 1;
constexpr int keep_alive_s = 15;

bool plain_topic(std::string_view text) {
  return !text.empty() && text.size() <= 200 && text.find_first_of("+#") == std::string_view::npos &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

std::string payload_of(const LampShow& show) {
  return "{\"sign\":\"" + std::string(to_text(show.sign)) + "\",\"colour\":\"" + std::string(to_text(show.colour)) +
         "\",\"rhythm\":\"" + std::string(to_text(show.rhythm)) + "\"}";
}

void publish(mosquitto* client, const std::string& topic, std::string_view payload) {
  mosquitto_publish(client, nullptr, topic.c_str(), static_cast<int>(payload.size()), payload.data(), at_least_once,
                    true);
}

}  // namespace

struct MqttLamps::Impl {
  Impl(MqttLampsConfig c, Passed p)
      : config(std::move(c)), passed(std::move(p)), lamps(config.lamps.begin(), config.lamps.end()) {
    mosquitto_lib_init();
    client = mosquitto_new(config.client_id.c_str(), true, this);
  }
  ~Impl() {
    stop();
    if (client != nullptr) mosquitto_destroy(client);
    mosquitto_lib_cleanup();
  }

  std::string topic(std::string_view rest) const { return config.prefix + '/' + std::string(rest); }

  static void on_connect(mosquitto*, void* self, int code) {
    auto& impl = *static_cast<Impl*>(self);
    if (code != 0) {
      log::warn("site.mqtt_refused", {{"reason", mosquitto_connack_string(code)}});
      return;
    }
    impl.up = true;
    log::info("site.mqtt_up", {{"lamps", impl.lamps.size()}});
    mosquitto_subscribe(impl.client, nullptr, impl.topic("passed/+").c_str(), at_least_once);
    publish(impl.client, impl.topic("controller"), "online");
    for (const auto& [rest, payload] : impl.copy_of_wanted()) publish(impl.client, impl.topic(rest), payload);
  }

  static void on_disconnect(mosquitto*, void* self, int code) {
    auto& impl = *static_cast<Impl*>(self);
    if (impl.up.exchange(false) && code != 0) log::warn("site.mqtt_down", {{"reason", mosquitto_strerror(code)}});
  }

  static void on_message(mosquitto*, void* self, const mosquitto_message* message) {
    auto& impl = *static_cast<Impl*>(self);
    const std::string_view from(message->topic);
    const std::string before = impl.topic("passed/");
    // A retained message is an old one: nobody passes now.
    if (message->retain || !from.starts_with(before)) return;
    const std::string_view name = from.substr(before.size());
    if (!name.empty() && name.size() <= limits::garage_name_chars) impl.passed(std::string(name));
  }

  std::map<std::string, std::string> copy_of_wanted() {
    const std::lock_guard lock(mutex);
    return wanted;
  }

  // A loop of our own: libmosquitto's never tries again when the first try fails (its issue 1903).
  void run() {
    Duration pause_for = 1s;
    while (true) {
      int code = mosquitto_connect_async(client, config.host.c_str(), config.port, keep_alive_s);
      while (code == MOSQ_ERR_SUCCESS) {
        code = mosquitto_loop(client, 200, 1);
        if (up) pause_for = 1s;
      }
      std::unique_lock lock(mutex);
      if (wake.wait_for(lock, pause_for, [this] { return stopping; })) return;
      pause_for = std::min<Duration>(pause_for * 2, 30s);
    }
  }

  void stop() {
    if (!thread.joinable()) return;
    if (up) publish(client, topic("controller"), "offline");
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    mosquitto_disconnect(client);
    thread.join();
  }

  Status prepare() {
    mosquitto_connect_callback_set(client, &on_connect);
    mosquitto_disconnect_callback_set(client, &on_disconnect);
    mosquitto_message_callback_set(client, &on_message);
    const std::string state = topic("controller");
    constexpr std::string_view offline = "offline";
    mosquitto_will_set(client, state.c_str(), static_cast<int>(offline.size()), offline.data(), at_least_once, true);
    mosquitto_threaded_set(client, true);
    if (!config.user.empty()) mosquitto_username_pw_set(client, config.user.c_str(), config.password.c_str());
    if (!config.ca_file.empty()) {
      const int secured = mosquitto_tls_set(client, config.ca_file.c_str(), nullptr, nullptr, nullptr, nullptr);
      if (secured != MOSQ_ERR_SUCCESS) {
        return fail("MQTT lamps: " + config.ca_file + ": " + mosquitto_strerror(secured));
      }
    }
    thread = std::thread([this] { run(); });
    return Done{};
  }

  const MqttLampsConfig config;
  const Passed passed;
  const std::set<std::string, std::less<>> lamps;
  mosquitto* client = nullptr;
  std::atomic<bool> up = false;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::map<std::string, std::string> wanted;  // payload by topic
  std::thread thread;
};

Result<std::unique_ptr<MqttLamps>> MqttLamps::create(MqttLampsConfig config, Passed passed) {
  if (config.host.empty()) return fail("MQTT lamps: the broker's host is missing");
  if (!plain_topic(config.prefix)) return fail("MQTT lamps: the prefix must be a topic without + and #");
  if (config.lamps.size() > limits::lamps_per_driver) return fail("MQTT lamps: more than are taken");
  for (const std::string& lamp : config.lamps) {
    if (!plain_topic(lamp) || lamp.find('/') != std::string::npos) {
      return fail("MQTT lamp '" + lamp + "': the name must be one level of a topic");
    }
  }
  auto impl = std::make_unique<Impl>(std::move(config), std::move(passed));
  if (impl->client == nullptr) return fail("MQTT lamps: the client could not be made");
  const Status prepared = impl->prepare();
  if (!prepared.ok()) return Failure{prepared.error()};
  return std::unique_ptr<MqttLamps>(new MqttLamps(std::move(impl)));
}

MqttLamps::MqttLamps(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

MqttLamps::~MqttLamps() {
  impl_->stop();
}

void MqttLamps::show(std::string_view lamp, LampShow show) {
  if (impl_->lamps.contains(lamp)) keep("lamp/" + std::string(lamp), payload_of(show));
}

void MqttLamps::keep(const std::string& topic, std::string payload) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->wanted.size() >= 2 * limits::lamps_per_driver && !impl_->wanted.contains(topic)) return;
    impl_->wanted[topic] = payload;
  }
  // Not connected: on_connect says it. libmosquitto would queue each of these.
  if (impl_->up) publish(impl_->client, impl_->topic(topic), payload);
}

bool MqttLamps::up() const {
  return impl_->up.load();
}

}  // namespace bayward::site
