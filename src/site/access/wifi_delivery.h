// Writes what the garage wants on disk and has the access points read it, on a thread of its own, so that a slow disk
// or a hostapd that hangs holds nobody up. What fails is tried again every 5 seconds until it is done or replaced by
// newer.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "site/access/hostapd.h"

namespace bayward::site {

struct AccessPoint {
  std::string device;              // the pod it stands for
  std::filesystem::path psk_file;  // hostapd's wpa_psk_file
  std::filesystem::path control;   // its ctrl_interface socket: /run/hostapd/wlan0
};

struct SeenStation {
  size_t access_point = 0;  // index
  Station station;
};

class WifiDelivery {
 public:
  // On the delivery's thread, every few seconds: who is connected.
  using Seen = std::function<void(std::vector<SeenStation>)>;

  WifiDelivery(std::vector<AccessPoint> access_points, Duration look, Seen seen);
  ~WifiDelivery();
  WifiDelivery(const WifiDelivery&) = delete;
  WifiDelivery& operator=(const WifiDelivery&) = delete;

  // Any thread; the last word for a file counts. A PSK file also makes its access point read it.
  void put(const std::filesystem::path& file, std::string content);
  void throw_off(size_t access_point, std::string mac);

 private:
  struct Work {
    std::map<std::filesystem::path, std::string> files;
    std::vector<std::pair<size_t, std::string>> throws;
  };
  void run();
  // What failed stays in it.
  void do_work(Work& work);
  bool reload(const std::filesystem::path& file) const;
  void look() const;

  const std::vector<AccessPoint> access_points_;
  const Duration look_;
  const Seen seen_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Work wanted_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bayward::site
