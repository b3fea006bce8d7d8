#include <gtest/gtest.h>
#include <modbus.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "site/lamps/lamp_desk.h"
#include "site/lamps/lamp_register.h"
#include "site/lamps/modbus_lamps.h"
#include "site/lamps/mqtt_lamps.h"

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'900'000'000);
constexpr LampShow green_left{LampSign::left, LampColour::green, LampRhythm::steady};
constexpr LampShow blue_right{LampSign::right, LampColour::blue, LampRhythm::slow_flash};

bool eventually(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < limit) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // poll
  }
  return false;
}

class FakeLamps : public LampDriver {
 public:
  void show(std::string_view lamp, LampShow show) override { said.emplace_back(lamp, show); }
  std::vector<std::pair<std::string, LampShow>> said;
};

TEST(LampDesk, AtStartEverythingIsOffThenOnlyChangesAreSaid) {
  FakeLamps lamps;
  LampDesk desk({&lamps}, {"j1", "j2"});
  desk.show({}, start);
  ASSERT_EQ(lamps.said.size(), 2U);
  EXPECT_EQ(lamps.said[0].second, LampShow{});
  desk.show({{"j1", green_left}}, start + 1s);
  ASSERT_EQ(lamps.said.size(), 3U);
  EXPECT_EQ(lamps.said[2], (std::pair<std::string, LampShow>{"j1", green_left}));
  desk.show({{"j1", green_left}}, start + 2s);
  EXPECT_EQ(lamps.said.size(), 3U);
  desk.show({}, start + 3s);
  EXPECT_EQ(lamps.said.back(), (std::pair<std::string, LampShow>{"j1", {}}));
}

TEST(LampDesk, EverythingIsSaidAgainAfterAWhile) {
  FakeLamps lamps;
  LampDesk desk({&lamps}, {"j1", "j2"});
  desk.show({{"j1", green_left}}, start);
  desk.show({{"j1", green_left}}, start + 31s);
  EXPECT_EQ(lamps.said.size(), 4U);
}

