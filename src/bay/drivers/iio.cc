#include "bay/drivers/iio.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "bay/drivers/iio_device.h"
#include "bay/safety/limits.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

constexpr Duration pause_after_failure{1s};

// A device and those of the map's points that it measures; its thread.
struct Group {
  IioDevice device;
  std::string name;
  std::vector<size_t> points;
  Uptime not_before = Uptime::min();
  bool complained = false;
};

}  // namespace

struct IioSensors::Impl final : SafetySensors {
  Impl(IioMap what, std::function<Uptime()> clock) : map(std::move(what)), uptime(std::move(clock)) {
    readings.resize(map.points.size());
    for (size_t i = 0; i < map.points.size(); ++i) group_of(map.points[i].device).points.push_back(i);
    for (const auto& group : groups) threads.emplace_back([this, &one = *group] { loop(one); });
  }
  ~Impl() override {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    for (std::thread& thread : threads) thread.join();
  }

  // The agent's thread.
  void read(Moment, safety::Sample& into) override {
    const std::lock_guard lock(mutex);
    for (size_t i = 0; i < map.points.size(); ++i) into[map.points[i].what] = readings[i];
  }

  Group& group_of(const std::string& name) {
    const auto known = std::find_if(groups.begin(), groups.end(), [&](const auto& one) { return one->name == name; });
    if (known != groups.end()) return **known;
    groups.push_back(std::make_unique<Group>(Group{IioDevice(map.directory, name), name, {}}));
    return *groups.back();
  }

  void loop(Group& group) {
    while (true) {
      const Uptime began = uptime();
      if (began >= group.not_before) measure(group);
      std::unique_lock lock(mutex);
      const Duration left = std::max<Duration>(map.poll_interval - (uptime() - began), 1ms);
      if (wake.wait_for(lock, left, [this] { return stopping; })) return;
    }
  }

  // One bad channel makes the device suspect: it may be another one that has its number now.
  void measure(Group& group) {
    std::string wrong;
    bool all_wrong = true;
    for (const size_t i : group.points) {
      const IioPoint& point = map.points[i];
      const Uptime asked = uptime();  // the age of a value counts from the question
      const Result<double> got = group.device.read(point.channel);
      const auto value = got ? iio_value(point, *got) : std::nullopt;
      if (!got && wrong.empty()) wrong = got.error().message;
      if (got && !value && point.what != safety::Channel::pilot && wrong.empty()) {
        wrong = point.channel + " gives " + std::to_string(*got) + ", which is beyond any " +
                std::string(safety::range_of(point.what).word);
      }
      all_wrong = all_wrong && !got;
      const std::lock_guard lock(mutex);
      readings[i] = {value, asked};
    }
    if (all_wrong) group.not_before = uptime() + pause_after_failure;
    if (!wrong.empty()) return suspect(group, wrong);
    if (group.complained) log::info("iio.works_again", {{"device", group.name}});
    group.complained = false;
  }

  void suspect(Group& group, const std::string& why) {
    group.device.look_anew();
    if (!group.complained) log::error("iio.failed", {{"device", group.name}, {"why", why}});
    group.complained = true;
  }

  const IioMap map;
  const std::function<Uptime()> uptime;
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<safety::Reading> readings;  // by mutex
  bool stopping = false;                  // by mutex
  std::vector<std::unique_ptr<Group>> groups;
  std::vector<std::thread> threads;
};

IioSensors::IioSensors(IioMap map, std::function<Uptime()> uptime)
    : impl_(std::make_unique<Impl>(std::move(map), std::move(uptime))) {}
IioSensors::~IioSensors() = default;

void IioSensors::add_to(Hardware& into) {
  into.sensors.push_back(impl_.get());
}

}  // namespace bayward::bay
