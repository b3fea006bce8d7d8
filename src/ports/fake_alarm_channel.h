// A fake way out for tests: keeps what it was given and answers when the test says so, or by itself. One thread.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "ports/alarm_channel.h"

namespace bayward {

class FakeAlarmChannel final : public AlarmChannel {
 public:
  void send(const AlarmMessage& message, SendDone done) override {
    sent.push_back(message);
    waiting_.push_back(std::move(done));
    if (by_itself) answer(*by_itself);
  }

  // Answers the oldest message that has no answer yet.
  void answer(SendResult result, std::string_view why = "the test says so") {
    const SendDone done = std::move(waiting_.at(0));
    waiting_.erase(waiting_.begin());
    done(result, why);
  }
  size_t in_flight() const { return waiting_.size(); }

  std::optional<SendResult> by_itself;
  std::vector<AlarmMessage> sent;

 private:
  std::vector<SendDone> waiting_;
};

}  // namespace bayward