// A Modbus slave with libmodbus's own server side, which shares no code path with the client but the framing.
class Slave {
 public:
  Slave() : context_(modbus_new_tcp("127.0.0.1", 0)), mapping_(modbus_mapping_new(0, 0, 32, 0)) {
    listener_ = modbus_tcp_listen(context_, 4);
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Slave() {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    drop();
    thread_.join();
    close(listener_);
    modbus_mapping_free(mapping_);
    modbus_free(context_);
  }
  uint16_t value(int address) { return mapping_->tab_registers[address]; }
  void set(int address, uint16_t value) { mapping_->tab_registers[address] = value; }
  void drop() {
    if (const int open = connection_.exchange(-1); open >= 0) shutdown(open, SHUT_RDWR);
  }
  uint16_t port = 0;

 private:
  void run() {
    while (!stopping_) {
      int listener = listener_;
      const int open = modbus_tcp_accept(context_, &listener);
      if (open < 0) return;
      connection_ = open;
      uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
      while (!stopping_) {
        const int length = modbus_receive(context_, query);
        if (length < 0) break;
        if (length > 0) modbus_reply(context_, query, length, mapping_);
      }
      connection_ = -1;
      modbus_close(context_);
    }
  }
  modbus_t* context_;
  modbus_mapping_t* mapping_;
  int listener_ = -1;
  std::atomic<int> connection_ = -1;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

TEST(ModbusLamps, ShowWhatIsWantedAndCorrectWhatWasChangedByHand) {
  Slave slave;
  auto lamps = ModbusLamps::create(
      {.host = "127.0.0.1", .port = slave.port, .lamps = {{"j1", {1, 10}}, {"j2", {1, 11}}}, .look = 50ms});
  ASSERT_TRUE(lamps.ok()) << lamps.error().message;
  (*lamps)->show("j1", green_left);
  (*lamps)->show("unknown", green_left);
  EXPECT_TRUE(eventually([&] { return slave.value(10) == lamp_register(green_left); }));
  slave.set(10, 0);
  EXPECT_TRUE(eventually([&] { return slave.value(10) == lamp_register(green_left); })) << "somebody switched it off";
  slave.drop();
  (*lamps)->show("j2", blue_right);
  EXPECT_TRUE(eventually([&] { return slave.value(11) == lamp_register(blue_right); })) << "after the link was cut";
  EXPECT_TRUE(eventually([&] { return (*lamps)->up(); }));
}

TEST(ModbusLamps, AGatewayThatIsNotThereIsAState) {
  auto lamps = ModbusLamps::create({.host = "127.0.0.1", .port = 1, .lamps = {{"j1", {1, 10}}}});
  ASSERT_TRUE(lamps.ok());
  (*lamps)->show("j1", green_left);
  EXPECT_FALSE((*lamps)->up());
}

TEST(ModbusLamps, AConfigurationThatCannotBeIsRefused) {
  const auto reason = [](const ModbusLampsConfig& config) { return ModbusLamps::create(config).error().message; };
  EXPECT_EQ(reason({.host = "x"}), "Modbus lamps: no lamp is configured");
  EXPECT_EQ(reason({.lamps = {{"a", {}}}}), "Modbus lamps: either a host or a serial device is needed");
  EXPECT_EQ(reason({.host = "x", .lamps = {{"a", {0, 1}}}}), "Modbus lamp 'a': the unit is 1 to 247");
  EXPECT_EQ(reason({.host = "x", .lamps = {{"a", {1, 1}}, {"b", {1, 1}}}}),
            "Modbus lamp 'b': another lamp has the same unit and register");
}

uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

// A real Mosquitto.
class Broker {
 public:
  explicit Broker(uint16_t port) : number_(port), port_(std::to_string(port)) { begin(); }
  ~Broker() { stop(); }
  static const char* program() {
    for (const char* path : {"/usr/sbin/mosquitto", "/usr/bin/mosquitto"}) {
      if (access(path, X_OK) == 0) return path;
    }
    return nullptr;
  }
  void begin() {
    child_ = fork();
    if (child_ != 0) {
      EXPECT_TRUE(eventually([this] { return listens(); }));
      return;
    }
    // Silent: its log is none of the test's.
    if (freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
    execl(program(), "mosquitto", "-p", port_.c_str(), nullptr);
    _exit(1);
  }
  void stop() {
    if (child_ <= 0) return;
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
    child_ = 0;
  }

 private:
  bool listens() const {
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(number_);
    const bool open = connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    close(probe);
    return open;
  }
  const uint16_t number_;
  const std::string port_;
  pid_t child_ = 0;
};

// The lamp's side: another client of the broker.
class Listener {
 public:
  explicit Listener(uint16_t port) : client_((mosquitto_lib_init(), mosquitto_new("the-lamp", true, this))) {
    mosquitto_connect_callback_set(
        client_, [](mosquitto* client, void*, int) { mosquitto_subscribe(client, nullptr, "garage/#", 1); });
    mosquitto_message_callback_set(client_, [](mosquitto*, void* self, const mosquitto_message* message) {
      auto& listener = *static_cast<Listener*>(self);
      const std::lock_guard lock(listener.mutex_);
      listener.last_[message->topic] =
          std::string(static_cast<const char*>(message->payload), static_cast<size_t>(message->payloadlen));
    });
    mosquitto_reconnect_delay_set(client_, 1, 1, false);
    mosquitto_connect_async(client_, "127.0.0.1", port, 15);
    mosquitto_loop_start(client_);
  }
  ~Listener() {
    mosquitto_disconnect(client_);
    mosquitto_loop_stop(client_, true);
    mosquitto_destroy(client_);
    mosquitto_lib_cleanup();
  }
  std::string last(const std::string& topic) {
    const std::lock_guard lock(mutex_);
    return last_[topic];
  }
  void publish(const std::string& topic, const std::string& text) {
    mosquitto_publish(client_, nullptr, topic.c_str(), static_cast<int>(text.size()), text.data(), 1, false);
  }

 private:
  mosquitto* client_;
  std::mutex mutex_;
  std::map<std::string, std::string> last_;
};

class MqttLampsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (Broker::program() == nullptr) GTEST_SKIP() << "mosquitto is not installed";
  }
  const uint16_t port = Broker::program() == nullptr ? uint16_t{0} : free_port();
  MqttLampsConfig config{.host = "127.0.0.1", .port = port, .prefix = "garage", .lamps = {"j1", "j2"}};
};

TEST_F(MqttLampsTest, LampsSensorsAndABrokerThatGoesAndComes) {
  Broker broker(port);
  std::mutex mutex;
  std::string passed;
  auto lamps = MqttLamps::create(config, [&](std::string name) {
    const std::lock_guard lock(mutex);
    passed = std::move(name);
  });
  ASSERT_TRUE(lamps.ok());
  (*lamps)->show("j1", green_left);
  Listener listener(port);
  EXPECT_TRUE(eventually(
      [&] { return listener.last("garage/lamp/j1") == R"({"sign":"left","colour":"green","rhythm":"steady"})"; }));
  EXPECT_TRUE(eventually([&] { return listener.last("garage/controller") == "online"; }));
  EXPECT_TRUE(eventually([&] {
    listener.publish("garage/passed/j1", "");
    const std::lock_guard lock(mutex);
    return passed == "j1";
  }));

  broker.stop();
  EXPECT_TRUE(eventually([&] { return !(*lamps)->up(); }));
  (*lamps)->show("j1", LampShow{});
  (*lamps)->show("j2", blue_right);
  broker.begin();  // knows nothing of before
  EXPECT_TRUE(eventually([&] {
    return listener.last("garage/lamp/j1") == R"({"sign":"off","colour":"none","rhythm":"none"})" &&
           listener.last("garage/lamp/j2") == R"({"sign":"right","colour":"blue","rhythm":"slow_flash"})";
  }));
  lamps->reset();
  EXPECT_TRUE(eventually([&] { return listener.last("garage/controller") == "offline"; }));
}

TEST_F(MqttLampsTest, AControllerThatIsKilledIsOfflineByItsLastWill) {
  Broker broker(port);
  // Before any thread: the child lives until it is killed.
  const pid_t child = fork();
  if (child == 0) {
    auto lamps = MqttLamps::create(config, [](const std::string&) {});
    while (true) pause();
  }
  Listener listener(port);
  EXPECT_TRUE(eventually([&] { return listener.last("garage/controller") == "online"; }));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(eventually([&] { return listener.last("garage/controller") == "offline"; }));
}

TEST(MqttLamps, AConfigurationThatCannotBeIsRefused) {
  const auto none = [](const std::string&) {};
  EXPECT_FALSE(MqttLamps::create({.prefix = "a"}, none).ok());
  EXPECT_FALSE(MqttLamps::create({.host = "h", .prefix = "a/#"}, none).ok());
  EXPECT_FALSE(MqttLamps::create({.host = "h", .lamps = {"a/b"}}, none).ok());
}

}  // namespace
}  // namespace bayward::site
