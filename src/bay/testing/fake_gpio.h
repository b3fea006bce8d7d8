// Fake GPIO lines for tests of the driver: a chip "board" whose lines the test sets and looks at from its own thread.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "bay/drivers/gpio_lines.h"

namespace bayward::bay::testing {

class FakeGpio {
 public:
  std::unique_ptr<GpioLines> lines() { return std::make_unique<Lines>(*this); }

  void put(uint32_t line, bool level) {
    const std::lock_guard lock(mutex_);
    levels_[line] = level;
  }
  bool level(uint32_t line) const {
    const std::lock_guard lock(mutex_);
    const auto found = levels_.find(line);
    return found != levels_.end() && found->second;
  }
  // Requests and uses of the line fail from now on, or work again.
  void breaks(uint32_t line, bool broken) {
    const std::lock_guard lock(mutex_);
    if (broken)
      broken_.insert(line);
    else
      broken_.erase(line);
  }
  bool requested(uint32_t line) const {
    const std::lock_guard lock(mutex_);
    return requested_.contains(line);
  }

 private:
  bool fails(uint32_t line) const {
    const std::lock_guard lock(mutex_);
    return broken_.contains(line);
  }
  void request(uint32_t line, bool there) {
    const std::lock_guard lock(mutex_);
    if (there)
      requested_.insert(line);
    else
      requested_.erase(line);
  }

  class Line final : public GpioLine {
   public:
    Line(FakeGpio& board, uint32_t line) : board_(board), line_(line) { board_.request(line_, true); }
    ~Line() override { board_.request(line_, false); }
    Result<bool> get() override {
      if (board_.fails(line_)) return fail("the fake line is broken");
      return board_.level(line_);
    }
    Status set(bool on) override {
      if (board_.fails(line_)) return fail("the fake line is broken");
      board_.put(line_, on);
      return Done{};
    }

   private:
    FakeGpio& board_;
    const uint32_t line_;
  };
  class Lines final : public GpioLines {
   public:
    explicit Lines(FakeGpio& board) : board_(board) {}
    Result<std::unique_ptr<GpioLine>> input(const GpioPin& pin) override { return request(pin, false); }
    Result<std::unique_ptr<GpioLine>> output(const GpioPin& pin) override { return request(pin, true); }

   private:
    Result<std::unique_ptr<GpioLine>> request(const GpioPin& pin, bool output) {
      if (pin.chip != "board") return fail("there is no chip " + pin.chip);
      if (board_.fails(pin.line)) return fail("the fake line is broken");
      if (output) board_.put(pin.line, false);
      return std::unique_ptr<GpioLine>(std::make_unique<Line>(board_, pin.line));
    }
    FakeGpio& board_;
  };

  mutable std::mutex mutex_;
  std::map<uint32_t, bool> levels_;
  std::set<uint32_t> broken_, requested_;
};

}  // namespace bayward::bay::testing
