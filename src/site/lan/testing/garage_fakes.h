// Fakes of what the LAN page asks, for tests: bays, cameras, the authority, SMS, and a thread to post to.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "ports/camera.h"
#include "site/access/sms_sender.h"
#include "site/lan/bay_states.h"
#include "site/lan/hold_desk.h"

namespace bayward::site {

class FakeBays : public BayStates {
 public:
  std::vector<BayState> bays(Instant) override { return states; }
  std::vector<BayState> states;
};

class FakeCamera : public Camera {
 public:
  void take(std::string_view camera, Duration, Taken taken) override {
    asked.emplace_back(camera);
    const auto found = pictures.find(std::string(camera));
    if (found == pictures.end()) {
      silent.push_back(std::move(taken));
    } else {
      taken(found->second);
    }
  }
  std::vector<std::string> asked;
  std::map<std::string, Result<PictureBytes>> pictures;  // one that isn't here never answers
  std::vector<Taken> silent;
};

class FakeHolds : public HoldDesk {
 public:
  void hold(HoldRequest request, Answered answered) override {
    asked.push_back(std::move(request));
    answered(answer);
  }
  std::vector<HoldRequest> asked;
  Result<Hold, HoldRefusal> answer = Hold{.hold = "hold-1", .until = from_unix_s(1'900'000'600)};
};

class FakeSms : public SmsSender {
 public:
  void send(std::string phone, std::string text, Sent sent) override {
    messages.emplace_back(std::move(phone), std::move(text));
    sent(answer);
  }
  std::vector<std::pair<std::string, std::string>> messages;
  Status answer = Done{};
};

// The garage's thread, by hand.
class FakeThread {
 public:
  void post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
  }
  // False: there was nothing to do.
  bool run_one() {
    std::function<void()> work;
    {
      const std::lock_guard lock(mutex_);
      if (work_.empty()) return false;
      work = std::move(work_.front());
      work_.pop_front();
    }
    work();
    return true;
  }

 private:
  std::mutex mutex_;
  std::deque<std::function<void()>> work_;
};

}  // namespace bayward::site
