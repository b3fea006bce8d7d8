#include "site/access/wifi_delivery.h"

#include <chrono>
#include <utility>

#include "base/limits.h"
#include "ports/log.h"
#include "site/access/atomic_file.h"

namespace bayward::site {
namespace {

constexpr Duration answer_limit = 2s;
constexpr Duration retry = 5s;

}  // namespace

WifiDelivery::WifiDelivery(std::vector<AccessPoint> access_points, Duration look, Seen seen)
    : access_points_(std::move(access_points)), look_(look), seen_(std::move(seen)) {
  thread_ = std::thread([this] { run(); });
}

WifiDelivery::~WifiDelivery() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void WifiDelivery::put(const std::filesystem::path& file, std::string content) {
  {
    const std::lock_guard lock(mutex_);
    wanted_.files[file] = std::move(content);
  }
  wake_.notify_all();
}

void WifiDelivery::throw_off(size_t access_point, std::string mac) {
  {
    const std::lock_guard lock(mutex_);
    if (wanted_.throws.size() < limits::wifi_grants) wanted_.throws.emplace_back(access_point, std::move(mac));
  }
  wake_.notify_all();
}

void WifiDelivery::run() {
  using Steady = std::chrono::steady_clock;
  auto look_at = Steady::now();
  Work failed;
  while (true) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      const auto until = failed.files.empty() ? look_at : std::min(look_at, Steady::now() + retry);
      wake_.wait_until(lock, until, [this] { return stopping_ || !wanted_.files.empty() || !wanted_.throws.empty(); });
      work = std::exchange(wanted_, {});
      if (stopping_ && work.files.empty()) return;
    }
    work.files.merge(failed.files);  // newer ones win
    do_work(work);
    failed = std::move(work);
    if (Steady::now() >= look_at) {
      look();
      look_at = Steady::now() + look_;
    }
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
  }
}

void WifiDelivery::do_work(Work& work) {
  for (auto file = work.files.begin(); file != work.files.end();) {
    const Status written = write_file(file->first, file->second, {.secret = true});
    if (!written.ok()) log::warn("site.file_not_written", {{"reason", written.error().message}});
    const bool done = written.ok() && reload(file->first);
    file = done ? work.files.erase(file) : std::next(file);
  }
  for (const auto& [access_point, mac] : work.throws) {
    const Status thrown = HostapdControl(access_points_[access_point].control, answer_limit).throw_off(mac);
    if (!thrown.ok()) log::warn("site.wifi_not_thrown_off", {{"reason", thrown.error().message}});
  }
  work.throws.clear();
}

bool WifiDelivery::reload(const std::filesystem::path& file) const {
  for (const AccessPoint& one : access_points_) {
    if (one.psk_file != file) continue;
    const Status reloaded = HostapdControl(one.control, answer_limit).reload_psk();
    if (!reloaded.ok()) log::warn("site.hostapd_silent", {{"reason", reloaded.error().message}});
    return reloaded.ok();
  }
  return true;
}

void WifiDelivery::look() const {
  std::vector<SeenStation> all;
  for (size_t i = 0; i < access_points_.size(); ++i) {
    const Result<std::vector<Station>> stations = HostapdControl(access_points_[i].control, answer_limit).stations();
    if (!stations.ok()) continue;  // said when its file was delivered
    for (const Station& station : *stations) all.push_back({i, station});
  }
  if (!all.empty()) seen_(std::move(all));
}

}  // namespace bayward::site
