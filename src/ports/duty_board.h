// Roll calls: a fire centre asks whether a person is on duty, and only a person may answer (GB/T 26875.3 type 91).
// Asked by the link to the centre, answered over the API. Any thread. One open question a desk: a new one takes its
// place.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ports/clock.h"

namespace bayward {

class DutyBoard {
 public:
  struct Question {
    std::string desk;
    Instant asked_at{};
    Instant until{};
  };
  // Tells the centre, with the number of who answers; from any thread.
  using Answer = std::function<void(uint8_t operator_number)>;

  // The clock is the world's: the centre waits by it.
  explicit DutyBoard(const Clock& clock) : clock_(clock) {}

  void ask(const std::string& desk, Duration answer_within, Answer answer) {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    open_[desk] = {{desk, now, now + answer_within}, std::move(answer)};
  }
  std::vector<Question> open() const {
    const std::lock_guard lock(mutex_);
    std::vector<Question> out;
    for (const auto& [desk, entry] : open_) {
      if (clock_.now() < entry.question.until) out.push_back(entry.question);
    }
    return out;
  }
  // False: that desk asks nothing, or its time is over.
  bool answer(const std::string& desk, uint8_t operator_number) {
    Answer told;
    {
      const std::lock_guard lock(mutex_);
      const auto found = open_.find(desk);
      if (found == open_.end()) return false;
      const bool in_time = clock_.now() < found->second.question.until;
      if (in_time) told = std::move(found->second.answer);
      open_.erase(found);
      if (!in_time) return false;
    }
    told(operator_number);
    return true;
  }

 private:
  struct Entry {
    Question question;
    Answer answer;
  };
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> open_;
};

}  // namespace bayward
