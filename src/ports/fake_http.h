// Fakes of ports/http.h for tests: an exchange that keeps its answer, an event stream that keeps its frames.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ports/http.h"

namespace bayward {

class FakeEventStream : public EventStream {
 public:
  explicit FakeEventStream(std::function<void()> closed) : closed_(std::move(closed)) {}

  using EventStream::send;
  bool send(std::shared_ptr<const std::string> frame) override {
    const std::lock_guard lock(mutex_);
    if (!open_) return false;
    frames_.push_back(*frame);
    return true;
  }
  void close() override {
    {
      const std::lock_guard lock(mutex_);
      if (!std::exchange(open_, false)) return;
    }
    if (closed_) closed_();
  }

  std::vector<std::string> frames() const {
    const std::lock_guard lock(mutex_);
    return frames_;
  }
  bool open() const {
    const std::lock_guard lock(mutex_);
    return open_;
  }

 private:
  mutable std::mutex mutex_;
  bool open_ = true;
  std::vector<std::string> frames_;
  std::function<void()> closed_;
};

// Responder(std::make_shared<FakeExchange>()) goes to the handler, the exchange stays with the test.
class FakeExchange : public HttpExchange {
 public:
  void respond(HttpResponse response) override {
    const std::lock_guard lock(mutex_);
    if (!response_ && !events_) response_ = std::move(response);
  }
  std::shared_ptr<EventStream> open_events(std::function<void()> closed) override {
    const std::lock_guard lock(mutex_);
    if (response_ || events_) return nullptr;
    events_ = std::make_shared<FakeEventStream>(std::move(closed));
    return events_;
  }

  std::optional<HttpResponse> response() const {
    const std::lock_guard lock(mutex_);
    return response_;
  }
  std::shared_ptr<FakeEventStream> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<HttpResponse> response_;
  std::shared_ptr<FakeEventStream> events_;
};

}  // namespace bayward
